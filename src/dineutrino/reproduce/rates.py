"""What the figures are made of: branching ratios of a model as functions of a mass, per unit of a coupling."""

from collections.abc import Mapping

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.models import Model
from dineutrino.observables import Predictor


def standard_model(predictor: Predictor) -> Float[np.ndarray, " n"]:
    """Values of the observables in the Standard Model."""
    return np.asarray(predictor(NeutrinoCoefficients.zero()))


def new_physics(
    predictor: Predictor, model: Model, values: Mapping[str, Float[np.ndarray, " points"]]
) -> Float[np.ndarray, "points n"]:
    """What the model adds to the Standard Model, at many points in one call."""
    points = {name: jnp.asarray(value, dtype=float) for name, value in values.items()}
    found = jax.vmap(lambda point: model(point, predictor.inputs).beyond)(points)
    return np.asarray(predictor.batch(found)) - standard_model(predictor)


def per_coupling2(
    predictor: Predictor, model: Model, coupling: str, masses: Float[np.ndarray, " points"], at: float = 1.0
) -> Float[np.ndarray, "points n"]:
    """New-physics part over the square of the coupling, at many masses; the coupling is set to `at` to get it."""
    found = new_physics(predictor, model, {"mass": masses, coupling: np.full(len(masses), at)})
    return np.maximum(found, 0.0) / at**2


def root(
    target: Float[np.ndarray, "..."] | float, per_square: Float[np.ndarray, " points"]
) -> Float[np.ndarray, " points"]:
    """The coupling that makes the target; nan where none does."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((per_square > 0) & (np.asarray(target) >= 0), np.sqrt(np.abs(target) / per_square), np.nan)
