"""How dimension six shifts the couplings of Z and W, with alpha(m_Z), G_F and m_Z as inputs.

Couplings of the Z are g_X = T_3 - Q sin^2 in the normalisation g_V = (g_L + g_R)/2, g_A = (g_L - g_R)/2 of
arXiv:1701.06424; those of the W are 1 for neutrinos and the CKM matrix for quarks. Everything is linear in the
coefficients; the squares of the shifts are kept where widths are taken.

Source: arXiv:1706.08945, app. A.1, and arXiv:1701.06424, sec. 2, there with one coefficient for all flavours; m_W:
arXiv:1606.06502, eq. (2).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.inputs import Inputs
from dineutrino.running.warsaw_classes import Warsaw

Matrix = Complex[Array, "3 3"]
Of = TypeVar("Of")


@dataclass(frozen=True)
class Fermions:
    """Three generations of fermions of one charge.

    Attributes:
        T3: weak isospin of the left-handed ones.
        Q: electric charge.
        colours: how many each comes in.
        names: of those that the Z decays to and that experiments tell apart, in the order of generations.
    """

    T3: float
    Q: float
    colours: int
    names: tuple[str, ...]


class Each(eqx.Module, Generic[Of]):
    """The same for the fermions of each charge: neutrinos, charged leptons, up quarks and down quarks."""

    nu: Of
    e: Of
    u: Of
    d: Of

    def __iter__(self) -> Iterator[Of]:
        return iter((self.nu, self.e, self.u, self.d))


FERMIONS = Each(
    nu=Fermions(T3=1 / 2, Q=0.0, colours=1, names=()),
    e=Fermions(T3=-1 / 2, Q=-1.0, colours=1, names=("e", "mu", "tau")),
    u=Fermions(T3=1 / 2, Q=2 / 3, colours=3, names=("u", "c")),
    d=Fermions(T3=-1 / 2, Q=-1 / 3, colours=3, names=("d", "s", "b")),
)


class PoleCoefficients(eqx.Module):
    """What of SMEFT is seen at the pole: coefficients at m_Z in the down-aligned basis, GeV^-2.

    Attributes:
        HD, HWB: of bosons alone.
        ll_1221: of two leptons of each of the first two generations, as an entry of the symmetric array.
        Hl1, Hl3, He, Hq1, Hq3, Hu, Hd: of a Higgs current and a current of fermions.
    """

    HD: Complex[Array, ""]
    HWB: Complex[Array, ""]
    ll_1221: Complex[Array, ""]
    Hl1: Matrix
    Hl3: Matrix
    He: Matrix
    Hq1: Matrix
    Hq3: Matrix
    Hu: Matrix
    Hd: Matrix

    @classmethod
    def zero(cls) -> "PoleCoefficients":
        """No new physics."""
        none, matrix = jnp.zeros((), complex), jnp.zeros((3, 3), complex)
        return cls(none, none, none, *[matrix] * 7)


def at_the_pole(at_m_z: Warsaw, inputs: Inputs) -> PoleCoefficients:
    """What of all coefficients at m_Z is seen, whatever the inputs."""
    c = at_m_z.vectors
    return PoleCoefficients(c.HD, c.HWB, c.ll[0, 1, 1, 0], c.Hl1, c.Hl3, c.He, c.Hq1, c.Hq3, c.Hu, c.Hd)


class Scheme(eqx.Module):
    """The electroweak parameters that new physics is measured with, at tree level.

    Attributes:
        v2: squared vacuum expectation value 1/(sqrt2 G_F), GeV^2.
        s2: sin^2 of the weak mixing angle, from s2 (1 - s2) = pi alpha v2/m_Z^2.
    """

    v2: Float[Array, ""]
    s2: Float[Array, ""]

    @classmethod
    def of(cls, alpha: Float[Array, ""], G_F: Float[Array, ""], m_Z: Float[Array, ""]) -> "Scheme":
        """From the inputs of the scheme; alpha at m_Z, masses in GeV."""
        v2 = 1 / (jnp.sqrt(2.0) * G_F)
        return cls(v2, (1 - jnp.sqrt(1 - 4 * jnp.pi * alpha * v2 / m_Z**2)) / 2)


class Universal(eqx.Module):
    """Shifts that are the same for all flavours.

    Attributes:
        Z: of all couplings of the Z, relative.
        s2: of sin^2 in them.
        W: of all couplings of the W, relative.
        m_W: of the mass of the W, relative.
    """

    Z: Float[Array, ""]
    s2: Float[Array, ""]
    W: Float[Array, ""]
    m_W: Float[Array, ""]


def universal(c: PoleCoefficients, scheme: Scheme) -> Universal:
    """Shifts by C_HD, C_HWB and what changes the decay of the muon, from which G_F is taken.

    Args:
        c: coefficients.
        scheme: the inputs.
    """
    v2, s2 = scheme.v2, scheme.s2
    c2 = 1 - s2
    s_c, cos_2 = jnp.sqrt(s2 * c2), 1 - 2 * s2
    G_F = (c.Hl3[0, 0] + c.Hl3[1, 1] - c.ll_1221).real
    HD, HWB = c.HD.real, c.HWB.real
    delta_s2 = v2 * s_c / cos_2 * (s_c / 2 * (HD + 2 * G_F) + HWB)
    return Universal(
        Z=-v2 / 4 * (HD + 2 * G_F),
        s2=delta_s2,
        W=v2 / 2 * jnp.sqrt(c2 / s2) * HWB - delta_s2 / (2 * s2),
        m_W=-v2 / (4 * cos_2) * (4 * s_c * HWB + c2 * HD + 2 * s2 * G_F),
    )


class ZCouplings(eqx.Module):
    """g_L and g_R of three generations in the Standard Model."""

    left: Float[Array, "3"]
    right: Float[Array, "3"]

    @classmethod
    def of(cls, fermions: Fermions, s2: Float[Array, "3"]) -> "ZCouplings":
        """T_3 - Q sin^2 and -Q sin^2, with sin^2 of each generation."""
        return cls(fermions.T3 - fermions.Q * s2, -fermions.Q * s2)


class ZShift(eqx.Module):
    """Shifts of the couplings of the Z to three generations, index (i, j) of psibar_i ... psi_j."""

    left: Matrix
    right: Matrix


def z_shifts(
    c: PoleCoefficients, scheme: Scheme, of_all: Universal, ckm: Matrix, couplings: Each[ZCouplings]
) -> Each[ZShift]:
    """Shifts of all couplings of the Z, in the mass basis.

    Args:
        c: coefficients.
        scheme: the inputs.
        of_all: shifts that are the same for all flavours.
        ckm: rotates left-handed up quarks into their mass basis.
        couplings: of the Standard Model, which a change of the coupling of the Z multiplies.
    """
    none, half = jnp.zeros((3, 3), complex), -scheme.v2 / 2
    direct = Each(
        nu=ZShift(half * (c.Hl1 - c.Hl3), none),
        e=ZShift(half * (c.Hl1 + c.Hl3), half * c.He),
        u=ZShift(half * (ckm @ (c.Hq1 - c.Hq3) @ ckm.conj().T), half * c.Hu),
        d=ZShift(half * (c.Hq1 + c.Hq3), half * c.Hd),
    )

    def total(fermions: Fermions, its: ZCouplings, own: ZShift) -> ZShift:
        angle = fermions.Q * of_all.s2
        left, right = of_all.Z * its.left - angle, of_all.Z * its.right - angle
        return ZShift(own.left + jnp.diag(left), own.right + jnp.diag(right))

    return Each(*map(total, FERMIONS, couplings, direct))


def w_to_leptons(c: PoleCoefficients, scheme: Scheme, of_all: Universal) -> Matrix:
    """Shift of the coupling of the W to a neutrino i and a charged lepton j, which is 1 where i = j."""
    return scheme.v2 * c.Hl3 + of_all.W * jnp.eye(3)


def w_to_quarks(c: PoleCoefficients, scheme: Scheme, of_all: Universal, ckm: Matrix) -> Matrix:
    """Shift of the coupling of the W to an up quark i and a down quark j, which is V_ij."""
    return ckm @ (scheme.v2 * c.Hq3 + of_all.W * jnp.eye(3))
