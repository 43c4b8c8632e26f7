"""Differentiable likelihoods for b -> s nu nubar and B -> K(*) + invisible.

Importing the package switches JAX to double precision; set ``DINEUTRINO_ENABLE_X64=0`` to leave it alone.
"""

import os as _os

import jax as _jax

if _os.environ.get("DINEUTRINO_ENABLE_X64", "1") != "0":
    _jax.config.update("jax_enable_x64", True)

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.errors import DineutrinoError, NotConverged
from dineutrino.inputs import Inputs, Prior, load_inputs, load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import Measurement, load_measurements
from dineutrino.moved import install as _signpost
from dineutrino.observables import Predictor

_signpost()

__version__ = "0.1.0"

__all__ = [
    "DineutrinoError",
    "Inputs",
    "Likelihood",
    "Measurement",
    "NeutrinoCoefficients",
    "NotConverged",
    "Parameter",
    "Predictor",
    "Prior",
    "load_inputs",
    "load_measurements",
    "load_prior",
]
