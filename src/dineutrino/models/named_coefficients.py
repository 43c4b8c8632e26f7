"""Coefficients of massless neutrinos from named real numbers, "Re CL_bsnutaunutau"."""

from collections.abc import Mapping
from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.eft import NeutrinoCoefficients, names
from dineutrino.eft.neutrinos import unit


@lru_cache
def coefficient_parameters() -> tuple[str, ...]:
    """All names: the real and the imaginary part of every coefficient."""
    return tuple(f"{part} {name}" for name in names() for part in ("Re", "Im"))


def named_coefficients(values: Mapping[str, Float[Array, ""]]) -> NeutrinoCoefficients:
    """The coefficients at given values; other names are passed over, absent ones are zero."""
    given = [name for name in values if name in coefficient_parameters()]
    if not given:
        return NeutrinoCoefficients.zero()
    with jax.ensure_compile_time_eval():
        directions = [unit(name.split()[1])[name.startswith("Im")] for name in given]
        stacked = jax.tree.map(lambda *leaves: np.stack(leaves), *directions)
    vector = jnp.stack([jnp.asarray(values[name], dtype=float) for name in given])
    return jax.tree.map(lambda direction: jnp.tensordot(vector, direction, 1), stacked)
