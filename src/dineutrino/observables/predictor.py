"""Several observables together: integrated once for given inputs, then evaluated at many coefficients."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import Inputs, Prior
from dineutrino.inputs.ckm import ckm_elements
from dineutrino.inputs.derived import settled
from dineutrino.inputs.quarks import ALL
from dineutrino.numerics.batching import chunked
from dineutrino.observables.observable import Component, Kernel, SomeObservable
from dineutrino.observables.registry import ObservableRef, check, get, label
from dineutrino.running.strong import strong
from dineutrino.theory import Beyond, Flavours, NewPhysics, Theory, Wet, theory_of

Rows = TypeVar("Rows")
Value = Callable[[Kernel, Theory], Float[Array, ""]]
"""How an observable takes its value from a kernel that it prepared."""
Together = Callable[[Kernel, Theory], dict[str, Float[Array, ""]]]
"""How many observables take their values at once, by name."""
WithoutInputs = NeutrinoCoefficients | Wet | Beyond
"""New physics for a predictor, which has inputs of its own."""
CHUNK = 16_384
"""Points of a batch evaluated at a time: what they need fits the cache of a processor."""

SHARED = (ckm_elements, strong)
"""What many observables read off the inputs, computed once for all of them."""
MOST_SLICES = 32
"""More rows are gathered instead of sliced one by one."""


@dataclass
class _Plan:
    """What to integrate, and how to read the observables off it.

    Attributes:
        members: for each family its distinct members: an observable with its arguments stands for each.
        readings: for each family and way to take the value, pairs (place among the references, row among the members).
        components: for each family and way to take many values at once, the same with the name of one.
    """

    members: dict[Hashable, dict[Hashable, tuple[SomeObservable, tuple[float, ...]]]]
    readings: dict[tuple[Hashable, Value], list[tuple[int, int]]]
    components: dict[tuple[Hashable, Together], list[tuple[int, int, str]]]


def _plan(references: Sequence[ObservableRef]) -> _Plan:
    plan = _Plan({}, {}, {})
    for place, (name, *given) in enumerate(references):
        observable, arguments = get(str(name)), tuple(map(float, given))
        family = observable.family(*arguments)
        members = plan.members.setdefault(family.key, {})
        members.setdefault(family.member, (observable, arguments))
        row = list(members).index(family.member)
        value = observable.value
        if isinstance(value, Component):
            plan.components.setdefault((family.key, value.together), []).append((place, row, value.name))
        else:
            plan.readings.setdefault((family.key, value), []).append((place, row))
    return plan


def kernels(references: Sequence[ObservableRef], inputs: Inputs) -> tuple[Kernel, ...]:
    """All q2 integrals of the observables; a pytree for `contract`. Pure in the inputs."""
    found, inputs = [], settled(inputs, SHARED)
    for members in _plan(references).members.values():
        numbers = [observable.numbers(inputs, *arguments) for observable, arguments in members.values()]
        stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *numbers)
        first, _ = next(iter(members.values()))
        found.append(jax.vmap(first.integrate, in_axes=(None, 0))(inputs, stacked))
    return tuple(found)


def dependence(kernels: tuple[Kernel, ...], theory: Theory) -> list[Array]:
    """All numbers through which the inputs of a theory enter the observables and its new physics.

    Args:
        kernels: of the observables, from `kernels`, at the inputs of the theory.
        theory: one point.
    """
    return [entry for family in kernels for entry in jax.vmap(lambda kernel: kernel.entries(theory))(family)]


def contract(references: Sequence[ObservableRef], kernels: tuple[Kernel, ...], theory: Theory) -> Float[Array, " n"]:
    """Values of the observables, in the order of the references. Pure in the kernels and the theory.

    Args:
        references: names with their arguments.
        kernels: of these, from `kernels`, at the inputs of the theory.
        theory: one point.
    """
    theory = Theory(settled(theory.inputs, SHARED), theory.wet, theory.smeft)
    plan = _plan(references)
    by_family = dict(zip(plan.members, kernels, strict=True))
    values, places = [], []
    for (family, function), pairs in plan.readings.items():
        selected = rows_of(by_family[family], [row for _, row in pairs])
        values.append(jax.vmap(function, in_axes=(0, None))(selected, theory))
        places += [place for place, _ in pairs]
    for (family, together), entries in plan.components.items():
        found = jax.vmap(together, in_axes=(0, None))(by_family[family], theory)
        values += [rows_of(found[name], [row]) for _, row, name in entries]
        places += [place for place, _, _ in entries]
    return rows_of(jnp.concatenate(values), np.argsort(places).tolist())


def rows_of(tree: Rows, rows: list[int]) -> Rows:
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
    references: Sequence[ObservableRef], inputs: Inputs, wet: Wet, values: Float[np.ndarray, "*points n"]
) -> None:
    """Refuse rates into pairs of a kind of the user's own that could not be integrated: they are nan.

    Args:
        references: the observables.
        inputs: the inputs.
        wet: new physics at one point, or at several where `values` has an axis of points.
        values: of the observables.

    Raises:
        DineutrinoError: naming the first such pair.
    """
    if all(pair.smooth for pairs in wet.dark.named.values() for pair in pairs):
        return
    for *point, column in np.argwhere(np.isnan(values)):
        there = jax.tree.map(lambda leaf, at=tuple(point): jnp.asarray(leaf)[at], wet)
        name, *arguments = references[column]
        for quarks in ALL:
            for pair in there.pairs(quarks):  # several of a kind are traced, and then cannot be refused
                alone = Wet(Flavours(), Flavours(**{quarks.name: (pair,)}))
                get(str(name))(alone, inputs, *map(float, arguments))


class Predictor:
    """Observables at fixed inputs: `predictor(new_physics)` only contracts, in microseconds.

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
        self.prepare: Callable[[Inputs], tuple[Kernel, ...]] = jax.jit(lambda at: kernels(self.references, at))
        """All q2 integrals at inputs of the same kind."""
        self.kernels = self.prepare(inputs)
        self._values = jax.jit(lambda new: contract(self.references, self.kernels, theory_of(new, self.inputs)))
        self._fractions = [i for i, (name, *_) in enumerate(self.references) if get(str(name)).is_fraction]
        self._batches: dict[int | None, Callable[[WithoutInputs], Float[Array, "points n"]]] = {}

    def __call__(self, new_physics: NewPhysics) -> Float[Array, " n"]:
        """Values at one point, in the order of the references.

        Args:
            new_physics: C_L and C_R, or a Lagrangian, or what a model returns at these inputs.

        Raises:
            DineutrinoError: a pair that cannot be integrated, or F_L where nothing is produced; nan where the values
                are traced.
        """
        new = _without_inputs(new_physics)
        _check_shapes(new, points=False)
        values = self._values(new)
        if not isinstance(values, jax.core.Tracer):
            self._check(new, values)
        return values

    def batch(self, new_physics: NewPhysics, chunk: int | None = CHUNK) -> Float[Array, "points n"]:
        """Values at many points: every number of the new physics carries a leading axis.

        Args:
            new_physics: C_L and C_R of shape (points, 3, 3), or a Lagrangian of that shape with masses and coefficients
                of further pairs of shape (points,): `jax.vmap(lambda values: model(values, inputs).beyond)(points)`.
            chunk: evaluate at most this many points at a time, which bounds the memory; None for all at once.

        Returns:
            The values; nan is F_L where nothing is produced.

        Raises:
            DineutrinoError: a pair that cannot be integrated; nan where the values are traced.
        """
        new = _without_inputs(new_physics)
        _check_shapes(new, points=True)
        if chunk is not None and len(jax.tree.leaves(new)[0]) <= chunk:
            chunk = None
        if chunk not in self._batches:
            self._batches[chunk] = jax.jit(chunked(self._values, chunk))
        values = self._batches[chunk](new)
        if not isinstance(values, jax.core.Tracer):
            self._check_integrals(new, values)
        return values

    def _check_integrals(self, new: WithoutInputs, values: Float[Array, "*points n"]) -> None:
        if not isinstance(new, NeutrinoCoefficients):
            check_integrals(self.references, self.inputs, _wet(new), np.asarray(values))

    def _check(self, new: WithoutInputs, values: Float[Array, " n"]) -> None:
        """Refuse a value that is nan although the point is finite."""
        self._check_integrals(new, values)
        for place in self._fractions:
            if np.isnan(values[place]) and all(np.all(np.isfinite(leaf)) for leaf in jax.tree.leaves(new)):
                raise DineutrinoError(f"{label(self.references[place])} is undefined: nothing is produced there.")

    def covariance(self, new_physics: NewPhysics, prior: Prior) -> Float[Array, "n n"]:
        """Theory covariance: linear propagation of the prior of the inputs with the exact Jacobian.

        The new physics stays what it is: C_L and C_R, or the coefficients of a Lagrangian.

        Raises:
            DineutrinoError: the correlations of inputs that matter are not published.
        """

        def values(z: dict[str, Float[Array, " _"]]) -> Float[Array, " n"]:
            inputs = prior.inputs(z)
            return contract(self.references, kernels(self.references, inputs), theory_of(new_physics, inputs))

        jacobian = jax.jit(jax.jacrev(values))(prior.origin())
        for block in prior.blocks:
            if not block.correlated and np.any(jacobian[block.name]):
                raise DineutrinoError(f"the correlations of {block.name} are not published; without, no covariance.")
        rows = jnp.concatenate([jacobian[block.name] for block in prior.blocks], axis=1)
        return rows @ rows.T


