"""The maxima of a log-probability: where they are, how high, how wide."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Array, Float

from dineutrino.errors import unknown
from dineutrino.inference.target import Point


@dataclass(frozen=True)
class Optimum:
    """A local maximum of the log-probability.

    Attributes:
        names: one per entry of the vector.
        vector: where it is.
        point: the same as a point of the target.
        log_prob: the maximum.
        gradient_norm: in standard deviations, i.e. the distance to the exact maximum (see `Curvature.slope`).
        covariance: inverse Hessian of -log_prob. Entries at a bound are held there and have no error (nan); entries
            that the data do not constrain (flat direction) have infinite variance.
        errors: square roots of its diagonal.
        converged: whether gradient_norm is below the tolerance.
        n_starts: number of starting points that led here.
        at_bound: names of the entries at a bound.
        flat: names of the entries that change along a direction in which the log-probability is flat.
        n_flat: number of directions in which the log-probability is flat.
        valley: points of the valley that the maximum is part of, itself the first of them; just one for a lone maximum.
        log_mass: Laplace's estimate of the log of the integral around the maximum, in units of the scales.
        root: symmetric root of the covariance in units of the scales, see `dineutrino.inference.curvature.local_root`.
        search_point, search_hessian: the maximum in the coordinates of `fold`, and the Hessian of -log_prob there.
    """

    names: tuple[str, ...]
    vector: Float[Array, " n"]
    point: Point
    log_prob: float
    gradient_norm: float
    covariance: Float[Array, "n n"]
    errors: Float[Array, " n"]
    converged: bool
    n_starts: int
    at_bound: tuple[str, ...]
    flat: tuple[str, ...]
    n_flat: int
    valley: Float[np.ndarray, "point n"]
    log_mass: float
    root: Float[np.ndarray, "n n"]
    search_point: Float[np.ndarray, " n"]
    search_hessian: Float[np.ndarray, "n n"]

    def __getitem__(self, name: str) -> float:
        """The value of a named entry."""
        return float(self.vector[self._place(name)])

    def error(self, name: str) -> float:
        """The Hessian error of a named entry."""
        return float(self.errors[self._place(name)])

    def _place(self, name: str) -> int:
        if name not in self.names:
            raise unknown("parameter", name, self.names)
        return self.names.index(name)


@dataclass(frozen=True)
class Maxima:
    """All maxima found, best first.

    Attributes:
        optima: distinct maxima.
        n_starts: number of starting points.
        n_lost: starting points that ended at no maximum.
        doubts: why there may be other maxima, one sentence each: one was reached so rarely that another half as wide
            could have been missed, or many searches were lost.
        cautions: all reservations, one sentence each.
    """

    optima: tuple[Optimum, ...]
    n_starts: int
    n_lost: int
    doubts: tuple[str, ...]
    cautions: tuple[str, ...]

    @property
    def best(self) -> Optimum:
        """The highest maximum."""
        return self.optima[0]

    @property
    def complete(self) -> bool:
        """Whether the searches show that there are no other maxima."""
        return not self.doubts

    def within(self, delta_log_prob: float) -> tuple[Optimum, ...]:
        """The maxima at most this far below the best."""
        return tuple(o for o in self.optima if o.log_prob >= self.best.log_prob - delta_log_prob)

    def __iter__(self) -> Iterator[Optimum]:
        return iter(self.optima)

    def __len__(self) -> int:
        return len(self.optima)

    def __getitem__(self, index: int) -> Optimum:
        return self.optima[index]
