"""All classes of the low-energy effective theory that conserve baryon and lepton number, as arrays."""

from collections.abc import Mapping

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex

Number = Complex[Array, ""]
Two = Complex[Array, "_ _"]
Four = Complex[Array, "_ _ _ _"]
Unknown = Complex[Array, "..."]
"""A coefficient with none, two or four flavour indices."""
SIZE = {"n": 3, "e": 3, "u": 2, "d": 3}
"""Field -> flavours: neutrinos, charged leptons, u and c, down-type quarks."""
CHARGE = {"n": 0.0, "e": -1.0, "u": 2 / 3, "d": -1 / 3}
FIELDS = ("nL", "eL", "uL", "dL", "eR", "uR", "dR")


class LeftLeft(eqx.Module):
    """Two left-handed neutral currents."""

    VnunuLL: Four
    VnueLL: Four
    VnuuLL: Four
    VnudLL: Four
    VeeLL: Four
    VeuLL: Four
    VedLL: Four
    VuuLL: Four
    VddLL: Four
    V1udLL: Four
    V8udLL: Four


class RightRight(eqx.Module):
    """Two right-handed neutral currents."""

    VeeRR: Four
    VeuRR: Four
    VedRR: Four
    VuuRR: Four
    VddRR: Four
    V1udRR: Four
    V8udRR: Four


class LeftRight(eqx.Module):
    """A left-handed and a right-handed neutral current."""

    VnueLR: Four
    VnuuLR: Four
    VnudLR: Four
    VeeLR: Four
    VeuLR: Four
    VedLR: Four
    VueLR: Four
    VdeLR: Four
    V1uuLR: Four
    V8uuLR: Four
    V1udLR: Four
    V8udLR: Four
    V1duLR: Four
    V8duLR: Four
    V1ddLR: Four
    V8ddLR: Four


class ChargedCurrents(eqx.Module):
    """(nubar gamma P_L e)(dbar gamma P u) and (ubar gamma P_L d)(dbar gamma P_R u)."""

    VnueduLL: Four
    VnueduLR: Four
    V1udduLR: Four
    V8udduLR: Four


class LeptonScalars(eqx.Module):
    """(ebar P_R e) times a scalar or tensor current of quarks or charged leptons, and (nubar P_R e)(dbar P u)."""

    SeeRR: Four
    SeuRL: Four
    SeuRR: Four
    TeuRR: Four
    SedRL: Four
    SedRR: Four
    TedRR: Four
    SnueduRL: Four
    SnueduRR: Four
    TnueduRR: Four


class QuarkScalars(eqx.Module):
    """(qbar P_R q)(qbar P_R q); S8 has colour matrices in both, and uddu stands for (ubar P_R d)(dbar P_R u)."""

    S1uuRR: Four
    S8uuRR: Four
    S1ddRR: Four
    S8ddRR: Four
    S1udRR: Four
    S8udRR: Four
    S1udduRR: Four
    S8udduRR: Four


class Dipoles(eqx.Module):
    """(psibar sigma P_R psi) F and (qbar sigma T^A P_R q) G^A, GeV^-1."""

    egamma: Two
    ugamma: Two
    dgamma: Two
    uG: Two
    dG: Two


class Gluons(eqx.Module):
    """Three gluon field strengths, one of them dual for Gtilde. Real."""

    G: Number
    Gtilde: Number


class JMS(eqx.Module):
    """Coefficients of L in the basis of Jenkins, Manohar and Stoffer (WCxf: JMS), 63 classes.

    GeV^-2, but for the dipoles. Indices in the order of the name: VedLR_abij of (ebar_a gamma P_L e_b)(dbar_i gamma
    P_R d_j), VnueduLL_abiu of (nubar_a gamma P_L e_b)(dbar_i gamma P_L u_u). Up quarks are u and c. V1 and V8, S1 and
    S8 are colour singlets and octets. The covariant derivative is d + i e Q A, as in the Warsaw basis here.

    Arrays have all symmetries of their operators: hermiticity of neutral currents, C_prst = C_stpr where both currents
    are of the same kind, C_prst = C_ptsr as well for VnunuLL, VeeLL and VeeRR. Hermitian conjugates of the other
    classes come on top in L.

    Source: arXiv:1709.04486 appendix B.
    """

    left_left: LeftLeft
    right_right: RightRight
    left_right: LeftRight
    charged: ChargedCurrents
    lepton_scalars: LeptonScalars
    quark_scalars: QuarkScalars
    dipoles: Dipoles
    gluons: Gluons

    @classmethod
    def zero(cls) -> "JMS":
        """No new physics."""
        return from_arrays({name: jnp.zeros(shape(name), complex) for name in CLASSES})


