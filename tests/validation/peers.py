"""What the tests against peers share: our inputs set to those of a peer, and comparison of many numbers."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inputs import FormFactorCoefficients, Inputs, load_inputs
from dineutrino.observables import Predictor

FROZEN = Path(__file__).parent / "frozen"
FLAVOURS = ("e", "mu", "tau")


def frozen(name: str) -> dict[str, Any]:
    """Inputs and predictions of a peer as `freeze.py` wrote them."""
    return json.loads((FROZEN / f"{name}.json").read_text(encoding="utf-8"))


def matched(peer: Mapping[str, Any]) -> Inputs:
    """Our inputs with every number that enters b -> s nu nubar replaced by that of the peer."""
    inputs = load_inputs("default", lambda_t="direct", C_L_SM="value").replace(peer["scalars"])
    for transition, fit in peer["form_factors"].items():
        coefficients = FormFactorCoefficients(
            coefficients={name: jnp.asarray(values) for name, values in fit["coefficients"].items()},
            constants={name: jnp.asarray(value) for name, value in fit["constants"].items()},
            parametrisation="BSZ",
            name="of a peer",
            transition=transition,
        )
        inputs = eqx.tree_at(lambda inputs, t=transition: inputs.form_factors[t], inputs, coefficients)
    return inputs


def coefficients(values: Mapping[str, Iterable[float]]) -> NeutrinoCoefficients:
    """Coefficients from name -> (real part, imaginary part)."""
    return NeutrinoCoefficients.from_mapping({name: complex(*parts) for name, parts in values.items()})


def universal(C_L: complex, C_R: complex) -> NeutrinoCoefficients:
    """The same coefficients for each of the three flavours, none between flavours."""
    return NeutrinoCoefficients(C_L * jnp.eye(3, dtype=complex), C_R * jnp.eye(3, dtype=complex))


def relative_differences(
    points: Iterable[tuple[NeutrinoCoefficients, Iterable[float]]], references: Iterable[Any], inputs: Inputs
) -> np.ndarray:
    """Ours over the peer's prediction minus 1: one row per point, one column per reference."""
    predictor = Predictor([tuple(reference) for reference in references], inputs)
    return np.stack([np.asarray(predictor(wilson)) / np.asarray(peer) - 1 for wilson, peer in points])
