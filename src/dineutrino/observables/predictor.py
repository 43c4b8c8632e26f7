"""Several observables together: integrated once for given inputs, then evaluated at many coefficients."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import Inputs, Prior
from dineutrino.invisible import FinalStates, Invisible
from dineutrino.numerics.batching import chunked
from dineutrino.observables.modes import Mode, decay
from dineutrino.observables.registry import ObservableRef, check, get, label

CHUNK = 16_384
"""Points of a batch evaluated at a time: what they need fits the cache of a processor."""

MOST_SLICES = 32
"""More rows are gathered instead of sliced one by one."""


@dataclass(frozen=True)
class _Family:
    """Kernels that differ only in numbers, and so are one vmapped integral: the same function, form factors, arity."""

    kernel: Callable[..., Any]
    transition: str
    arity: int


@dataclass
class _Plan:
    """What to integrate, and how to read the observables off it.

    Attributes:
        members: for each family its distinct (mode, arguments).
        readings: for each family and contraction, pairs (place among the references, row among the members).
    """

    members: dict[_Family, list[tuple[Mode, tuple[float, ...]]]]
    readings: dict[tuple[_Family, Callable[..., Any]], list[tuple[int, int]]]


def _plan(references: Sequence[ObservableRef]) -> _Plan:
    plan = _Plan({}, {})
    for place, (name, *arguments) in enumerate(references):
        observable = get(str(name))
        member = (observable.mode, tuple(map(float, arguments)))
        family = _Family(observable.kernel_for(*member[1]), observable.mode.transition, len(arguments))
        members = plan.members.setdefault(family, [])
        if member not in members:
            members.append(member)
        plan.readings.setdefault((family, observable.contract), []).append((place, members.index(member)))
    return plan


def kernels(references: Sequence[ObservableRef], inputs: Inputs) -> tuple[Any, ...]:
    """All q2 integrals of the observables; a pytree for `contract`. Pure in the inputs."""
    found = []
    for family, members in _plan(references).members.items():
        decays = jax.tree.map(lambda *leaves: jnp.stack(leaves), *(decay(mode, inputs) for mode, _ in members))
        columns = [np.array(column) for column in zip(*(arguments for _, arguments in members), strict=True)]
        axes = (0, None, *[0] * family.arity)
        found.append(jax.vmap(family.kernel, in_axes=axes)(decays, inputs, *columns))
    return tuple(found)


def dependence(references: Sequence[ObservableRef], inputs: Inputs, invisible: Invisible) -> list[Array]:
    """All numbers through which the inputs enter the observables; of the final states only the structure counts."""
    found = []
    for family in kernels(references, inputs):
        found += jax.vmap(lambda kernel: kernel.entries(invisible))(family)
    return found


def contract(references: Sequence[ObservableRef], kernels: tuple[Any, ...], invisible: Invisible) -> Float[Array, " n"]:
    """Values of the observables, in the order of the references. Pure in the kernels and the coefficients.

    Args:
        references: names with their arguments.
        kernels: of these, from `kernels`.
        invisible: coefficients of massless neutrinos, or `FinalStates` with further pairs.
    """
    plan = _plan(references)
    by_family = dict(zip(plan.members, kernels, strict=True))
    values, places = [], []
    for (family, function), pairs in plan.readings.items():
        selected = rows_of(by_family[family], [row for _, row in pairs])
        values.append(jax.vmap(function, in_axes=(0, None))(selected, invisible))
        places += [place for place, _ in pairs]
    return rows_of(jnp.concatenate(values), np.argsort(places).tolist())


def rows_of(tree: Any, rows: list[int]) -> Any:
    """Rows of every leaf; slices where they are few, since an index array makes a gather, which is slower."""
    n, first = len(jax.tree.leaves(tree)[0]), rows[0]
    if rows == list(range(n)):
        return tree
    if rows == list(range(first, first + len(rows))):
        return jax.tree.map(lambda leaf: leaf[first : first + len(rows)], tree)
    if len(rows) > MOST_SLICES:
        return jax.tree.map(lambda leaf: leaf[np.array(rows)], tree)
    return jax.tree.map(lambda leaf: jnp.stack([jax.lax.index_in_dim(leaf, row, keepdims=False) for row in rows]), tree)


def check_integrals(
    references: Sequence[ObservableRef], inputs: Inputs, invisible: Invisible, values: Float[np.ndarray, "*points n"]
) -> None:
    """Refuse rates into pairs of a kind of the user's own that could not be integrated: they are nan.

    Args:
        references: the observables.
        inputs: the inputs.
        invisible: one point, or several where `values` has an axis of points.
        values: of the observables.

    Raises:
        DineutrinoError: naming the first such pair.
    """
    if all(pair.smooth for pair in FinalStates.of(invisible).pairs):
        return
    for *point, column in np.argwhere(np.isnan(values)):
        states = FinalStates.of(jax.tree.map(lambda leaf, at=tuple(point): jnp.asarray(leaf)[at], invisible))
        name, *arguments = references[column]
        for pair in states.pairs:
            alone = FinalStates(NeutrinoCoefficients.zero(), (pair,))
            get(str(name))(alone, inputs, *map(float, arguments))


class Predictor:
    """Observables at fixed inputs: `predictor(wilson)` only contracts, in microseconds.

    Args:
        references: names with their arguments, ("<dBR/dq2>(B+->Knunu)", 4.0, 8.0); a bare name is a reference too.
        inputs: the inputs.

    Raises:
        DineutrinoError: no observable, an unknown name or impossible arguments.
    """

    def __init__(self, references: Sequence[ObservableRef | str], inputs: Inputs):
        if isinstance(references, str):
            raise DineutrinoError(f"a Predictor takes a list of observables, not one name; write ['{references}'].")
        self.references = tuple((r,) if isinstance(r, str) else tuple(r) for r in references)
        self.inputs = inputs
        check(self.references, inputs)
        self.kernels = jax.jit(lambda inputs: kernels(self.references, inputs))(inputs)
        self._values = jax.jit(lambda invisible: contract(self.references, self.kernels, invisible))
        self._fractions = [i for i, (name, *_) in enumerate(self.references) if get(str(name)).is_fraction]
        self._batches: dict[int | None, Any] = {}

    def __call__(self, invisible: Invisible) -> Float[Array, " n"]:
        """Values at one point, in the order of the references.

        Raises:
            DineutrinoError: a pair that cannot be integrated, or F_L where nothing is produced; nan where the values
                are traced.
        """
        self._check_shapes(invisible, points=False)
        values = self._values(invisible)
        if not isinstance(values, jax.core.Tracer):
            self._check(invisible, values)
        return values

    def batch(self, invisible: Invisible, chunk: int | None = CHUNK) -> Float[Array, "points n"]:
        """Values at many points: every leaf of the coefficients carries a leading axis.

        Args:
            invisible: C_L and C_R of shape (points, 3, 3); masses and coefficients of further pairs of shape (points,).
            chunk: evaluate at most this many points at a time, which bounds the memory; None for all at once.

        Returns:
            The values; nan is F_L where nothing is produced.

        Raises:
            DineutrinoError: a pair that cannot be integrated; nan where the values are traced.
        """
        self._check_shapes(invisible, points=True)
        if chunk is not None and len(jax.tree.leaves(invisible)[0]) <= chunk:
            chunk = None
        if chunk not in self._batches:
            self._batches[chunk] = jax.jit(chunked(self._values, chunk))
        values = self._batches[chunk](invisible)
        if not isinstance(values, jax.core.Tracer):
            check_integrals(self.references, self.inputs, invisible, np.asarray(values))
        return values

    @staticmethod
    def _check_shapes(invisible: Invisible, points: bool) -> None:
        """Refuse several points where one is meant, one where several are, and axes of different lengths."""
        states = FinalStates.of(invisible)
        found = jnp.shape(states.neutrinos.C_L)
        if len(found) != (3 if points else 2):
            wanted = (
                "(points, 3, 3); call the predictor itself for one point"
                if points
                else ("(3, 3); use batch for several points")
            )
            raise DineutrinoError(f"C_L has the shape {found}, not {wanted}.")
        axes = {jnp.shape(leaf)[:1] for leaf in jax.tree.leaves(invisible)} if points else {found[:1]}
        if len(axes) > 1:
            raise DineutrinoError(
                f"every number of a batch needs the same leading axis of points, here they have {sorted(axes)}."
            )

    def _check(self, invisible: Invisible, values: Float[Array, " n"]) -> None:
        """Refuse a value that is nan although the point is finite."""
        check_integrals(self.references, self.inputs, invisible, np.asarray(values))
        for place in self._fractions:
            if np.isnan(values[place]) and all(np.all(np.isfinite(leaf)) for leaf in jax.tree.leaves(invisible)):
                raise DineutrinoError(f"{label(self.references[place])} is undefined: nothing is produced there.")

    def covariance(self, invisible: Invisible, prior: Prior) -> Float[Array, "n n"]:
        """Theory covariance: linear propagation of the prior of the inputs with the exact Jacobian.

        Raises:
            DineutrinoError: the correlations of inputs that matter are not published.
        """

        def values(z: dict[str, Float[Array, " _"]]) -> Float[Array, " n"]:
            return contract(self.references, kernels(self.references, prior.inputs(z)), invisible)

        jacobian = jax.jit(jax.jacrev(values))(prior.origin())
        for block in prior.blocks:
            if not block.correlated and np.any(jacobian[block.name]):
                raise DineutrinoError(f"the correlations of {block.name} are not published; without, no covariance.")
        rows = jnp.concatenate([jacobian[block.name] for block in prior.blocks], axis=1)
        return rows @ rows.T