LEFT_LEFT = tuple(LeftLeft.__annotations__)
RIGHT_RIGHT = tuple(RightRight.__annotations__)
LEFT_RIGHT = tuple(LeftRight.__annotations__)
NEUTRAL = (*LEFT_LEFT, *RIGHT_RIGHT, *LEFT_RIGHT)
"""Classes of two neutral currents: Hermitian."""
CHARGED = tuple(ChargedCurrents.__annotations__)
LEPTON_SCALARS = tuple(LeptonScalars.__annotations__)
QUARK_SCALARS = tuple(QuarkScalars.__annotations__)
DIPOLES = tuple(Dipoles.__annotations__)
GLUONS = tuple(Gluons.__annotations__)
CLASSES = (*NEUTRAL, *CHARGED, *LEPTON_SCALARS, *QUARK_SCALARS, *DIPOLES, *GLUONS)
NOT_HERMITIAN = (*CHARGED, *LEPTON_SCALARS, *QUARK_SCALARS, *DIPOLES)
"""Classes without a relation between entries and their complex conjugates."""
IDENTICAL_LEPTONS = ("VnunuLL", "VeeLL", "VeeRR")
"""C_prst = C_stpr = C_ptsr."""
IDENTICAL = (*IDENTICAL_LEPTONS, "VuuLL", "VddLL", "VuuRR", "VddRR", "SeeRR", "S1uuRR", "S8uuRR", "S1ddRR", "S8ddRR")
"""Two currents of the same kind: C_prst = C_stpr."""


def legs(name: str) -> str:
    """Field of each flavour index, the first and third of them conjugate: "VedLR" -> "eedd"."""
    if name in GLUONS:
        return ""
    if name in DIPOLES:
        return 2 * name[0]
    fields = name[:-2].lstrip("VST18").replace("nu", "n")
    return fields if len(fields) == 4 else 2 * fields[0] + 2 * fields[1]


def currents(name: str) -> tuple[str, str]:
    """Fields with chirality of a class of `NEUTRAL`: "VedLR" -> ("eL", "dR")."""
    fields = legs(name)
    return fields[0] + name[-2], fields[2] + name[-1]


def crossed(c: Four) -> Four:
    """C_ptsr: the second and the fourth field exchanged."""
    return c.transpose(0, 3, 2, 1)


def shape(name: str) -> tuple[int, ...]:
    """The shape of the array of a class, given its name."""
    return tuple(SIZE[field] for field in legs(name))


def arrays(c: JMS) -> dict[str, Unknown]:
    """Class -> array, in the order of `CLASSES`."""
    families = (
        c.left_left,
        c.right_right,
        c.left_right,
        c.charged,
        c.lepton_scalars,
        c.quark_scalars,
        c.dipoles,
        c.gluons,
    )
    return {name: value for family in families for name, value in vars(family).items()}


def from_arrays(values: Mapping[str, Unknown]) -> JMS:
    """The inverse of `arrays`."""

    def some(names: tuple[str, ...]) -> dict[str, Unknown]:
        return {name: values[name] for name in names}

    return JMS(
        LeftLeft(**some(LEFT_LEFT)),
        RightRight(**some(RIGHT_RIGHT)),
        LeftRight(**some(LEFT_RIGHT)),
        ChargedCurrents(**some(CHARGED)),
        LeptonScalars(**some(LEPTON_SCALARS)),
        QuarkScalars(**some(QUARK_SCALARS)),
        Dipoles(**some(DIPOLES)),
        Gluons(**some(GLUONS)),
    )
