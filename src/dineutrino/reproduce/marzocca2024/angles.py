"""The half sphere of directions, theta and phi of n = (sin theta cos phi, sin theta sin phi, cos theta)."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from dineutrino.inputs import ckm_matrix, load_inputs
from dineutrino.inputs.quarks import D, S
from dineutrino.reproduce.figure import Figure, Line, Panel, fewer
from dineutrino.reproduce.level_lines import level_line
from dineutrino.reproduce.marzocca2024.classes import PAPER, SOURCE

PHI, THETA = r"$\phi$ [rad]", r"$\theta$ [rad]"
SMALLEST, LARGEST = 0.2, 5.0
"""Of a_bd and a_bs in the region of the third family, eq. (9)."""


class Plane(NamedTuple):
    """A grid of directions.

    Attributes:
        phi, theta: values along the axes, rad.
    """

    phi: Float[np.ndarray, " column"]
    theta: Float[np.ndarray, " row"]

    @classmethod
    def of(cls, phi: tuple[float, float], theta: tuple[float, float], points: int, fast: bool) -> "Plane":
        """Evenly in phi and in the logarithm of theta; fewer points if fast."""
        n = fewer(points, fast)
        return cls(np.linspace(*phi, n), np.geomspace(*theta, n))

    @property
    def points(self) -> tuple[Float[np.ndarray, " point"], Float[np.ndarray, " point"]]:
        """phi and theta of all points, row by row."""
        phi, theta = np.meshgrid(self.phi, self.theta)
        return phi.ravel(), theta.ravel()

    @property
    def turning(self) -> Float[np.ndarray, " point"]:
        """n_s n_b = sin theta cos theta sin phi: what b -> s has of C."""
        phi, theta = self.points
        return np.sin(theta) * np.cos(theta) * np.sin(phi)

    def on_grid(self, values: Float[np.ndarray, " point"]) -> Float[np.ndarray, "row column"]:
        """Values of all points as a matrix."""
        return np.reshape(values, (len(self.theta), len(self.phi)))

    def line(self, label: str, values: Float[np.ndarray, " point"], level: float, color: str, style: str = "-") -> Line:
        """Where a quantity has one value."""
        return level_line(label, self.phi, self.theta, self.on_grid(values), level, color, style)

    def third_family(self) -> Line:
        """The edge of eq. (9): |n_d/n_b| and |n_s/n_b| between a fifth and five times |V_td| and |V_ts|."""
        phi, theta = self.points
        V = np.abs(np.asarray(ckm_matrix(load_inputs(PAPER))))[2]
        parts = np.tan(theta) * np.abs(np.cos(phi)) / V[D], np.tan(theta) * np.abs(np.sin(phi)) / V[S]
        inside = [np.minimum(a / SMALLEST - 1, 1 - a / LARGEST) for a in parts]
        return self.line("third family", np.min(inside, axis=0), 0.0, "0.6", ":")


def figure_2(fast: bool = False) -> Figure:
    """Directions of the quarks; up quarks are rows of the CKM matrix, n_i = V_ji^*, here without phases."""
    V = np.abs(np.asarray(ckm_matrix(load_inputs(PAPER))))
    directions = {"d": np.eye(3)[0], "s": np.eye(3)[1], "b": np.eye(3)[2], "u": V[0], "c": V[1], "t": V[2]}
    points = []
    for i, (name, n) in enumerate(directions.items()):
        theta, phi = np.arccos(min(n[2], 1.0)), np.arctan2(n[1], n[0])
        points.append(Line(name, np.array([phi]), np.array([theta]), f"C{i}", "o"))
    edge = Plane.of((0.0, np.pi / 2), (1e-3, np.pi / 2), 201, fast).third_family()
    panel = Panel("", PHI, THETA, [*points, edge])
    return Figure(f"{PAPER} figure 2", SOURCE, "Directions of quarks; b is at theta = 0 for any phi.", [panel])
