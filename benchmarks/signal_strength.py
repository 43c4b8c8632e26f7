"""A HistFactory workspace as something that `dineutrino.inference` can fit."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dineutrino.measurements.histfactory import HistFactory


class SignalStrength:
    """The parameter of interest first; every entry of a vector is the distance from where its parameter starts.

    Attributes:
        names, n_parameters, lower, upper, scale: see `dineutrino.inference.Target`.
    """

    def __init__(self, model: HistFactory):
        start = np.asarray(model.vector(model.initial()))
        parameters = list(model.parameters.items())
        names = [f"{name} {i + 1}" if p.size > 1 else name for name, p in parameters for i in range(p.size)]
        bounds = np.array([pair for _, p in parameters for pair in p.bounds])
        order = np.argsort(np.array(names) != model.parameter_of_interest, kind="stable")
        self.model, self.n_parameters = model, 1
        self.names = tuple(names[i] for i in order)
        self.lower, self.upper = jnp.asarray((bounds - start[:, None])[order].T)
        self.scale = jnp.asarray([s for _, p in parameters for s in p.sigmas or (1.0,) * p.size])[order]
        self._start, self._back = start, np.argsort(order)

    def log_prob(self, point: Any) -> jax.Array:
        """Log-density of the workspace."""
        return self.model.log_prob(point)

    def to_point(self, vector: jax.Array) -> Any:
        """Parameters by name."""
        return self.model.point(self._start + vector[self._back])

    def to_vector(self, point: Any) -> jax.Array:
        """The inverse of `to_point`."""
        return (self.model.vector(point) - self._start)[np.argsort(self._back)]
