"""Whether coefficients of an effective theory are small enough for it: a coupling of 4 pi at the scale is the most."""

import math
from collections.abc import Mapping

from dineutrino.models import SMEFT, Model
from dineutrino.models.smeft import SCALE

STRONGEST = 4 * math.pi
"""|C| Lambda^2, a tree-level coefficient g^2/M^2 with M at the scale and the strongest g that means something."""


def too_strong(coefficients: Mapping[str, complex], scale: float) -> list[str]:
    """A sentence for each coefficient, TeV^-2, that no weakly coupled particle heavier than the scale, TeV, makes."""
    most = STRONGEST / scale**2
    return [
        f"{name} = {value:.4g} TeV^-2 is beyond 4 pi/({scale:g} TeV)^2 = {most:.3g} TeV^-2: the effective theory makes "
        "no sense there."
        for name, value in coefficients.items()
        if abs(value) > most
    ]


def too_strong_for(model: Model, values: Mapping[str, float]) -> list[str]:
    """The same for the parameters of a model; those of other models than SMEFT have no scale."""
    if not isinstance(model, SMEFT):
        return []
    scale = values[SCALE] if isinstance(model.scale, str) else model.scale
    own = model.own_parameters()
    return too_strong({name: value for name, value in values.items() if name in own and name != SCALE}, scale)
