"""Tails of pp -> tau tau from published files: with the propagator of a leptoquark, or of contact interactions."""

from pathlib import Path

from dineutrino.inputs import Inputs
from dineutrino.inputs.tail_yields import TailYields
from dineutrino.measurements.published import atlas2020_ditau
from dineutrino.observables.ditau import partons
from dineutrino.observables.ditau.leptoquarks import exchanged_yields
from dineutrino.observables.ditau.yields import highest_energy, yields_of


def leptoquark_yields(leptoquark: str, mass: float, inputs: Inputs, data: str | Path | None = None) -> TailYields:
    """Yields of one leptoquark, for `Prior.with_tails` or `Inputs`; of its coefficients at the scale of its mass.

    Args:
        leptoquark: its name, "R2t"; see `dineutrino.observables.ditau.leptoquarks.CHANNEL`.
        mass: TeV.
        inputs: for the choice of a cut.
        data: folder of the files, by default that of DINEUTRINO_DATA.

    Raises:
        DineutrinoError: another leptoquark, a mass below 1 TeV, or files that are missing or broken.
    """
    return exchanged_yields(leptoquark, mass, atlas2020_ditau.files().directory(data), highest_energy(inputs))


def contact_yields(inputs: Inputs, data: str | Path | None = None) -> TailYields:
    """The same of contact interactions, which the package has without files.

    Raises:
        DineutrinoError: files that are missing or broken.
    """
    return yields_of(partons.table(atlas2020_ditau.files().directory(data), highest_energy(inputs)))
