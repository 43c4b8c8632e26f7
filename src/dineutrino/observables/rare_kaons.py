"""K+ -> pi+ and K_L -> pi0 + invisible: the hadronic matrix elements are those of K -> pi l nu, and measured.

kappa_+ and kappa_L, from rates of K_l3, give the rates into massless neutrinos; form factors give the shape in q2. They
give the rates into further pairs as well, multiplied by the same correction: kappa over the integral of form factors,
0.99 for K+ and, with the mixing of pi0 and eta, 0.95 for K_L.

K+ sees every coupling. K_L is the difference of the neutral kaons: of the Lagrangian L of massless neutrinos, charm and
top in it, it sees (L - L^dagger)/2, the part that violates CP; for neutrinos of one flavour that is the imaginary part,
for those of two it may be anything. Of other pairs see `seen_by_k_long`. Terms with epsilon_K, below 1%, are left out.

Source: arXiv:0705.2025, sec. 2; arXiv:2404.06533, eqs. (A4) to (A7); for two flavours hep-ph/9701313.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.hadronic import flux
from dineutrino.inputs import Inputs
from dineutrino.inputs.standard_model import unit
from dineutrino.numerics import integrate
from dineutrino.observables.arguments import Arguments, InBin, Whole
from dineutrino.observables.modes import K_LONG, K_PLUS, Decay, Mode, decay
from dineutrino.observables.neutrino_kernel import NeutrinoKernel, integrated, traces
from dineutrino.observables.observable import Family, Number, OfDecay, SomeObservable
from dineutrino.observables.quantities import RATES

Measured = Callable[[Inputs], Float[Array, ""]]
"""kappa of one kaon, a branching ratio."""


@dataclass(frozen=True)
class KaonToPion(OfDecay[NeutrinoKernel]):
    """An observable of one kaon.

    Attributes:
        kappa: its rate from K_l3 decays, in units of arXiv:0705.2025.
    """

    kappa: Measured

    def numbers(self, inputs: Inputs, *numbers: Number) -> tuple[Decay, Arguments]:
        """The decay with the rate that kappa gives, and the arguments."""
        its_decay, where = super().numbers(inputs, *numbers)
        return normalised(its_decay, inputs, self.kappa(inputs)), where


@dataclass(frozen=True)
class InRegion(KaonToPion):
    """The branching ratio of decays in a signal region of NA62, a bin of q2 = m_miss^2.

    Attributes:
        start, end: names of the inputs that are its edges; the first region begins at zero.
    """

    start: str | None
    end: str

    def family(self, *numbers: float) -> Family:
        """The two regions."""
        return Family(("signal region", self.mode), self.end)

    def numbers(self, inputs: Inputs, *numbers: Number) -> tuple[Decay, Arguments]:
        """The decay, and the edges of the region."""
        lower = jnp.asarray(0.0) if self.start is None else inputs[self.start]
        return normalised(decay(self.mode, inputs), inputs, self.kappa(inputs)), InBin(lower, inputs[self.end])


def normalised(its_decay: Decay, inputs: Inputs, kappa: Float[Array, ""]) -> Decay:
    """The decay with a lifetime that makes the rate into massless neutrinos, integrated over q2, that of kappa.

    The rate per squared amplitude, GeV^4, is kappa over the squared unit of the Lagrangian that it is for.
    """
    lagrangian = unit(inputs) / inputs["alpha_em"] * inputs["kappa_alpha_em"] / inputs["kappa_s2_w"]
    rate = kappa / (3 * inputs["kappa_lambda"] ** 8 * inputs["ckm_lambda"] ** 2 * lagrangian**2)

    def width(q2: Float[Array, " node"]) -> Float[Array, " node"]:
        return flux(q2, its_decay.masses) * traces(q2, its_decay, inputs)[0]

    time = rate / integrate(width, jnp.asarray(0.0), its_decay.masses.q2_max)
    return replace(its_decay, time=time, table=jnp.stack([rate, jnp.zeros_like(rate)]))


def _charged(inputs: Inputs) -> Float[Array, ""]:
    return inputs["kappa_+"] * (1 + inputs["Delta_EM"])


def _neutral(inputs: Inputs) -> Float[Array, ""]:
    return inputs["kappa_L"]


def _rates(mode: Mode, kappa: Measured) -> tuple[SomeObservable, ...]:
    found = (quantity.of(mode) for quantity in RATES)
    return tuple(KaonToPion(**{f.name: getattr(rate, f.name) for f in fields(rate)}, kappa=kappa) for rate in found)


def _region(region: int, start: str | None, end: str) -> InRegion:
    return InRegion(
        name=f"BR_NA62_{region}(K+->pinunu)",
        tex=rf"\mathcal{{B}}_{{{region}}}({K_PLUS.tex})",
        process=K_PLUS.tex,
        unit="1",
        description=f"branching ratio in signal region {region} of NA62, K+->pi invisible",
        source=K_PLUS.source,
        takes=(Whole,),
        transitions=(K_PLUS.transition,),
        value=NeutrinoKernel.rate,
        is_fraction=False,
        mode=K_PLUS,
        kernel=integrated,
        few_nodes=False,
        kappa=_charged,
        start=start,
        end=end,
    )


RARE_KAONS = (
    *_rates(K_PLUS, _charged),
    *_rates(K_LONG, _neutral),
    _region(1, None, "NA62_q2_max_1"),
    _region(2, "NA62_q2_min_2", "NA62_q2_max_2"),
)
