"""Mixing of D0 mesons from SMEFT: doublets of the down basis become up quarks by the CKM matrix of the point."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex

from dineutrino.eft.mixing import DeltaF2
from dineutrino.inputs import Inputs
from dineutrino.matching.descent import Smeft
from dineutrino.matching.mixing import mixing_from_m_z
from dineutrino.running.theories import theories
from dineutrino.running.warsaw_classes import Warsaw

UP, CHARM = 0, 1
FOUR = 4
"""Flavours in the theory of the matrix elements."""
Two = Complex[Array, "3 3"]


class OfDoublets(eqx.Module):
    """Coefficients at the scale of the matrix elements, in the down basis.

    Attributes:
        left: of two left-handed currents, index of the doublets.
        right: of two right-handed ones.
        mixed, scalars: of VLR and SLR, index of the doublets.
    """

    left: Complex[Array, "3 3 3 3"]
    right: Complex[Array, ""]
    mixed: Two
    scalars: Two


def before_ckm(c: Warsaw, inputs: Inputs) -> OfDoublets:
    """The readout: tree-level matching at m_Z, then running; exchange of Z bosons is of dimension eight.

    Scalars of four up quarks are not in the basis. Source: arXiv:1709.04486 appendix C.
    """
    run = mixing_from_m_z(theories(inputs), inputs["mu_D_mixing"], inputs, FOUR)
    place = (UP, CHARM) * 2
    v, scale = c.vectors, run.vectors[0, 0]
    one, eight = v.qu1[:, :, UP, CHARM], v.qu8[:, :, UP, CHARM]
    mixed, scalars = jnp.einsum("ab,bij->aij", run.mixed, jnp.stack([one - eight / 6, -eight]))
    return OfDoublets(scale * (v.qq1 + v.qq3), scale * v.uu[place], mixed, scalars)


def with_ckm(c: OfDoublets, V: Complex[Array, "3 3"]) -> DeltaF2:
    """Operators (ubar ... c)(ubar ... c), with the CKM matrix V."""
    u, conjugate = V[UP], V[CHARM].conj()
    none = jnp.zeros((), complex)
    return DeltaF2(
        CVLL=jnp.einsum("p,r,s,t,prst->", u, conjugate, u, conjugate, c.left),
        CVRR=c.right,
        CVLR=u @ c.mixed @ conjugate,
        CSLL=none,
        CSRR=none,
        CSLR=u @ c.scalars @ conjugate,
        CTLL=none,
        CTRR=none,
    )


def charm_mixing_below(smeft: Smeft, V: Complex[Array, "3 3"]) -> DeltaF2:
    """All of it at the scale of the matrix elements, with the CKM matrix V."""
    return with_ckm(smeft.read(before_ckm), V)
