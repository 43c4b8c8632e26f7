"""B -> K, K* and B_s -> phi with two charged leptons: pairs of taus, pairs of two flavours, R_K and R_K*.

What does not factorise into form factors is left out, see `dineutrino.hadronic.quark_loops`: the narrow charmonium
resonances above all. Rates into taus are those of all q2 above the threshold, the psi(2S) not included. Ratios of muons
to electrons have what the spectator does below charmonium (`dineutrino.hadronic.spectators`), for each polarisation of
the K*. With |C_9|, |C_10| < 2 in both leptons R_K* is that of flavio to 7e-4 between 0.1 and 6 GeV^2, R_K to 8e-3;
there flavio has no spectators, and agrees to 1e-3 with ours without them. In the Standard Model all are to 3e-4. Pairs
of two flavours from B_s are those of a meson that does not mix.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.eft.neutrinos import FLAVOURS
from dineutrino.errors import DineutrinoError
from dineutrino.hadronic.spectators import (
    CHARMONIUM,
    E_DOWN,
    E_UP,
    Spectator,
    Spectators,
    to_pseudoscalar,
    to_vector,
)
from dineutrino.inputs import Inputs
from dineutrino.inputs.leptons import MU, TAU, E
from dineutrino.observables import arguments
from dineutrino.observables.arguments import InBin, Kind, Whole
from dineutrino.observables.modes import MODES, Mode, decay
from dineutrino.observables.observable import Family, Number, Observable
from dineutrino.observables.semileptonic_kernel import Pairs, SemileptonicKernel, Side, conserving, violating
from dineutrino.theory import Theory

TEX = {E: "e", MU: r"\mu", TAU: r"\tau"}
Value = Callable[[SemileptonicKernel, Theory], Float[Array, ""]]


class Numbers(eqx.Module):
    """What tells one decay from the others of its family; y where mixing counts."""

    side: Side
    pairs: Pairs
    y: Float[Array, ""] | None


@dataclass(frozen=True)
class Semileptonic(Observable[SemileptonicKernel, Numbers]):
    """A number of one decay into one or two pairs of charged leptons.

    Attributes:
        mode: the decay.
        pairs: of l_a^- and l_b^+, counted from zero.
        spectators: what the light quark of the B meson does in it; None where taus begin above charmonium, and where
            photons make no such pair.
    """

    mode: Mode
    pairs: tuple[tuple[int, int], ...]
    spectators: Spectators | None

    @property
    def conserves(self) -> bool:
        """Whether each lepton comes with its own antiparticle."""
        return all(a == b for a, b in self.pairs)

    @property
    def mixes(self) -> bool:
        """Whether the parent and its antiparticle decay into the same states."""
        return self.conserves and self.mode.parent == "B_s"

    def family(self, *numbers: float) -> Family:
        """Decays of one transition into as many pairs, with what their spectators do; a whole rate is an open bin."""
        key = ("semileptonic", self.mode.transition, len(self.pairs), self.conserves, self.mixes, self.spectators)
        return Family(key, (self.mode, self.pairs, numbers))

    def numbers(self, inputs: Inputs, *numbers: Number) -> Numbers:
        """Masses, lifetime and leptons of the decay, and the bin."""
        its, where = decay(self.mode, inputs), arguments.arguments(self.takes[0], *numbers)
        if isinstance(where, InBin):
            lower, upper, time = where.lower, where.upper, its.time / (where.upper - where.lower)
        else:
            lower, upper, time = jnp.asarray(0.0), jnp.asarray(jnp.inf), its.time
        masses = jnp.stack([jnp.stack([inputs[f"m_{FLAVOURS[i]}"] for i in pair]) for pair in self.pairs])
        selection = jnp.stack([jnp.zeros((3, 3)).at[pair].set(1.0) for pair in self.pairs])
        side = Side(its.masses, time, lower, upper, self._spectator(inputs), self.mode.amplitudes, self.mode.transition)
        return Numbers(side, Pairs(selection, masses), inputs["y_s"] if self.mixes else None)

    def _spectator(self, inputs: Inputs) -> Spectator | None:
        """That of the decay."""
        if self.spectators is None:
            return None
        charge = E_UP if self.mode.parent == "B+" else E_DOWN
        return Spectator(jnp.asarray(charge), inputs[f"f_{self.mode.parent}"], self.spectators)

    def integrate(self, inputs: Inputs, numbers: Numbers) -> SemileptonicKernel:
        """The forms of all pairs."""
        if self.conserves:
            return conserving(numbers.side, numbers.pairs, inputs, self.mode.quarks, numbers.y)
        return violating(numbers.side, numbers.pairs, inputs, self.mode.quarks)

    def check(self, inputs: Inputs, *numbers: float) -> None:
        """Refuse arguments that make no sense.

        Raises:
            DineutrinoError: wrong number, not finite, outside the kinematic range, a bin that is empty, reversed or
                below the threshold, or one with charmonium in it where light leptons are counted.
        """
        kind = arguments.kind_of(self.name, numbers, self.takes)
        arguments.check(self.name, kind, numbers, self.mode.end_point(inputs))
        if kind is not InBin:
            return
        lower, upper = numbers
        threshold = max(sum(float(inputs[f"m_{FLAVOURS[i]}"]) for i in pair) ** 2 for pair in self.pairs)
        if upper <= threshold:
            raise DineutrinoError(f"the q2 bin of {self.name} ends below the threshold at {threshold:.6g} GeV^2.")
        if not any(TAU in pair for pair in self.pairs) and lower < CHARMONIUM[1] and upper > CHARMONIUM[0]:
            raise DineutrinoError(
                f"{self.name} is not known between {CHARMONIUM[0]:g} and {CHARMONIUM[1]:g} GeV^2, where narrow "
                f"resonances rule; give a bin below or above."
            )


@dataclass(frozen=True)
class Tex:
    """LaTeX of a decay, of that of the antiparticle, and of both."""

    particle: str
    antiparticle: str


_TEX = {
    "B+->K": Tex(r"B^+\to K^+", r"B^-\to K^-"),
    "B0->K": Tex(r"B^0\to K^0", r"\bar B^0\to \bar K^0"),
    "B+->K*": Tex(r"B^+\to K^{*+}", r"B^-\to K^{*-}"),
    "B0->K*": Tex(r"B^0\to K^{*0}", r"\bar B^0\to \bar K^{*0}"),
    "Bs->phi": Tex(r"B_s\to\phi", r"\bar B_s\to\phi"),
}
_SOURCE = "arXiv:1506.03970; arXiv:1602.00881; hep-ph/0106067 and arXiv:0810.4077 (loops)"
_RATIO_SOURCE = f"{_SOURCE}; hep-ph/0412400 and arXiv:0709.4174 (spectators)"


def _of(
    name: str, tex: str, process: str, description: str, mode: str, pairs: tuple[tuple[int, int], ...], takes: Kind,
    value: Value, unit: str = "1", spectators: Spectators | None = None,
) -> Semileptonic:  # fmt: skip
    return Semileptonic(
        name=name,
        tex=tex,
        process=process,
        unit=unit,
        description=description,
        source=_SOURCE if spectators is None else _RATIO_SOURCE,
        takes=(takes,),
        transitions=(MODES[mode].transition,),
        value=value,
        is_fraction=False,
        mode=MODES[mode],
        pairs=pairs,
        spectators=spectators,
    )


def _taus(mode: str) -> tuple[Semileptonic, ...]:
    process, pairs = rf"{_TEX[mode].particle}\tau^+\tau^-", ((TAU, TAU),)
    return (
        _of(f"BR({mode}tautau)", rf"\mathcal{{B}}({process})", process, f"branching ratio, {mode} tau tau", mode, pairs,
            Whole, SemileptonicKernel.rate),
        _of(f"<dBR/dq2>({mode}tautau)", rf"\langle d\mathcal{{B}}/dq^2\rangle({process})", process,
            f"differential branching ratio averaged over a q2 bin, {mode} tau tau", mode, pairs, InBin,
            SemileptonicKernel.rate, "GeV^-2"),
    )  # fmt: skip


def _two_flavours(mode: str, pairs: tuple[tuple[int, int], ...]) -> Semileptonic:
    written = [f"{FLAVOURS[b]}{FLAVOURS[a]}" for a, b in pairs]
    a, b = pairs[0]
    tex = _TEX[mode]
    both = len(pairs) > 1
    process = rf"{tex.particle} {TEX[b]}^\pm {TEX[a]}^\mp" if both else rf"{tex.antiparticle} {TEX[b]}^+{TEX[a]}^-"
    return _of(
        f"BR({mode}{','.join(written)})",
        rf"\mathcal{{B}}({process})",
        process,
        f"branching ratio, {mode} {' and '.join(written)}",
        mode,
        pairs,
        Whole,
        SemileptonicKernel.rate,
    )


_SPECTATORS: dict[str, Spectators] = {
    "B+->K": to_pseudoscalar,
    "B0->K": to_pseudoscalar,
    "B+->K*": to_vector,
    "B0->K*": to_vector,
}


def _light_ratio(mode: str) -> Semileptonic:
    process = rf"{_TEX[mode].particle}\ell^+\ell^-"
    return _of(
        f"<Rmue>({mode}ll)",
        rf"\langle R_{{\mu e}}\rangle({process})",
        process,
        f"muons over electrons in a q2 bin, {mode} l l",
        mode,
        ((MU, MU), (E, E)),
        InBin,
        SemileptonicKernel.ratio,
        spectators=_SPECTATORS[mode],
    )


SEMILEPTONIC: tuple[Semileptonic, ...] = (
    *(observable for mode in _TEX for observable in _taus(mode)),
    *(_two_flavours(mode, ((a, b),)) for mode in _TEX for b, a in permutations((E, MU, TAU), 2)),
    *(_two_flavours(mode, ((a, b), (b, a))) for mode in _TEX for b, a in ((E, MU), (E, TAU), (MU, TAU))),
    *(_light_ratio(mode) for mode in _SPECTATORS),
)
