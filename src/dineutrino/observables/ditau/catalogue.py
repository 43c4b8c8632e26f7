"""The bins of the di-tau tail, which are all computed together."""

from dataclasses import dataclass

from dineutrino.inputs import Inputs
from dineutrino.observables.arguments import Whole
from dineutrino.observables.ditau.yields import BINS, NAMES, Tails
from dineutrino.observables.observable import Component, Family, Prepared

SOURCE = "arXiv:2207.10714 sec. 2 (cross sections and kernels), arXiv:2002.12223 (bins of ATLAS)"


@dataclass(frozen=True)
class InTail(Prepared[Tails]):
    """Events in one bin."""

    def family(self, *numbers: float) -> Family:
        """All are one kernel."""
        return Family(Tails, ())

    def kernel_at(self, inputs: Inputs) -> Tails:
        """Yields of all bins."""
        return Tails.of(inputs)


def _bin(name: str, low: int, high: int) -> InTail:
    return InTail(
        name=name,
        tex=rf"N_{{\tau\tau}}^{{{low}\text{{-}}{high}}}",
        process=r"pp\to\tau^+\tau^-",
        unit="1",
        description=f"events of new physics in pp->tautau, ATLAS with 139/fb, transverse mass {low} to {high} GeV",
        source=SOURCE,
        takes=(Whole,),
        transitions=(),
        value=Component(Tails.values, name),
        is_fraction=False,
    )


DITAU: tuple[InTail, ...] = tuple(map(_bin, NAMES, BINS, BINS[1:]))
