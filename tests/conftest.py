"""Compiled functions are kept between runs of the tests, unless the environment says otherwise."""

import os
import pathlib

import jax
from hypothesis import settings

import dineutrino  # noqa: F401  (double precision)

if "JAX_COMPILATION_CACHE_DIR" not in os.environ:
    jax.config.update("jax_compilation_cache_dir", str(pathlib.Path(__file__).parents[1] / ".jax_cache"))
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.3)

settings.register_profile("dineutrino", deadline=None, derandomize=True)
settings.load_profile("dineutrino")
