"""Whether couplings are small enough for perturbation theory; in an effective theory 4 pi at its scale is the most."""

import math
from collections.abc import Mapping

import jax.numpy as jnp

from dineutrino.models import SMEFT, Model
from dineutrino.models.mediators import Mediator
from dineutrino.models.mediators.model import Mediators
from dineutrino.models.mediators.unitarity import LARGEST
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
    """Sentences about the parameters of a model: coefficients of SMEFT, and couplings of heavy fields."""
    if isinstance(model, Mediators):
        fields = model.present({name: jnp.asarray(value, dtype=float) for name, value in values.items()})
        return [sentence for field in fields for sentence in too_strong_field(field)]
    if not isinstance(model, SMEFT):
        return []
    scale = values[SCALE] if isinstance(model.scale, str) else model.scale
    own = model.own_parameters()
    return too_strong({name: value for name, value in values.items() if name in own and name != SCALE}, scale)


def too_strong_field(field: Mediator) -> list[str]:
    """A sentence if the couplings of a heavy field violate unitarity at tree level, one if it is wider than heavy."""
    wave, width = field.partial_wave(), field.relative_width()
    found = []
    if wave is not None and wave > LARGEST:
        found.append(
            f"the couplings of {field.name} violate unitarity at tree level: a partial wave is {wave:.3g}, beyond "
            f"{LARGEST:g}, and predictions make no sense there."
        )
    if width is not None and width > 1:
        found.append(f"{field.name} is no particle: with these couplings its width is {width:.3g} times its mass.")
    return found
