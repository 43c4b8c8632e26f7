"""A posterior as a tree of data sets in the schema of ArviZ."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino import __version__
from dineutrino.errors import DineutrinoError
from dineutrino.inference.draws import Draws
from dineutrino.inference.evaluation import in_chunks
from dineutrino.inference.target import Observed, Predicting, Sourced, Target

if TYPE_CHECKING:
    import xarray

LANES = 500
"""Draws whose predictions are calculated side by side."""


def inference_data(target: Predicting, draws: Draws, attributes: Mapping[str, object]) -> "xarray.DataTree":
    """Draws as a tree of data sets in the schema of ArviZ, which takes it as it is.

    Groups: `posterior` has one variable per free parameter and one per block of nuisances, with the labels of its
    entries as coordinate. `predictions` has the variable "value" with coordinate "observable", `log_likelihood` the
    variable "log_likelihood" with coordinate "measurement" (what `arviz.loo` expects). `observed_data` is there if the
    target has a mapping `observed_data`. `sample_stats` has "lp", the log-probability, "mode", the number of the
    nearest maximum, and what the sampler says. The attributes, and those of the target's mapping `provenance`, belong
    to the posterior group and to the whole.

    A name that contains "/" has it replaced by the division slash U+2215, which netCDF files allow.
    """
    import xarray

    chains, count, n = draws.vectors.shape
    places = {"chain": np.arange(chains), "draw": np.arange(count)}
    predictions, likelihoods = _evaluated(target, draws.vectors.reshape(-1, n))
    attributes = {
        "dineutrino_version": __version__,
        "measurements": ", ".join(likelihoods),
        **(target.provenance if isinstance(target, Sourced) else {}),
        **attributes,
    }

    def named(name: str, dimension: str, values: Mapping[str, np.ndarray]) -> xarray.Dataset:
        stacked = np.stack(list(values.values()), axis=-1).reshape(chains, count, -1)
        return xarray.Dataset(
            {name: (("chain", "draw", dimension), stacked)}, coords={**places, dimension: list(values)}
        ).assign_attrs(attributes)

    statistics = {"lp": draws.log_prob, "mode": draws.mode, **draws.statistics}
    groups = {
        "/": xarray.Dataset(attrs=attributes),
        "posterior": _posterior(target, draws.vectors, places).assign_attrs(attributes),
        "sample_stats": xarray.Dataset({name: (("chain", "draw"), x) for name, x in statistics.items()}, coords=places),
        "log_likelihood": named("log_likelihood", "measurement", likelihoods),
        "predictions": named("value", "observable", predictions),
    }
    if isinstance(target, Observed) and target.observed_data:
        observed = {storable(name): ((), float(x)) for name, x in target.observed_data.items()}
        groups["observed_data"] = xarray.Dataset(observed)
    return xarray.DataTree.from_dict(groups)


def storable(name: str) -> str:
    """A name of a variable that netCDF files allow."""
    return name.replace("/", "\u2215")


def _posterior(
    target: Target, vectors: Float[np.ndarray, "chain draw n"], places: Mapping[str, np.ndarray]
) -> "xarray.Dataset":
    import xarray

    variables: dict[str, tuple[tuple[str, ...], np.ndarray]] = {}
    coordinates: dict[str, np.ndarray | list[str]] = dict(places)
    for i in range(target.n_parameters):
        variables[storable(target.names[i])] = (("chain", "draw"), vectors[..., i])
    for block, entries in _blocks(target).items():
        dimension = f"{storable(block)} entry"
        variables[storable(block)] = (("chain", "draw", dimension), vectors[..., entries])
        coordinates[dimension] = [target.names[i].partition(": ")[2] or target.names[i] for i in entries]
    return xarray.Dataset(variables, coords=coordinates)


def _blocks(target: Target) -> dict[str, list[int]]:
    """Places of the nuisances in the vector, by block."""
    blocks: dict[str, list[int]] = {}
    for i, name in enumerate(target.names[target.n_parameters :], start=target.n_parameters):
        blocks.setdefault(name.partition(": ")[0], []).append(i)
    return blocks


def vectors_of(target: Target, posterior: "xarray.DataTree") -> Float[np.ndarray, "chain draw n"]:
    """The draws of a posterior as vectors of its target.

    Raises:
        DineutrinoError: the posterior has other entries than the target.
    """
    group = posterior.posterior
    columns: dict[int, np.ndarray] = {}
    for i in range(target.n_parameters):
        name = storable(target.names[i])
        if name in group and group[name].ndim == 2:
            columns[i] = group[name].values
    for block, entries in _blocks(target).items():
        if storable(block) in group and group[storable(block)].shape[2:] == (len(entries),):
            columns |= dict(zip(entries, np.moveaxis(group[storable(block)].values, 2, 0), strict=True))
    missing = [name for i, name in enumerate(target.names) if i not in columns]
    if missing:
        raise DineutrinoError(f"the posterior is of another target: it has no entry '{missing[0]}'.")
    return np.stack([columns[i] for i in range(len(target.names))], axis=-1)


@eqx.filter_jit
def _evaluate(target: Predicting, vectors: Float[Array | np.ndarray, "lane n"]) -> tuple[Array, ...]:
    def one(vector: Float[Array, " n"]) -> tuple[Array, ...]:
        point = target.to_point(vector)
        return (*target.predict(point).values(), *target.log_likelihoods(point).values())

    return jax.vmap(one)(jnp.asarray(vectors))


def _evaluated(
    target: Predicting, vectors: Float[np.ndarray, "batch n"]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Predictions and log-likelihoods at many vectors, by name."""
    names: list[list[str]] = []

    def read_names(vector: Float[Array, " n"]) -> None:
        point = target.to_point(vector)
        names.extend([list(target.predict(point)), list(target.log_likelihoods(point))])

    jax.eval_shape(read_names, jax.ShapeDtypeStruct(vectors.shape[1:], jnp.float64))
    observables, measurements = names
    values = in_chunks(lambda chunk: _evaluate(target, chunk[0]), LANES, vectors)
    split = len(observables)
    return dict(zip(observables, values[:split], strict=True)), dict(zip(measurements, values[split:], strict=True))
