"""Operators below m_Z that turn left-handed fermions into right-handed ones: scalars, tensors and dipoles."""

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.running.jms_classes import LEPTON_SCALARS, QUARK_SCALARS, Four, Two, shape
from dineutrino.running.warsaw_classes import Chiral, Dipoles

Rows = Complex[Array, "2 3"]
"""The rows u and c of the CKM matrix."""


def scalars_and_tensors(c: Chiral, V: Rows) -> dict[str, Four]:
    """All such classes by name; those that doublets of one kind cannot make are zero.

    Source: arXiv:1709.04486 appendix C.
    """

    def up(array: Four) -> Four:
        """The third index from doublets in the down basis to up quarks, the last one to u and c."""
        return jnp.einsum("as,prst->prat", V, array)[..., :2]

    found = {name: jnp.zeros(shape(name), complex) for name in (*LEPTON_SCALARS, *QUARK_SCALARS)}
    found |= {
        "SeuRR": -up(c.lequ1),
        "TeuRR": -up(c.lequ3),
        "SnueduRR": c.lequ1[..., :2],
        "TnueduRR": c.lequ3[..., :2],
        "SedRL": c.ledq,
        "SnueduRL": jnp.einsum("prst,at->prsa", c.ledq, V.conj()),
    }
    for colour, array in (("S1", c.quqd1), ("S8", c.quqd8)):
        found[colour + "udRR"] = jnp.einsum("ap,prst->arst", V, array)[:, :2]
        found[colour + "udduRR"] = -jnp.einsum("ap,stpr->arst", V, array)[..., :2]
    return found


def dipoles(c: Dipoles, V: Rows, s2: Float[Array, ""] | float, v: Float[Array, ""] | float) -> dict[str, Two]:
    """Photon and gluon dipoles, GeV^-1, with the vacuum expectation value v = 246 GeV.

    Source: arXiv:1709.04486 appendix C.
    """
    sine, cosine = jnp.sqrt(s2), jnp.sqrt(1 - jnp.asarray(s2))
    half = v / jnp.sqrt(2.0)
    return {
        "egamma": half * (cosine * c.eB - sine * c.eW),
        "ugamma": half * (V @ (cosine * c.uB + sine * c.uW))[:, :2],
        "dgamma": half * (cosine * c.dB - sine * c.dW),
        "uG": half * (V @ c.uG)[:, :2],
        "dG": half * c.dG,
    }
