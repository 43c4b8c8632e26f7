"""What inference asks of a likelihood: the log-probability of a vector whose entries have names, bounds and scales."""

from collections.abc import Mapping
from typing import Protocol, TypeAlias, runtime_checkable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray, PyTree

from dineutrino.errors import DineutrinoError, unknown

Point: TypeAlias = PyTree
"""What a target makes of a vector: any tree of arrays, such as the named numbers of a `Likelihood`. Inference hands
points back to the target that they are of and never looks inside, so their type is the target's own business."""


@runtime_checkable
class Target(Protocol):
    """Anything that can be maximised, profiled and sampled. `dineutrino.likelihood.Likelihood` is one.

    `names` has one entry per entry of the flat vector: the `n_parameters` free parameters first, then the nuisances as
    "block: label". `lower` and `upper` are the bounds (infinite where there are none), `scale` a typical size of each
    entry (1 for whitened nuisances). `log_prob` includes the prior of the nuisances; the prior of the parameters is
    flat within the bounds. A target that is also a pytree (an `equinox.Module`) is compiled once per structure and
    shape; any other object once per object.
    """

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the entries of the flat vector."""
        ...

    @property
    def n_parameters(self) -> int:
        """Number of free parameters; they come first in the vector."""
        ...

    @property
    def lower(self) -> Float[Array, " n"]:
        """Lower bounds, -inf where there is none."""
        ...

    @property
    def upper(self) -> Float[Array, " n"]:
        """Upper bounds, inf where there is none."""
        ...

    @property
    def scale(self) -> Float[Array, " n"]:
        """Typical sizes, positive."""
        ...

    def log_prob(self, point: Point) -> Float[Array, ""]:
        """Log-likelihood plus log-prior at a point."""
        ...

    def to_point(self, vector: Float[Array, " n"]) -> Point:
        """The point with these entries."""
        ...

    def to_vector(self, point: Point) -> Float[Array, " n"]:
        """The entries of a point."""
        ...


@runtime_checkable
class Predicting(Target, Protocol):
    """A target that also says what it predicts, as the draws of a posterior are kept with their predictions.

    What was measured, and where it comes from, is kept too, if the target is `Observed` and `Sourced`.
    """

    def predict(self, point: Point) -> Mapping[str, Float[Array, ""]]:
        """Values of the observables at a point."""
        ...

    def log_likelihoods(self, point: Point) -> Mapping[str, Float[Array, ""]]:
        """Log-likelihood of each measurement at a point."""
        ...


@runtime_checkable
class Observed(Protocol):
    """A target that says what was measured."""

    @property
    def observed_data(self) -> Mapping[str, float]:
        """The measured numbers, by name."""
        ...


@runtime_checkable
class Sourced(Protocol):
    """A target that says where its numbers come from."""

    @property
    def provenance(self) -> Mapping[str, str]:
        """Sources and choices, by what they are of."""
        ...


@runtime_checkable
class Simulating(Target, Protocol):
    """A target that also draws toy data, and compares with data of which it is not made."""

    def simulate(self, key: PRNGKeyArray, point: Point) -> PyTree[Array]:
        """What might have been measured at a point."""
        ...

    def log_prob_of(self, point: Point, data: PyTree[Array]) -> Float[Array, ""]:
        """`log_prob` with other data, those of `simulate`."""
        ...


def log_prob(target: Target, vector: Float[Array, " n"]) -> Float[Array, ""]:
    """Log-probability of a flat vector."""
    return target.log_prob(target.to_point(vector))


def index_of(target: Target, name: str) -> int:
    """Place of a named entry in the flat vector; an unknown name is refused with the nearest one."""
    if name not in target.names:
        raise unknown("parameter", name, target.names)
    return target.names.index(name)


def check(target: Target) -> None:
    """Refuse a target that inference cannot work on.

    Raises:
        DineutrinoError: single precision, bounds that are not ordered, scales that are not positive, names that do
            not match the vector or occur twice.
    """
    if not jax.config.jax_enable_x64:  # type: ignore[attr-defined]  # made by jax at run time
        raise DineutrinoError(
            "inference needs double precision, which is switched off here: "
            'unset DINEUTRINO_ENABLE_X64 or call jax.config.update("jax_enable_x64", True).'
        )
    names = tuple(target.names)
    n = len(names)
    if len(set(names)) != n:
        twice = sorted({name for name in names if names.count(name) > 1})
        raise DineutrinoError(f"the names of a target must differ from each other; '{twice[0]}' occurs more than once.")
    lower, upper, scale = (np.asarray(values) for values in (target.lower, target.upper, target.scale))
    for label, values in (("lower", lower), ("upper", upper), ("scale", scale)):
        if values.shape != (n,):
            raise DineutrinoError(
                f"`{label}` of a target must have shape ({n},), one entry per name, not {values.shape}."
            )
    if not 1 <= target.n_parameters <= n:
        raise DineutrinoError(
            f"a target needs between 1 and {n} free parameters (its entries), not {target.n_parameters}."
        )
    for i, name in enumerate(names):
        if not lower[i] < upper[i]:
            raise DineutrinoError(
                f"the bounds of '{name}' must be ordered: lower {lower[i]} < upper {upper[i]} is not true."
            )
        if not (np.isfinite(scale[i]) and scale[i] > 0):
            raise DineutrinoError(f"the scale of '{name}' must be positive and finite, not {scale[i]}.")


def refuse_nan(target: Target, vectors: Float[np.ndarray, "batch n"], log_probs: Float[np.ndarray, " batch"]) -> None:
    """Refuse a log-probability that is not a number; minus infinity (impossible points) is allowed.

    Raises:
        DineutrinoError: naming how many of the points, and the parameters of the first of them.
    """
    bad = np.isnan(log_probs) | (log_probs == np.inf)
    if bad.any():
        first = vectors[np.argmax(bad)][: target.n_parameters]
        where = ", ".join(f"{name} = {value:.6g}" for name, value in zip(target.names, first, strict=False))
        raise DineutrinoError(
            f"the log-probability is not a number at {bad.sum()} of {bad.size} points, first at {where}; "
            "it must be finite, or -inf where a point is impossible."
        )


def as_vector(target: Target, values: Float[Array | np.ndarray, " n"] | Point) -> Float[Array, " n"]:
    """A flat vector in double precision from a vector or a point of the target."""
    if isinstance(values, np.ndarray | jax.Array):
        return jnp.asarray(values, float)
    return target.to_vector(values)
