"""Classes of the Warsaw basis that violate lepton or baryon number, as arrays."""

from collections.abc import Mapping
from itertools import permutations

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex

from dineutrino.running.vector_classes import Four, Two


class Violating(eqx.Module):
    """Coefficients of the operators that change lepton number by two, or baryon and lepton number by one.

    With C the matrix of charge conjugation, i..n indices of isospin and eps those of isospin and of colour, the
    operators (arXiv:1008.4884) are those below; each comes with its Hermitian conjugate.

    Attributes:
        llphiphi: (Htilde^dagger l_p)^T C (Htilde^dagger l_r), GeV^-1, the only one of dimension five: symmetric.
        duql: eps eps_jk (d_p C u_r)(q_s^j C l_t^k), GeV^-2.
        qque: eps eps_jk (q_p^j C q_r^k)(u_s C e_t), GeV^-2: symmetric in pr.
        qqql: eps eps_jn eps_km (q_p^j C q_r^k)(q_s^m C l_t^n), GeV^-2: C_prst + C_rpst = C_sprt + C_srpt.
        duue: eps (d_p C u_r)(u_s C e_t), GeV^-2.
    """

    llphiphi: Two
    duql: Four
    qque: Four
    qqql: Four
    duue: Four

    @classmethod
    def zero(cls) -> "Violating":
        """Lepton and baryon number are conserved."""
        return cls(**{name: jnp.zeros((3,) * len(fields), complex) for name, fields in FIELDS.items()})


FIELDS: Mapping[str, str] = {"llphiphi": "ll", "duql": "duql", "qque": "qque", "qqql": "qqql", "duue": "duue"}
"""Class -> field of each flavour index."""


def like_qqql(c: Complex[Array, "3 3 3 3"]) -> Four:
    """The part of an array that its product with the operators qqql sees: it has the symmetry of the operators.

    The flavours of three quarks are symmetric, antisymmetric or mixed, and the mixed ones, of which there are two sets,
    appear once: in operators that are symmetric in the first and the third quark. Source: arXiv:1405.0486.
    """
    antisymmetric = sum(_sign(order) * c.transpose(*order, 3) for order in permutations(range(3))) / 6
    return (c + c.transpose(2, 1, 0, 3)) / 2 + antisymmetric


def _sign(order: tuple[int, ...]) -> float:
    return float(np.linalg.det(np.eye(3)[list(order)]))


def rotated(c: Violating, unitary: Mapping[str, Two]) -> Violating:
    """In another flavour basis: psi_old = U^dagger psi_new for each of the fields q, u, d, l, e; absent ones stay."""

    def turned(array: Complex[Array, "..."], fields: str) -> Complex[Array, "..."]:
        for place, field in enumerate(fields):
            if field in unitary:
                array = jnp.moveaxis(jnp.tensordot(unitary[field].conj(), array, (1, place)), 0, place)
        return array

    return Violating(**{name: turned(array, FIELDS[name]) for name, array in vars(c).items()})
