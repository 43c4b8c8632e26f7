"""Tails of pp -> tau tau from published files: with the propagator of a leptoquark, or of contact interactions."""

from pathlib import Path

from dineutrino.inputs import Inputs
from dineutrino.measurements.published import atlas2020_ditau
from dineutrino.observables.ditau import leptoquarks, partons
from dineutrino.observables.ditau.yields import Tails, highest_energy


def leptoquark_tails(leptoquark: str, mass: float, inputs: Inputs, data: str | Path | None = None) -> Tails:
    """What one leptoquark adds to the tails: `events` of the result takes its coefficients at the scale of its mass.

    Args:
        leptoquark: its name, "R2t"; see `dineutrino.observables.ditau.leptoquarks.CHANNEL`.
        mass: TeV.
        inputs: for the CKM matrix and the choice of a cut.
        data: folder of the files, by default that of DINEUTRINO_DATA.

    Raises:
        DineutrinoError: another leptoquark, a mass below 1 TeV, or files that are missing or broken.
    """
    return leptoquarks.leptoquark_tails(leptoquark, 1000 * mass, atlas2020_ditau.files().directory(data), inputs)


def contact_tails(inputs: Inputs, data: str | Path | None = None) -> Tails:
    """The same of contact interactions, which the package has without files.

    Raises:
        DineutrinoError: files that are missing or broken.
    """
    return Tails.of_table(partons.table(atlas2020_ditau.files().directory(data), highest_energy(inputs)), inputs)