def _without_inputs(new_physics: NewPhysics) -> WithoutInputs:
    """The predictor has inputs of its own."""
    if not isinstance(new_physics, Theory):
        return new_physics
    return new_physics.wet if new_physics.smeft is None else new_physics.beyond


def _wet(new: Wet | Beyond) -> Wet:
    return new if isinstance(new, Wet) else new.wet


def _check_shapes(new: WithoutInputs, points: bool) -> None:
    """Refuse several points where one is meant, one where several are, and axes of different lengths."""
    if isinstance(new, NeutrinoCoefficients):
        matrices = {"C_L": new.C_L}
    else:
        matrices = {f"nunu.{name}.left": sector.left for name, sector in _wet(new).nunu.named.items()}
    for name, matrix in matrices.items():
        _check_shape(name, jnp.shape(matrix), points)
    axes = {jnp.shape(leaf)[:1] for leaf in jax.tree.leaves(new)} if points else set()
    if len(axes) > 1:
        raise DineutrinoError(
            f"every number of a batch needs the same leading axis of points, here they have {sorted(axes)}."
        )


def _check_shape(name: str, shape: tuple[int, ...], points: bool) -> None:
    if len(shape) != (3 if points else 2):
        wanted = (
            "(points, 3, 3); call the predictor itself for one point"
            if points
            else "(3, 3); use batch for several points"
        )
        raise DineutrinoError(f"{name} has the shape {shape}, not {wanted}.")
