"""From data files to arrays: `load_inputs` for central values, `load_prior` with their uncertainties."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from dineutrino.inputs.form_factor_coefficients import FormFactorCoefficients
from dineutrino.inputs.input_set import InputSet, read_input_set
from dineutrino.inputs.inputs import Inputs
from dineutrino.inputs.prior import Block, Prior
from dineutrino.io import Tree


def load_inputs(
    name: str | Path = "default",
    *,
    form_factors: Mapping[str, str | Path] | None = None,
    overrides: Mapping[str, Mapping[str, Tree]] | None = None,
    choices: Mapping[str, str] | None = None,
    **more_choices: str,
) -> Inputs:
    """Central values of an input set, in powers of GeV.

    Args:
        name: of the set (`input_sets()` lists them), or the Path of a YAML file of the same form.
        form_factors: transition -> name of a fit (`form_factor_sets()` lists them) or Path of a file; the transitions
            that are not named keep the fit of the set.
        overrides: name of a scalar -> {value, uncertainty, unit, source}.
        choices: name of a choice -> value, see `dineutrino.inputs.choices`.
        **more_choices: the same as keywords, where the name is one: `long_distance="included"`.

    Raises:
        DineutrinoError: anything unknown (with the nearest match) or malformed (with the file and the entry).
    """
    return central_inputs(read_input_set(name, form_factors, overrides, {**(choices or {}), **more_choices}))


def load_prior(
    name: str | Path = "default",
    *,
    form_factors: Mapping[str, str | Path] | None = None,
    overrides: Mapping[str, Mapping[str, Tree]] | None = None,
    choices: Mapping[str, str] | None = None,
    **more_choices: str,
) -> Prior:
    """The prior of an input set. Arguments and errors as in `load_inputs`.

    Scalars form one block per theme of the data file, form factors one block per transition named like
    "B->K HPQCD2022". Every uncertain input is there, used or not: `Prior.restrict` keeps those that matter.
    """
    chosen = read_input_set(name, form_factors, overrides, {**(choices or {}), **more_choices})
    return Prior(central_inputs(chosen), (*_scalar_blocks(chosen), *_form_factor_blocks(chosen)))


def central_inputs(chosen: InputSet) -> Inputs:
    """The arrays of an input set."""
    values = {name: np.asarray(entry.value * chosen.gev(entry), _dtype()) for name, entry in chosen.entries.items()}
    vectors = {
        transition: {key: np.asarray(vector, _dtype()) for key, vector in fit.coefficients.items()}
        for transition, fit in chosen.fits.items()
    }
    constants = {
        transition: {key: np.asarray(constant, _dtype()) for key, constant in fit.constants.items()}
        for transition, fit in chosen.fits.items()
    }
    values, vectors, constants = jax.device_put((values, vectors, constants))
    fits = {
        transition: FormFactorCoefficients(
            coefficients=vectors[transition],
            constants=constants[transition],
            parametrisation=fit.parametrisation,
            name=fit.name,
            transition=transition,
        )
        for transition, fit in chosen.fits.items()
    }
    return Inputs(values, fits, chosen.name, tuple(sorted(chosen.choices.items())))


def _scalar_blocks(chosen: InputSet) -> list[Block]:
    blocks = []
    for block, names in chosen.uncertain_blocks().items():
        mean = [chosen.entries[name].value * chosen.gev(chosen.entries[name]) for name in names]
        places = tuple((name, 0) for name in names)
        blocks.append(Block(_array(mean), _array(chosen.cholesky(block, names)), block, names, "", places))
    return blocks


def _form_factor_blocks(chosen: InputSet) -> list[Block]:
    return [
        Block(
            mean=_array(fit.mean),
            cholesky=_array(fit.cholesky),
            name=f"{transition} {fit.name}",
            labels=fit.labels,
            transition=transition,
            places=fit.places,
            correlated=fit.correlated,
        )
        for transition, fit in chosen.fits.items()
    ]


def _array(numbers: Sequence[float] | np.ndarray) -> Array:
    """On the device without a compiled program for each shape, which `jnp.asarray` would make."""
    return jax.device_put(np.asarray(numbers, _dtype()))


def _dtype() -> np.dtype:
    return jnp.result_type(float)
