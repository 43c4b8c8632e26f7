"""Charged currents of the b quark: b -> c l nu and b -> u l nu with left-handed neutrinos."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex

from dineutrino.eft.neutrinos import FLAVOURS
from dineutrino.inputs import Inputs, ckm_matrix
from dineutrino.inputs.quarks import B
from dineutrino.running.jms_classes import JMS

Matrix = Complex[Array, "lepton neutrino"]


class LeptonNeutrino(eqx.Module):
    """Coefficients of L for one transition, say b -> c, GeV^-2, at mu_b; index (charged lepton, neutrino).

    VL multiplies (cbar gamma_mu P_L b)(lbar gamma^mu P_L nu), VR the same with P_R between the quarks; SL and SR
    (cbar P b)(lbar P_L nu); T (cbar sigma_mn P_L b)(lbar sigma^mn P_L nu). Each is -4 G_F/sqrt2 V_cb times the
    coefficient of flavio (WCxf), "CVL_bctaunutau" and so on.
    """

    VL: Matrix
    VR: Matrix
    SL: Matrix
    SR: Matrix
    T: Matrix

    @classmethod
    def zero(cls) -> "LeptonNeutrino":
        """No new physics."""
        return cls(*[jnp.zeros((3, 3), complex)] * 5)

    @classmethod
    def from_jms(cls, c: JMS, up: int, down: int = B) -> "LeptonNeutrino":
        """From all of LEFT, whose operators are the Hermitian conjugates; `up` is 0 for u and 1 for c."""

        def turned(array: Complex[Array, "3 3 3 2"]) -> Matrix:
            return array[:, :, down, up].conj().T

        return cls(
            VL=turned(c.charged.VnueduLL),
            VR=turned(c.charged.VnueduLR),
            SL=turned(c.lepton_scalars.SnueduRR),
            SR=turned(c.lepton_scalars.SnueduRL),
            T=turned(c.lepton_scalars.TnueduRR),
        )


class Charged(eqx.Module):
    """Both transitions of the b quark.

    Attributes:
        cb: b -> c.
        ub: b -> u.
    """

    cb: LeptonNeutrino
    ub: LeptonNeutrino

    @classmethod
    def zero(cls) -> "Charged":
        """No new physics."""
        return cls(LeptonNeutrino.zero(), LeptonNeutrino.zero())


QUARKS = {"cb": ("bc", 1), "ub": ("bu", 0)}
"""Transition -> its quarks in names, and the row of the CKM matrix."""


def charged_names() -> tuple[str, ...]:
    """Names in WCxf, basis flavio, of both transitions, currents, leptons and neutrinos: "CVL_bctaunutau"."""
    return tuple(
        f"C{current}_{quarks}{lepton}nu{neutrino}"
        for quarks, _ in QUARKS.values()
        for current in LeptonNeutrino.__annotations__
        for lepton in FLAVOURS
        for neutrino in FLAVOURS
    )


def charged_from_flavio(values: Complex[Array, " name"], inputs: Inputs) -> Charged:
    """The Lagrangian of coefficients in the order of `charged_names`: -4 G_F/sqrt2 V_cb times each of them."""
    unit, V = -2 * jnp.sqrt(2.0) * inputs["G_F"], ckm_matrix(inputs)
    arrays = values.reshape(len(QUARKS), len(LeptonNeutrino.__annotations__), 3, 3)
    found = {name: LeptonNeutrino(*(unit * V[row, B] * arrays[i])) for i, (name, (_, row)) in enumerate(QUARKS.items())}
    return Charged(**found)
