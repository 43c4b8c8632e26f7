"""All classes of the Warsaw basis that conserve baryon and lepton number, as arrays."""

from collections.abc import Mapping
from dataclasses import replace

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex

from dineutrino.running import vector_classes
from dineutrino.running.vector_classes import FIELDS, Four, Number, Two, VectorClasses

Unknown = Complex[Array, "..."]
"""A coefficient with none, two or four flavour indices."""


class Bosons(eqx.Module):
    """Operators without fermions other than HBox, HD and HWB, which vector currents need: three field strengths,
    (H^dagger H)^3, and (H^dagger H) times two field strengths. Real; a tilde marks those that violate CP.
    """

    G: Number
    Gtilde: Number
    W: Number
    Wtilde: Number
    H: Number
    HG: Number
    HGtilde: Number
    HB: Number
    HBtilde: Number
    HW: Number
    HWtilde: Number
    HWtildeB: Number


class Cubic(eqx.Module):
    """Yukawa couplings with two more Higgs fields: (H^dagger H)(qbar u Htilde), (H^dagger H)(qbar d H), and leptons."""

    uH: Two
    dH: Two
    eH: Two


class Dipoles(eqx.Module):
    """(qbar sigma T^A u) Htilde G^A, (qbar sigma u) tau^I Htilde W^I, (qbar sigma u) Htilde B, and likewise."""

    uG: Two
    uW: Two
    uB: Two
    dG: Two
    dW: Two
    dB: Two
    eW: Two
    eB: Two


class Chiral(eqx.Module):
    """Four fermions, scalar and tensor: both bilinears turn left-handed fermions into right-handed ones or back.

    Indices prst of (lbar_p e_r)(dbar_s q_t), (lbar_p e_r) eps (qbar_s u_t), (lbar_p sigma e_r) eps (qbar_s sigma u_t),
    (qbar_p u_r) eps (qbar_s d_t), and the last one with colour matrices in both bilinears.
    """

    ledq: Four
    lequ1: Four
    lequ3: Four
    quqd1: Four
    quqd8: Four


class Warsaw(eqx.Module):
    """Coefficients, GeV^-2, of the Warsaw basis (arXiv:1008.4884), H the Higgs doublet; 59 classes.

    Arrays of operators that are not Hermitian hold the coefficient of the operator as the basis writes it, its
    Hermitian conjugate comes along. The covariant derivative is d + i g A, as in arXiv:1312.2014: with the other sign
    the dipoles and the four operators G, Gtilde, W, Wtilde of three field strengths change theirs.

    Attributes:
        vectors: the 30 classes that run among themselves, but for HWB, if all others vanish.
        Hud: i (Htilde^dagger D H)(ubar gamma d), right-handed charged currents.
        bosons, cubic, dipoles, chiral: see there.
    """

    vectors: VectorClasses
    Hud: Two
    bosons: Bosons
    cubic: Cubic
    dipoles: Dipoles
    chiral: Chiral

    @classmethod
    def zero(cls) -> "Warsaw":
        """No new physics."""
        return from_arrays({name: jnp.zeros((3,) * indices(name), complex) for name in CLASSES})

    @classmethod
    def of_vectors(cls, vectors: VectorClasses) -> "Warsaw":
        """Vector currents alone; others that they induce by products of small Yukawa couplings are left out."""
        return replace(cls.zero(), vectors=vectors)


BOSONS = tuple(Bosons.__annotations__)
CUBIC = tuple(Cubic.__annotations__)
DIPOLES = tuple(Dipoles.__annotations__)
CHIRAL = tuple(Chiral.__annotations__)
NOT_HERMITIAN = ("Hud", *CUBIC, *DIPOLES, *CHIRAL)
"""Classes without a relation between their entries, all of them complex."""
CLASSES = (*vector_classes.CLASSES, "Hud", *BOSONS, *CUBIC, *DIPOLES, *CHIRAL)
_DOUBLET = {"u": "q", "d": "q", "e": "l"}
_CHIRAL_LEGS = {"ledq": "ledq", "lequ1": "lequ", "lequ3": "lequ", "quqd1": "quqd", "quqd8": "quqd"}
LEGS: Mapping[str, str] = (
    dict.fromkeys((*vector_classes.SCALARS, *BOSONS), "")
    | {name: "".join(2 * field for field in fields) for name, fields in FIELDS.items()}
    | {"Hud": "ud"}
    | {name: _DOUBLET[name[0]] + name[0] for name in (*CUBIC, *DIPOLES)}
    | _CHIRAL_LEGS
)
"""Class -> field of each flavour index, every first and third of them a conjugate field: "lq1" -> "llqq"."""


def indices(name: str) -> int:
    """How many flavour indices a class has."""
    return len(LEGS[name])


def arrays(c: Warsaw) -> dict[str, Unknown]:
    """Class -> array, in the order of `CLASSES`."""
    return vars(c.vectors) | {"Hud": c.Hud} | vars(c.bosons) | vars(c.cubic) | vars(c.dipoles) | vars(c.chiral)


def from_arrays(values: Mapping[str, Unknown]) -> Warsaw:
    """The inverse of `arrays`."""

    def some(names: tuple[str, ...]) -> dict[str, Unknown]:
        return {name: values[name] for name in names}

    return Warsaw(
        VectorClasses(**some(vector_classes.CLASSES)),
        values["Hud"],
        Bosons(**some(BOSONS)),
        Cubic(**some(CUBIC)),
        Dipoles(**some(DIPOLES)),
        Chiral(**some(CHIRAL)),
    )


def rotated(c: Warsaw, unitary: Mapping[str, Two]) -> Warsaw:
    """In another flavour basis: psi_old = U^dagger psi_new for each of the fields q, u, d, l, e; absent ones stay."""

    def turned(array: Unknown, legs: str) -> Unknown:
        for place, field in enumerate(legs):
            if field in unitary:
                U = unitary[field] if place % 2 == 0 else unitary[field].conj()
                array = jnp.moveaxis(jnp.tensordot(U, array, (1, place)), 0, place)
        return array

    return from_arrays({name: turned(array, LEGS[name]) for name, array in arrays(c).items()})
