"""Several observables together: integrated once for given inputs, then evaluated at many coefficients."""

from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inputs import Inputs, Prior
from dineutrino.numerics.batching import chunked
from dineutrino.observables.registry import Observable, ObservableRef, check, get


class _Group(eqx.Module):
    """References to one observable, with different arguments."""

    observable: Observable = eqx.field(static=True)
    arguments: tuple[tuple[float, ...], ...] = eqx.field(static=True)
    places: tuple[int, ...] = eqx.field(static=True)


def _groups(references: Sequence[ObservableRef]) -> tuple[_Group, ...]:
    """One group per name and number of arguments: a spectrum at many q2 is one vmapped integral."""
    members: dict[tuple[str, int], list[int]] = {}
    for place, (name, *arguments) in enumerate(references):
        members.setdefault((str(name), len(arguments)), []).append(place)
    return tuple(
        _Group(get(name), tuple(tuple(map(float, references[i][1:])) for i in places), tuple(places))
        for (name, _), places in members.items()
    )


def kernels(references: Sequence[ObservableRef], inputs: Inputs) -> tuple[Any, ...]:
    """All q2 integrals of the observables; a pytree for `contract`. Pure in the inputs."""
    found = []
    for group in _groups(references):
        columns = [jnp.asarray(column) for column in zip(*group.arguments, strict=True)]
        if columns:
            found.append(jax.vmap(group.observable.kernel, in_axes=(None, *[0] * len(columns)))(inputs, *columns))
        else:
            kernel = group.observable.kernel(inputs)
            found.append(jax.tree.map(lambda leaf, n=len(group.places): jnp.broadcast_to(leaf, (n, *leaf.shape)), kernel))
    return tuple(found)


def contract(
    references: Sequence[ObservableRef], kernels: tuple[Any, ...], wilson: NeutrinoCoefficients
) -> Float[Array, " n"]:
    """Values of the observables, in the order of the references. Pure in the kernels and the coefficients."""
    groups = _groups(references)
    values = [
        jax.vmap(group.observable.contract, in_axes=(0, None))(kernel, wilson)
        for group, kernel in zip(groups, kernels, strict=True)
    ]
    order = np.argsort([place for group in groups for place in group.places])
    return jnp.concatenate(values)[order] if len(values) > 1 else values[0][order]


class Predictor:
    """Observables at fixed inputs: `predictor(wilson)` only contracts, in microseconds.

    Args:
        references: names with their arguments, ("<dBR/dq2>(B+->Knunu)", 4.0, 8.0); a bare name is a reference too.
        inputs: the inputs.

    Raises:
        DineutrinoError: no observable, an unknown name or impossible arguments.
    """

    def __init__(self, references: Sequence[ObservableRef | str], inputs: Inputs):
        self.references = tuple((r,) if isinstance(r, str) else tuple(r) for r in references)
        self.inputs = inputs
        check(self.references, inputs)
        self.kernels = jax.jit(lambda inputs: kernels(self.references, inputs))(inputs)
        self._values = jax.jit(lambda wilson: contract(self.references, self.kernels, wilson))
        self._batches: dict[int | None, Any] = {}

    def __call__(self, wilson: NeutrinoCoefficients) -> Float[Array, " n"]:
        """Values at one point, in the order of the references."""
        return self._values(wilson)

    def batch(self, wilson: NeutrinoCoefficients, chunk: int | None = None) -> Float[Array, "points n"]:
        """Values at many points: the coefficients carry a leading axis.

        Args:
            wilson: C_L and C_R of shape (points, 3, 3).
            chunk: evaluate at most this many points at a time; bounds the memory.
        """
        if chunk not in self._batches:
            self._batches[chunk] = jax.jit(chunked(self._values, chunk))
        return self._batches[chunk](wilson)

    def covariance(self, wilson: NeutrinoCoefficients, prior: Prior) -> Float[Array, "n n"]:
        """Theory covariance: linear propagation of the prior of the inputs with the exact Jacobian."""

        def values(z: dict[str, Float[Array, " _"]]) -> Float[Array, " n"]:
            return contract(self.references, kernels(self.references, prior.inputs(z)), wilson)

        jacobian = jax.jit(jax.jacrev(values))(prior.origin())
        rows = jnp.concatenate([jacobian[block.name] for block in prior.blocks], axis=1)
        return rows @ rows.T
