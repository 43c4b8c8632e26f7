"""K+ -> pi+ nu nubar and K_L -> pi0 nu nubar: the hadronic matrix elements are those of K -> pi l nu, and measured.

The rate of K+ is a sum over the neutrinos of |L|^2, with the Lagrangian L of s -> d, charm and top in it. K_L is the
difference of the neutral kaons and sees (L - L^dagger)/2, the part that violates CP: for neutrinos of one flavour that
is the imaginary part of L, for those of two it may be anything. Terms with epsilon_K, below 1%, are left out.

Source: arXiv:0705.2025, sec. 2; arXiv:2404.06533, eqs. (A4) to (A7); for two flavours hep-ph/9701313.
"""

from collections.abc import Callable
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft import NuNu
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import DS, Inputs, neutrino_currents
from dineutrino.inputs.standard_model import unit
from dineutrino.observables.arguments import Whole
from dineutrino.observables.forms import Squares
from dineutrino.observables.observable import Family, Number, OfWhole
from dineutrino.theory import Theory

NEUTRINOS = 9
"""Pairs of a flavour of neutrino and one of antineutrino."""
Currents = Complex[Array, "3 3"]


class RareKaon(eqx.Module):
    """The branching ratio as a form in the currents of s -> d."""

    form: Squares[NuNu]

    def rate(self, theory: Theory) -> Float[Array, ""]:
        """The branching ratio.

        Raises:
            DineutrinoError: there are further pairs or one particle in s -> d, which this does not know.
        """
        if theory.wet.pairs(DS):
            raise DineutrinoError("K -> pi nu nubar knows massless neutrinos with vector currents, and no other pairs.")
        if theory.wet.particle(DS) is not None:
            raise DineutrinoError(
                "K -> pi nu nubar is measured away from some masses of a particle X in K -> pi X, so that it cannot be "
                "added; take BR(K+->piX) and BR(KL->piX), or leave out the couplings of X to s -> d."
            )
        return self.form(theory.wet.neutrinos(DS))

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        return jax.tree.leaves((self.form, theory.wet.neutrinos(DS)))


@dataclass(frozen=True)
class KaonToPion(OfWhole[RareKaon, Float[Array, ""]]):
    """The branching ratio of one kaon.

    Attributes:
        kappa: its rate from K_l3 decays, in units of arXiv:0705.2025.
        amplitudes: that the kaon sees, of the Lagrangian of s -> d.
    """

    kappa: Callable[[Inputs], Float[Array, ""]]
    amplitudes: Callable[[Currents], Currents]

    def family(self, *numbers: float) -> Family:
        """Alone: the two kaons see different amplitudes."""
        return Family(self.name, ())

    def numbers(self, inputs: Inputs, *numbers: Number) -> Float[Array, ""]:
        """The branching ratio per squared amplitude, GeV^4: kappa over the squared unit of the Lagrangian it is for."""
        lagrangian = unit(inputs) / inputs["alpha_em"] * inputs["kappa_alpha_em"] / inputs["kappa_s2_w"]
        return self.kappa(inputs) / (3 * inputs["kappa_lambda"] ** 8 * inputs["ckm_lambda"] ** 2 * lagrangian**2)

    def integrate(self, inputs: Inputs, numbers: Float[Array, ""]) -> RareKaon:
        """No integral is left: the form in the new physics."""

        def amplitudes(new: NuNu) -> Complex[Array, " pair"]:
            return self.amplitudes(neutrino_currents(inputs, DS) + new.left + new.right).ravel()

        return RareKaon(Squares.of(jnp.full(NEUTRINOS, numbers), amplitudes, NuNu.zero()))


def _charged(inputs: Inputs) -> Float[Array, ""]:
    return inputs["kappa_+"] * (1 + inputs["Delta_EM"])


def _neutral(inputs: Inputs) -> Float[Array, ""]:
    return inputs["kappa_L"]


def _whole(lagrangian: Currents) -> Currents:
    return lagrangian


def _violating(lagrangian: Currents) -> Currents:
    return (lagrangian - lagrangian.conj().T) / 2


def _kaon(
    name: str, tex: str, kappa: Callable[[Inputs], Float[Array, ""]], amplitudes: Callable[[Currents], Currents]
) -> KaonToPion:
    return KaonToPion(
        name=f"BR({name}->pinunu)",
        tex=rf"\mathcal{{B}}({tex})",
        process=tex,
        unit="1",
        description=f"branching ratio, {name}->pi + two neutrinos",
        source="arXiv:0705.2025; arXiv:2404.06533 eqs. (A4) to (A7)",
        takes=(Whole,),
        transitions=(),
        value=RareKaon.rate,
        is_fraction=False,
        kappa=kappa,
        amplitudes=amplitudes,
    )


RARE_KAONS = (
    _kaon("K+", r"K^+\to\pi^+\nu\bar\nu", _charged, _whole),
    _kaon("KL", r"K_L\to\pi^0\nu\bar\nu", _neutral, _violating),
)
