"""B -> X_s + invisible, any hadrons of strangeness 1: the decay of a free b quark with its 1S mass.

The rate into massless neutrinos is that of arXiv:0902.0160, which is normalised to no other rate:

    dBR/ds = tau_B m_b^5/(768 pi^3) kappa(0) sqrt(lambda)
             sum_{alpha beta} {(|L_L|^2 + |L_R|^2) [3 s (1 + r^2 - s) + lambda] - 12 r s Re(L_L L_R^*)}

with s = q2/m_b^2, r = m_s/m_b and lambda = lambda(1, r^2, s). tau_B is the mean of both B mesons. kappa(0) is the QCD
correction of the whole rate; powers of 1/m_b, a few percent, are left out. Further pairs come from the same free quark
with the same kappa(0): the QCD corrections of scalar and tensor currents are not published.

Bins of the mass of X_s are sums over hadrons. Below 0.6 GeV there is K alone, since K pi begins at 0.63 GeV; from there
to 1.0 GeV K*(892) rules; the rest is what these leave of the inclusive rate. Tails of K*(892) and K pi that is not
resonant, about a tenth of the second bin, may be in the wrong bin; B -> tau nu, tau -> K nu is in none.
"""

from dataclasses import dataclass, fields, replace

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.inputs import Inputs
from dineutrino.observables.arguments import Arguments, Whole
from dineutrino.observables.modes import MODES, TO_XS, Decay
from dineutrino.observables.neutrino_kernel import NeutrinoKernel
from dineutrino.observables.observable import Family, Number, OfDecay, OfWhole, SomeObservable
from dineutrino.observables.quantities import RATES
from dineutrino.theory import Theory


@dataclass(frozen=True)
class ToXs(OfDecay[NeutrinoKernel]):
    """An observable of the inclusive decay."""

    def numbers(self, inputs: Inputs, *numbers: Number) -> tuple[Decay, Arguments]:
        """The decay of the quark with the mean lifetime of the mesons and the QCD correction, and the arguments."""
        its_decay, where = super().numbers(inputs, *numbers)
        time = inputs["kappa(0)"] * (inputs["tau_B+"] + inputs["tau_B0"]) / 2
        return replace(its_decay, time=time), where


class Sum(eqx.Module):
    """Rates of several decays, added with weights.

    Attributes:
        kernels: of the decays.
        weights: of their short-distance rates.
    """

    kernels: tuple[NeutrinoKernel, ...]
    weights: tuple[float, ...] = eqx.field(static=True)

    def rate(self, theory: Theory) -> Float[Array, ""]:
        """The sum."""
        rates = [kernel.short_distance(theory) for kernel in self.kernels]
        return sum((weight * rate for weight, rate in zip(self.weights, rates, strict=True)), jnp.asarray(0.0))

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory."""
        return [entry for kernel in self.kernels for entry in kernel.entries(theory)]


@dataclass(frozen=True)
class InMass(OfWhole[Sum, tuple[tuple[Decay, Arguments], ...]]):
    """The branching ratio in a bin of the mass of X_s.

    Attributes:
        parts: the decays that it is made of, with weights.
    """

    parts: tuple[tuple[float, OfDecay[NeutrinoKernel]], ...]

    def family(self, *numbers: float) -> Family:
        """Alone: each bin has decays of its own."""
        return Family(self.name, ())

    def numbers(self, inputs: Inputs, *numbers: Number) -> tuple[tuple[Decay, Arguments], ...]:
        """Those of each decay."""
        return tuple(part.numbers(inputs) for _, part in self.parts)

    def integrate(self, inputs: Inputs, numbers: tuple[tuple[Decay, Arguments], ...]) -> Sum:
        """Each decay over its q2."""
        kernels = [part.integrate(inputs, its) for (_, part), its in zip(self.parts, numbers, strict=True)]
        return Sum(tuple(kernels), tuple(weight for weight, _ in self.parts))


def _to_xs() -> tuple[ToXs, ...]:
    rates = (quantity.of(TO_XS) for quantity in RATES)
    return tuple(ToXs(**{f.name: getattr(rate, f.name) for f in fields(rate)}) for rate in rates)


def _mean(meson: str, weight: float = 1.0) -> tuple[tuple[float, OfDecay[NeutrinoKernel]], ...]:
    """The rate into K or K* of a B that is as often charged as neutral."""
    return tuple((weight / 2, RATES[0].of(MODES[f"{parent}->{meson}"])) for parent in ("B+", "B0"))


def _in_mass(number: int, masses: str, *parts: tuple[float, OfDecay[NeutrinoKernel]]) -> InMass:
    return InMass(
        name=f"BR_MX{number}(B->Xsnunu)",
        tex=rf"\mathcal{{B}}_{{{number}}}({TO_XS.tex})",
        process=TO_XS.tex,
        unit="1",
        description=f"branching ratio, B->Xs invisible with a mass of X_s {masses}, short distance",
        source=f"{TO_XS.source}; {MODES['B+->K'].source}; masses: arXiv:2511.10980",
        takes=(Whole,),
        transitions=tuple(sorted({part.mode.transition for _, part in parts} - {""})),
        value=Sum.rate,
        is_fraction=False,
        parts=parts,
    )


_XS = _to_xs()
INCLUSIVE: tuple[SomeObservable, ...] = (
    *_XS,
    _in_mass(1, "below 0.6 GeV", *_mean("K")),
    _in_mass(2, "from 0.6 to 1.0 GeV", *_mean("K*")),
    _in_mass(3, "above 1.0 GeV", (1.0, _XS[0]), *_mean("K", -1.0), *_mean("K*", -1.0)),
)
