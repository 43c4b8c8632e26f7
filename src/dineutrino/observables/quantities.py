"""What can be measured of a decay with something invisible in it, whatever the decay."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic  # noqa: TID251  # a kernel is prepared for the kinds of arguments that `takes` lists

from jaxtyping import Array, Float

from dineutrino.inputs import Inputs
from dineutrino.observables import annihilation_kernel, neutrino_kernel, polarisation
from dineutrino.observables.arguments import AtQ2, InBin, Kind, Whole
from dineutrino.observables.modes import Decay, Mode
from dineutrino.observables.neutrino_kernel import NeutrinoKernel
from dineutrino.observables.observable import K, OfDecay
from dineutrino.observables.polarisation import PolarisationKernel
from dineutrino.theory import Theory


@dataclass(frozen=True)
class Quantity(Generic[K]):
    """What can be measured of a decay; attributes as those of the observables that it makes.

    Attributes:
        prefix: of the name, "dBR/dq2".
    """

    prefix: str
    tex: str
    unit: str
    description: str
    takes: tuple[Kind, ...]
    kernel: Callable[[Decay, Inputs, Any], K]
    value: Callable[[K, Theory], Float[Array, ""]]
    is_fraction: bool = False
    few_nodes: bool = False

    def of(self, mode: Mode) -> OfDecay[K]:
        """The observable of one decay."""
        return OfDecay(
            name=f"{self.prefix}({mode.name}nunu)",
            tex=f"{self.tex}({mode.tex})",
            process=mode.tex,
            unit=self.unit,
            description=f"{self.description}, {mode.name} {'+ ' if mode.daughter else ''}invisible",
            source=mode.source,
            takes=self.takes,
            transitions=(mode.transition,) if mode.transition else (),
            value=self.value,
            is_fraction=self.is_fraction,
            mode=mode,
            kernel=self.kernel,
            few_nodes=self.few_nodes,
        )


RATES = (
    Quantity("BR", r"\mathcal{B}", "1", "branching ratio", (Whole,), neutrino_kernel.integrated, NeutrinoKernel.rate),
    Quantity("<BR>", r"\mathcal{B}_{\mathrm{bin}}", "1", "branching ratio in a q2 bin", (InBin,),
             neutrino_kernel.integrated, NeutrinoKernel.rate, few_nodes=True),
    Quantity("dBR/dq2", r"d\mathcal{B}/dq^2", "GeV^-2", "differential branching ratio", (AtQ2,),
             neutrino_kernel.differential, NeutrinoKernel.rate),
    Quantity("<dBR/dq2>", r"\langle d\mathcal{B}/dq^2\rangle", "GeV^-2",
             "differential branching ratio averaged over a q2 bin", (InBin,), neutrino_kernel.averaged,
             NeutrinoKernel.rate),
    Quantity("R", r"\mathcal{R}", "1", "short-distance branching ratio over its Standard Model value", (Whole,),
             neutrino_kernel.integrated, NeutrinoKernel.ratio),
    Quantity("<R>", r"\mathcal{R}_{\mathrm{bin}}", "1",
             "short-distance branching ratio in a q2 bin over its Standard Model value", (InBin,),
             neutrino_kernel.integrated, NeutrinoKernel.ratio, few_nodes=True),
)  # fmt: skip
POLARISATIONS = (
    Quantity("FL", r"F_L", "1", "fraction of pairs of helicity zero, at q2 or in all decays", (Whole, AtQ2),
             polarisation.fractions, PolarisationKernel.fraction, is_fraction=True),
    Quantity("<FL>", r"\langle F_L\rangle", "1", "fraction of pairs of helicity zero in a q2 bin", (InBin,),
             polarisation.fractions, PolarisationKernel.fraction, is_fraction=True),
)  # fmt: skip
ANNIHILATION = (
    Quantity("BR", r"\mathcal{B}", "1", "branching ratio", (Whole,), annihilation_kernel.integrated,
             NeutrinoKernel.rate),
)  # fmt: skip
