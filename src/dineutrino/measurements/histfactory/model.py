"""The likelihood of a HistFactory workspace as a pure function of its parameters."""

import math
from collections.abc import Mapping

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.measurements.histfactory.checks import LARGEST
from dineutrino.measurements.histfactory.interpolation import (
    HISTOSYS_CODES,
    NORMSYS_CODES,
    normalisation,
    odd_and_even,
)
from dineutrino.measurements.histfactory.parameters import NORMAL, POISSON, parameters
from dineutrino.measurements.histfactory.workspace import Workspace

Point = Mapping[str, Float[Array, "..."]]
"""Parameter -> its value; a vector where there is one for each bin."""
PER_BIN = ("staterror", "shapesys", "shapefactor")


class HistFactory:
    """Yields and log-likelihood; every array is laid out once, and nothing loops over bins, samples or modifiers.

    Cells are the bins of all samples of all channels, one after the other. In a cell the yield is
    (nominal + sum of histosys) x product of all other modifiers; the bins sum their cells.

    Args:
        workspace: what to compute.
        histosys: interpolation code, "code4p" or "code0".
        normsys: interpolation code, "code4" or "code1".

    Attributes:
        parameters: by name, with their starting values, bounds and constraints.
        observed: numbers of events, channel after channel in alphabetical order.
        channels: name of each channel -> its bins in `observed`.
        rows: channel and sample -> its cells.

    Raises:
        DineutrinoError: an unknown code, parameters that do not fit together, or initial values so large that the
            yields overflow.

    Source: CERN-OPEN-2012-016, with the conventions of pyhf (10.5281/zenodo.1169739) for constraints.
    """

    def __init__(self, workspace: Workspace, histosys: str = "code4p", normsys: str = "code4"):
        self.parameters = parameters(workspace)
        self.parameter_of_interest = workspace.parameter_of_interest
        self.codes = (histosys, normsys)
        for kind, code, codes in (("histosys", histosys, HISTOSYS_CODES), ("normsys", normsys, NORMSYS_CODES)):
            if code not in codes:
                raise unknown(f"interpolation code of {kind}", code, codes)
        self.observed = np.concatenate([channel.observed for channel in workspace.channels])
        self.channels: dict[str, slice] = {}
        starts = np.cumsum([0, *(parameter.size for parameter in self.parameters.values())])
        self._slices = {
            name: slice(int(a), int(b)) for name, a, b in zip(self.parameters, starts[:-1], starts[1:], strict=True)
        }
        self._start = np.array([x for parameter in self.parameters.values() for x in parameter.inits])
        self._lay_out(workspace)
        self._check_size(workspace.place)
        self._constraints()

    # -- the formula ------------------------------------------------------------------------------------------------

    def log_prob(self, point: Point) -> Float[Array, ""]:
        """Log of the probability density of the observed numbers and of the auxiliary data, all constants included."""
        theta = self.vector(point)
        return self.log_likelihood(self._expected(theta)) + self._log_constraints(theta)

    def log_likelihood(self, expected: Float[Array, " bin"]) -> Float[Array, ""]:
        """Log of the Poisson probability of the observed numbers, for given expectations."""
        return _log_poisson(self.observed, expected)

    def expected(self, point: Point) -> Float[Array, " bin"]:
        """Expected numbers of events, in the order of `observed`."""
        return self._expected(self.vector(point))

    def rescaled(self, vector: Float[Array, " n"], factors: Float[Array, " cell"]) -> Float[Array, " bin"]:
        """Expected numbers of events for a `vector` of all parameters, every cell times a factor of its own."""
        return jnp.asarray(self._sum_cells) @ self.cell_yields(vector, factors)

    def cell_yields(self, vector: Float[Array, " n"], factors: Float[Array, " cell"]) -> Float[Array, " cell"]:
        """The same before the cells of a bin are added up."""
        return self._cells(vector) * factors

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return len(self._nominal)

    @property
    def central(self) -> Float[np.ndarray, " n"]:
        """What the auxiliary measurements with a normal distribution found, but for fixed parameters."""
        return self._normal_data[self._varied]

    @property
    def deviations(self) -> Float[np.ndarray, " n"]:
        """Their standard deviations."""
        return self._sigmas[self._varied]

    def displaced(self, z: Float[Array, " n"]) -> Float[Array, " m"]:
        """All parameters: those of `central` by z of their deviations away from it, all others where they start."""
        moved = self.central + self.deviations * z
        return jnp.asarray(self._start).at[self._normal[self._varied]].set(moved, unique_indices=True)

    def cells(self, channel: str, sample: str) -> slice:
        """Where the bins of a sample of a channel are among the cells.

        Raises:
            DineutrinoError: unknown channel or sample.
        """
        if channel not in self.channels:
            raise unknown("channel", channel, self.channels)
        samples = {name: part for (home, name), part in self.rows.items() if home == channel}
        if sample not in samples:
            raise unknown(f"sample of channel '{channel}'", sample, samples)
        return samples[sample]

    def log_constraints(self, point: Point) -> Float[Array, ""]:
        """Log of the probability density of the auxiliary data."""
        return self._log_constraints(self.vector(point))

    def _expected(self, theta: Float[Array, " n"]) -> Float[Array, " bin"]:
        return jnp.asarray(self._sum_cells) @ self._cells(theta)

    def _cells(self, theta: Float[Array, " n"]) -> Float[Array, " cell"]:
        padded = jnp.append(theta, 1.0)
        odd, even = odd_and_even(theta[self._shape_parameters], self.codes[0])
        yields = self._nominal + odd @ self._slopes + even @ self._curvatures
        factors = normalisation(theta[self._norm_parameters], self._norm_up, self._norm_down, self.codes[1])
        rows = jnp.prod(factors, axis=0) * jnp.prod(padded[self._row_parameters], axis=0)
        return jnp.asarray(yields) * rows[self._row_of_cell] * jnp.prod(padded[self._cell_parameters], axis=0)

    def _log_constraints(self, theta: Float[Array, " n"]) -> Float[Array, ""]:
        pulls = (self._normal_data - theta[self._normal]) / self._sigmas
        normal = -0.5 * jnp.sum(pulls**2) - np.sum(np.log(self._sigmas * np.sqrt(2 * np.pi)))
        return normal + _log_poisson(self._poisson_data, self._factors * theta[self._poisson])

    # -- points and vectors -----------------------------------------------------------------------------------------

    def initial(self) -> dict[str, Float[Array, "..."]]:
        """The point where fits start."""
        return {name: _shaped(np.array(p.inits)) for name, p in self.parameters.items()}

    def vector(self, point: Point) -> Float[Array, " n"]:
        """All parameters in one vector, in the order of `parameters`.

        Raises:
            DineutrinoError: an unknown, missing or misshapen parameter.
        """
        for name in point:
            if name not in self.parameters:
                raise unknown("parameter", name, self.parameters)
        found = []
        for name, parameter in self.parameters.items():
            if name not in point:
                raise DineutrinoError(f"parameter '{name}' has no value.")
            value = jnp.ravel(jnp.asarray(point[name], dtype=float))
            if len(value) != parameter.size:
                raise DineutrinoError(f"parameter '{name}' must have {parameter.size} entries, not {len(value)}.")
            found.append(value)
        return jnp.concatenate([jnp.zeros(0), *found])

    def point(self, vector: Float[Array, " n"]) -> dict[str, Float[Array, "..."]]:
        """The inverse of `vector`."""
        return {name: _shaped(vector[part]) for name, part in self._slices.items()}

    # -- arrays -----------------------------------------------------------------------------------------------------

    def _lay_out(self, workspace: Workspace) -> None:
        rows = [(channel, sample) for channel in workspace.channels for sample in channel.samples]
        sizes = [len(sample.yields) for _, sample in rows]
        starts = np.cumsum([0, *sizes])
        self.rows = {
            (channel.name, sample.name): slice(int(start), int(start) + size)
            for (channel, sample), start, size in zip(rows, starts[:-1], sizes, strict=True)
        }
        cells, bins, none = int(starts[-1]), len(self.observed), sum(p.size for p in self.parameters.values())
        first_bin = {}
        for channel in workspace.channels:
            start = sum(len(c.observed) for c in workspace.channels if c.name < channel.name)
            self.channels[channel.name] = slice(start, start + len(channel.observed))
            first_bin[channel.name] = start
        self._nominal = np.concatenate([sample.yields for _, sample in rows])
        self._row_of_cell = np.repeat(np.arange(len(rows)), sizes)
        self._sum_cells = np.zeros((bins, cells))
        slopes: dict[str, np.ndarray] = {}
        curvatures: dict[str, np.ndarray] = {}
        up: dict[str, np.ndarray] = {}
        down: dict[str, np.ndarray] = {}
        row_parameters: list[list[int]] = [[] for _ in rows]
        cell_parameters: list[list[int]] = [[] for _ in range(cells)]
        for row, (channel, sample) in enumerate(rows):
            part = np.arange(starts[row], starts[row + 1])
            self._sum_cells[first_bin[channel.name] + np.arange(len(part)), part] = 1.0
            for modifier in sample.modifiers:
                where = self._slices[modifier.name]
                if modifier.kind == "histosys":
                    high, low = np.array(modifier.up), np.array(modifier.down)
                    slopes.setdefault(modifier.name, np.zeros(cells))[part] += (high - low) / 2
                    curve = (high + low - 2 * np.array(sample.yields)) / 16
                    curvatures.setdefault(modifier.name, np.zeros(cells))[part] += curve
                elif modifier.kind == "normsys":
                    up.setdefault(modifier.name, np.ones(len(rows)))[row] *= modifier.up[0]
                    down.setdefault(modifier.name, np.ones(len(rows)))[row] *= modifier.down[0]
                elif modifier.kind in PER_BIN:
                    for cell, index in zip(part, range(where.start, where.stop), strict=True):
                        cell_parameters[cell].append(index)
                else:
                    row_parameters[row].append(where.start)
        self._shape_parameters = self._places(slopes)
        self._slopes, self._curvatures = _stacked(slopes, cells), _stacked(curvatures, cells)
        self._norm_parameters = self._places(up)
        self._norm_up, self._norm_down = _stacked(up, len(rows)), _stacked(down, len(rows))
        self._row_parameters = _layers(row_parameters, none)
        self._cell_parameters = _layers(cell_parameters, none)

    def _check_size(self, place: str) -> None:
        start = np.append(self._start, 1.0)
        alphas = np.abs(start[self._norm_parameters])[:, None]
        largest = np.maximum(np.abs(np.log(self._norm_up)), np.abs(np.log(self._norm_down)))
        logs = np.sum(np.where(alphas > 0, np.maximum(alphas, 1.0), 0.0) * largest, axis=0)
        logs = logs + np.sum(np.log(np.maximum(np.abs(start[self._row_parameters]), 1.0)), axis=0)
        logs = logs[self._row_of_cell] + np.sum(np.log(np.maximum(np.abs(start[self._cell_parameters]), 1.0)), axis=0)
        if np.any(logs > np.log(LARGEST)):
            raise DineutrinoError(f"{place}: the initial values of the parameters are so large that yields overflow.")

    def _places(self, names: Mapping[str, object]) -> np.ndarray:
        return np.array([self._slices[name].start for name in names], dtype=int)

    def _constraints(self) -> None:
        def collected(kind: str, attribute: str) -> np.ndarray:
            found = [getattr(p, attribute) for p in self.parameters.values() if p.constraint == kind]
            return np.concatenate([np.zeros(0), *map(np.array, found)])

        def indices(kind: str) -> np.ndarray:
            found = [np.arange(self._slices[n].start, self._slices[n].stop) for n, p in self.parameters.items()
                     if p.constraint == kind]  # fmt: skip
            return np.concatenate([np.zeros(0, int), *found])

        self._normal, self._normal_data = indices(NORMAL), collected(NORMAL, "auxdata")
        self._sigmas = collected(NORMAL, "sigmas")
        self._varied = ~np.array([x for p in self.parameters.values() if p.constraint == NORMAL for x in p.fixed], bool)
        self._poisson, self._poisson_data = indices(POISSON), collected(POISSON, "auxdata")
        self._factors = collected(POISSON, "factors")


