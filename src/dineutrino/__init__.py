"""Differentiable likelihoods for b -> s nu nubar and B -> K(*) + invisible.

Importing the package switches JAX to double precision; set ``DINEUTRINO_ENABLE_X64=0`` to leave it alone.
"""

import os as _os

import jax as _jax

if _os.environ.get("DINEUTRINO_ENABLE_X64", "1") != "0":
    _jax.config.update("jax_enable_x64", True)

__version__ = "0.1.0"
