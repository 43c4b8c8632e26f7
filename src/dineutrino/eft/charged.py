"""Charged currents of the b quark: b -> c l nu and b -> u l nu, and the same with right-handed neutrinos N."""

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.eft.neutrinos import FLAVOURS
from dineutrino.errors import DineutrinoError
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


class RightHanded(eqx.Module):
    """Charged currents of n right-handed neutrinos N, which have masses and do not interfere with the left-handed ones.

    Attributes:
        masses: of N_1, N_2, ..., GeV.
        currents: index (charged lepton, N). L and R are the chirality of the quarks, as for nu; the other current is
            (lbar gamma^mu P_R N) or (lbar P_R N). T multiplies (cbar sigma_mn P_R b)(lbar sigma^mn P_R N).
    """

    masses: Float[Array, " n"]
    currents: Charged

    def check(self) -> None:
        """Refuse masses out of their range.

        Raises:
            DineutrinoError: a known mass that is negative or not finite.
        """
        for number, mass in enumerate(map(float, self.masses), start=1):
            if not (np.isfinite(mass) and mass >= 0):
                raise DineutrinoError(f"the mass of N_{number} is {mass} GeV; it must be finite and zero or positive.")


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


def right_handed_names(steriles: int) -> tuple[str, ...]:
    """The same with N_1, N_2, ... in place of a neutrino: "CVR_bctauN1"."""
    return tuple(
        f"C{current}_{quarks}{lepton}N{number}"
        for quarks, _ in QUARKS.values()
        for current in LeptonNeutrino.__annotations__
        for lepton in FLAVOURS
        for number in range(1, steriles + 1)
    )


def charged_from_flavio(values: Complex[Array, " name"], inputs: Inputs) -> Charged:
    """The Lagrangian of coefficients: -4 G_F/sqrt2 V_cb times each of them.

    Args:
        values: in the order of `charged_names`, or of `right_handed_names` for any number of N.
        inputs: G_F and the CKM matrix.
    """
    unit, V = -2 * jnp.sqrt(2.0) * inputs["G_F"], ckm_matrix(inputs)
    arrays = values.reshape(len(QUARKS), len(LeptonNeutrino.__annotations__), 3, -1)
    found = {name: LeptonNeutrino(*(unit * V[row, B] * arrays[i])) for i, (name, (_, row)) in enumerate(QUARKS.items())}
    return Charged(**found)