def _log_poisson(n: Float[np.ndarray, " m"], expected: Float[Array | np.ndarray, " m"]) -> Float[Array, ""]:
    """Log of the Poisson probability of n, which need not be integer; -inf for an expectation that is impossible.

    Relative to the probability for the expectation n: no large numbers cancel where an error is tiny.
    """
    impossible = (expected < 0) | (expected == jnp.inf) | ((expected == 0) & (n > 0))
    safe = jnp.where(impossible, 1.0, expected)
    ratio = jnp.where(n > 0, safe / np.where(n > 0, n, 1.0), 1.0)  # an empty bin may expect nothing
    found = jnp.where(n > 0, n * (jnp.log(ratio) - (ratio - 1.0)), -safe) + _log_saturated(n)
    return jnp.sum(jnp.where(impossible, -jnp.inf, found))


def _log_saturated(n: Float[np.ndarray, " m"]) -> Float[np.ndarray, " m"]:
    """n log n - n - log n!, by Stirling's series where n is large."""
    small, large = np.clip(n, 1e-300, 1e4), np.maximum(n, 1e4)
    factorials = np.array([math.lgamma(x + 1.0) for x in small])
    return np.where(
        n < 1e4, small * np.log(small) - small - factorials, -0.5 * np.log(2 * np.pi * large) - 1 / (12 * large)
    )


def _stacked(arrays: Mapping[str, np.ndarray], width: int) -> np.ndarray:
    return np.stack(list(arrays.values())) if arrays else np.zeros((0, width))


def _layers(lists: list[list[int]], none: int) -> np.ndarray:
    """Index lists of any length as a rectangle, (depth, length), filled up with `none`."""
    depth = max(map(len, lists), default=0)
    return np.array([[entries[k] if k < len(entries) else none for entries in lists] for k in range(depth)],
                    dtype=int).reshape(depth, len(lists))  # fmt: skip


def _shaped(values: Float[Array, " n"] | np.ndarray) -> Float[Array, "..."]:
    """A scalar where there is one entry."""
    values = jnp.asarray(values)
    return values[0] if len(values) == 1 else values
