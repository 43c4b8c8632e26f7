"""Coefficients below m_W from named real numbers, "Re CL_bsnutaunutau", "Re C9_bsmumu", "Im CVLL_bsbs"."""

from collections.abc import Mapping
from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.eft import NeutrinoCoefficients, names
from dineutrino.eft.charged import Charged, charged_from_flavio, charged_names
from dineutrino.eft.leptons import LL, lepton_coefficients, lepton_names, leptons_to_lagrangian
from dineutrino.eft.mixing import DeltaF2, charm_mixing_names, mixing_names
from dineutrino.eft.neutrinos import unit
from dineutrino.inputs import SB, Inputs, Quarks


@lru_cache
def coefficient_parameters(quarks: Quarks = SB) -> tuple[str, ...]:
    """All names of a transition: the real and the imaginary part of every coefficient."""
    return tuple(f"{part} {name}" for name in names(quarks) for part in ("Re", "Im"))


def named_coefficients(values: Mapping[str, Float[Array, ""]], quarks: Quarks = SB) -> NeutrinoCoefficients:
    """The coefficients of a transition at given values; other names are passed over, absent ones are zero."""
    given = [name for name in values if name in coefficient_parameters(quarks)]
    if not given:
        return NeutrinoCoefficients.zero()
    with jax.ensure_compile_time_eval():
        directions = [unit(name.split()[1], quarks)[name.startswith("Im")] for name in given]
        stacked = jax.tree.map(lambda *leaves: np.stack(leaves), *directions)
    vector = jnp.stack([jnp.asarray(values[name], dtype=float) for name in given])
    return jax.tree.map(lambda direction: jnp.tensordot(vector, direction, 1), stacked)


@lru_cache
def lepton_parameters(quarks: Quarks) -> tuple[str, ...]:
    """The same of charged leptons, C9 and so on in the normalisation of flavio."""
    return tuple(f"{part} {name}" for name in lepton_names(quarks) for part in ("Re", "Im"))


def named_leptons(values: Mapping[str, Float[Array, ""]], inputs: Inputs, quarks: Quarks) -> LL | None:
    """New physics in currents of charged leptons of one transition, if there is any among the values."""
    given = [name.split()[1] for name in values if name in lepton_parameters(quarks)]
    if not given:
        return None
    zero = jnp.asarray(0.0)
    whole = {name: values.get(f"Re {name}", zero) + 1j * values.get(f"Im {name}", zero) for name in given}
    return leptons_to_lagrangian(lepton_coefficients(whole, quarks), inputs, quarks)


@lru_cache
def mixing_parameters(quarks: Quarks) -> tuple[str, ...]:
    """The same of meson mixing: coefficients of L at the scale of the bag parameters, GeV^-2."""
    return tuple(f"{part} {name}" for name in mixing_names(quarks) for part in ("Re", "Im"))


def named_mixing(values: Mapping[str, Float[Array, ""]], quarks: Quarks) -> DeltaF2 | None:
    """New physics in the mixing of one meson, if there is any among the values."""
    return _mixing_of(values, mixing_names(quarks))


@lru_cache
def charm_mixing_parameters() -> tuple[str, ...]:
    """The same of the mixing of the D0."""
    return tuple(f"{part} {name}" for name in charm_mixing_names() for part in ("Re", "Im"))


def named_charm_mixing(values: Mapping[str, Float[Array, ""]]) -> DeltaF2 | None:
    """New physics in the mixing of the D0, if there is any among the values."""
    return _mixing_of(values, charm_mixing_names())


def _mixing_of(values: Mapping[str, Float[Array, ""]], names: tuple[str, ...]) -> DeltaF2 | None:
    if not any(f"{part} {name}" in values for name in names for part in ("Re", "Im")):
        return None
    zero = jnp.asarray(0.0)
    parts = ((values.get(f"Re {name}", zero), values.get(f"Im {name}", zero)) for name in names)
    return DeltaF2(*(jnp.asarray(real) + 1j * jnp.asarray(imaginary) for real, imaginary in parts))


@lru_cache
def charged_parameters() -> tuple[str, ...]:
    """The same of charged currents of the b quark, in the normalisation of flavio."""
    return tuple(f"{part} {name}" for name in charged_names() for part in ("Re", "Im"))


def named_charged(
    values: Mapping[str, Float[Array, ""]], inputs: Inputs, names: tuple[str, ...] = charged_names()
) -> Charged | None:
    """New physics in charged currents of the b quark, if there is any among the values.

    Args:
        values: real and imaginary parts by name.
        inputs: of the point.
        names: `charged_names`, or `right_handed_names` for those of right-handed neutrinos.
    """
    if not any(f"{part} {name}" in values for name in names for part in ("Re", "Im")):
        return None
    zero = jnp.asarray(0.0)
    real, imaginary = (jnp.stack([values.get(f"{part} {name}", zero) for name in names]) for part in ("Re", "Im"))
    return charged_from_flavio(real + 1j * imaginary, inputs)
