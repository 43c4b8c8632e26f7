"""Couplings of the Z boson with coefficients of dimension six, and what its exchange leaves below its mass."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.running.jms_classes import (
    CHARGE,
    IDENTICAL,
    IDENTICAL_LEPTONS,
    SIZE,
    Four,
    Number,
    Two,
    crossed,
    currents,
)
from dineutrino.running.vector_classes import VectorClasses

ISOSPIN = {"n": 1 / 2, "e": -1 / 2, "u": 1 / 2, "d": -1 / 2}


class ZCouplings(eqx.Module):
    """What the Z boson couples to, G_F, alpha_em and m_W being given.

    L = -(kappa/2) J J with J = sum_X xbar gamma (g_X - v^2 H_X/2) x, g_X = T_3 - Q s2, and kappa = 4/v^2.

    Attributes:
        s2: sin^2 of the weak mixing angle, e^2 v^2/(4 m_W^2) at tree level.
        currents: H_X by field and chirality, "uL" and so on, in the basis of mass eigenstates.
        kappa_shift: change of kappa, linear in coefficients: the Fermi constant and HD.
        s2_shift: kappa times the change of the angle: the Fermi constant and HWB.
    """

    s2: Float[Array, ""]
    currents: dict[str, Two]
    kappa_shift: Number
    s2_shift: Number


def fermi_shift(c: VectorClasses) -> Number:
    """Change of 1/v^2, v being what enters the masses and G_F what muons decay with."""
    return c.ll[0, 1, 1, 0] - c.Hl3[0, 0] - c.Hl3[1, 1]


def z_couplings(c: VectorClasses, V: Complex[Array, "2 3"], s2: Float[Array, ""] | float) -> ZCouplings:
    """From coefficients at m_Z in the down-aligned basis, and the rows u, c of the CKM matrix.

    Source: arXiv:1709.04486 section 2.
    """
    s2 = jnp.asarray(s2)
    fermi = fermi_shift(c)
    return ZCouplings(
        s2=s2,
        currents={
            "nL": c.Hl1 - c.Hl3,
            "eL": c.Hl1 + c.Hl3,
            "uL": V @ (c.Hq1 - c.Hq3) @ V.conj().T,
            "dL": c.Hq1 + c.Hq3,
            "eR": c.He,
            "uR": c.Hu[:2, :2],
            "dR": c.Hd,
        },
        kappa_shift=4 * fermi - 2 * c.HD,
        s2_shift=4 * jnp.sqrt(s2 * (1 - s2)) * c.HWB - 4 * s2 * fermi,
    )


def z_exchange(name: str, z: ZCouplings) -> Four:
    """Coefficient of a class of two neutral currents, without colour matrices, linear in those above m_Z."""
    first, second = currents(name)
    x, y = first[0], second[0]
    g_x, g_y = _charge(first, z.s2), _charge(second, z.s2)
    unit_x, unit_y = jnp.eye(SIZE[x]), jnp.eye(SIZE[y])
    universal = z.s2_shift * (CHARGE[x] * g_y + g_x * CHARGE[y]) - z.kappa_shift * g_x * g_y
    on_first = 2 * g_y * z.currents[first] + universal * unit_x
    found = jnp.einsum("pr,st->prst", on_first, unit_y)
    found += jnp.einsum("pr,st->prst", unit_x, 2 * g_x * z.currents[second])
    if name in IDENTICAL_LEPTONS:
        return (found + crossed(found)) / 4
    return found / 2 if name in IDENTICAL else found


def _charge(field: str, s2: Float[Array, ""]) -> Float[Array, ""]:
    """T_3 - Q s2: what the Z boson couples to in the Standard Model."""
    isospin = ISOSPIN[field[0]] if field[1] == "L" else 0.0
    return isospin - CHARGE[field[0]] * s2
