"""Branching ratios as quadratic forms in two coefficients, and the regions that limits on them leave."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Points = Float[np.ndarray, "n 2"]


@dataclass(frozen=True)
class Quadratic:
    """c + g.x + x.H.x of two real coefficients x."""

    constant: float
    gradient: Float[np.ndarray, "2"]
    hessian: Float[np.ndarray, "2 2"]

    @classmethod
    def all_of(cls, function: Callable[[Points], Float[np.ndarray, "n k"]]) -> "list[Quadratic]":
        """The k forms behind a function, from its values at six points."""
        c, a, less_a, b, less_b, both = function(
            np.array([[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0], [1.0, 1.0]])
        )
        gradient = np.stack([a - less_a, b - less_b]) / 2
        aa, bb = (a + less_a) / 2 - c, (b + less_b) / 2 - c
        ab = (both - c - gradient.sum(axis=0) - aa - bb) / 2
        hessian = np.array([[aa, ab], [ab, bb]])
        return [cls(float(c[k]), gradient[:, k], hessian[:, :, k]) for k in range(len(c))]

    def __call__(self, x: Points) -> Float[np.ndarray, " n"]:
        """Its values."""
        return self.constant + x @ self.gradient + np.einsum("ni,ij,nj->n", x, self.hessian, x)

    @property
    def lowest(self) -> Float[np.ndarray, "2"]:
        """Where it has its minimum."""
        return -np.linalg.solve(self.hessian, self.gradient) / 2

    def below(self, value: float, origin: Float[np.ndarray, "2"], directions: Points) -> Points:
        """Where it is below a value along rays from an origin: smallest and largest distance; nan where nowhere.

        Distances are from zero on. The form must be positive in every direction.
        """
        a = np.einsum("ni,ij,nj->n", directions, self.hessian, directions)
        b = directions @ (self.gradient + 2 * self.hessian @ origin)
        c = float(self(origin[None])[0]) - value
        root = np.sqrt(np.where(b**2 >= 4 * a * c, b**2 - 4 * a * c, np.nan))
        near, far = (-b - root) / (2 * a), (-b + root) / (2 * a)
        return np.where((far >= 0)[:, None], np.stack([np.maximum(near, 0.0), far], axis=1), np.nan)


def crescents(
    inside: Quadratic, window: tuple[float, float], other: Quadratic, limit: float, points: int
) -> Sequence[tuple[Points, Points]]:
    """Where one form lies in a window and another below a limit: pieces, each with its outer and inner edge.

    Rays go out from the minimum of the first form, which must lie below the window.
    """
    origin, angles = inside.lowest, np.linspace(-np.pi, np.pi, points)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    lower, upper = (inside.below(end, origin, directions)[:, 1] for end in window)
    near, far = other.below(limit, origin, directions).T
    first, last = np.maximum(lower, near), np.minimum(upper, far)
    allowed = first <= last
    if allowed.all():
        return [(origin + last[:, None] * directions, origin + first[:, None] * directions)]
    turn = int(np.argmin(allowed))  # begin outside, so that no piece is cut in two
    order = np.roll(np.arange(points), -turn)
    pieces = np.split(order, np.flatnonzero(np.diff(allowed[order].astype(int))) + 1)
    return [
        (origin + last[at, None] * directions[at], origin + first[at, None] * directions[at])
        for at in pieces
        if allowed[at[0]]
    ]
