"""The thirty classes of SMEFT coefficients that vector currents of quarks and leptons need, as arrays."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex

Number = Complex[Array, ""]
Two = Complex[Array, "3 3"]
Four = Complex[Array, "3 3 3 3"]

SCALARS = ("HBox", "HD", "HWB")
CURRENTS = ("Hl1", "Hl3", "He", "Hq1", "Hq3", "Hu", "Hd")
IDENTICAL = ("ll", "qq1", "qq3", "ee", "uu", "dd")
"""Two currents of the same kind: C_prst = C_stpr."""
LEFT_LEFT = ("ll", "qq1", "qq3", "lq1", "lq3")
RIGHT_RIGHT = ("ee", "uu", "dd", "eu", "ed", "ud1", "ud8")
LEFT_RIGHT = ("le", "lu", "ld", "qe", "qu1", "qu8", "qd1", "qd8")
FOUR_FERMION = (*LEFT_LEFT, *RIGHT_RIGHT, *LEFT_RIGHT)
FIELDS = {name: tuple(name.strip("138")) for name in FOUR_FERMION} | {name: (name[1],) for name in CURRENTS}
"""Class -> fields of its currents, each with two flavour indices: "lq1" -> ("l", "q"), "Hd" -> ("d",)."""


class VectorClasses(eqx.Module):
    """Coefficients, GeV^-2, of the Warsaw basis (arXiv:1008.4884), H the Higgs doublet.

    Four-fermion arrays have indices prst of (psibar_p gamma psi_r)(psibar_s gamma psi_t). Arrays have all symmetries
    of their operators: hermiticity, C_prst = C_stpr where both currents are of the same kind, C_prst = C_ptsr for ee.
    """

    HBox: Number
    HD: Number
    HWB: Number
    Hl1: Two
    Hl3: Two
    He: Two
    Hq1: Two
    Hq3: Two
    Hu: Two
    Hd: Two
    ll: Four
    qq1: Four
    qq3: Four
    lq1: Four
    lq3: Four
    ee: Four
    uu: Four
    dd: Four
    eu: Four
    ed: Four
    ud1: Four
    ud8: Four
    le: Four
    lu: Four
    ld: Four
    qe: Four
    qu1: Four
    qu8: Four
    qd1: Four
    qd8: Four

    @classmethod
    def zero(cls) -> "VectorClasses":
        """No new physics."""
        return cls(**{name: jnp.zeros((3,) * indices(name), complex) for name in CLASSES})


CLASSES = (*SCALARS, *CURRENTS, *FOUR_FERMION)


def indices(name: str) -> int:
    """How many flavour indices a class has."""
    return 0 if name in SCALARS else 2 if name in CURRENTS else 4


def exchanged(c: Four) -> Four:
    """C_stpr: the two currents exchanged."""
    return c.transpose(2, 3, 0, 1)


def crossed(c: Four) -> Four:
    """C_ptsr: two fermions exchanged, as by a Fierz transformation."""
    return c.transpose(0, 3, 2, 1)


def rotated(c: VectorClasses, unitary: dict[str, Two]) -> VectorClasses:
    """In another flavour basis: psi_old = U^dagger psi_new for each of the fields q, u, d, l, e; absent ones stay."""
    changed = {name: getattr(c, name) for name in SCALARS}
    for name in (*CURRENTS, *FOUR_FERMION):
        array = getattr(c, name)
        for place, field in enumerate(FIELDS[name]):
            if field in unitary:
                U = unitary[field]
                array = jnp.moveaxis(jnp.tensordot(U, array, (1, 2 * place)), 0, 2 * place)
                array = jnp.moveaxis(jnp.tensordot(U.conj(), array, (1, 2 * place + 1)), 0, 2 * place + 1)
        changed[name] = array
    return VectorClasses(**changed)
