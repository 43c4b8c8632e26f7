"""The peers' side of the benchmark of the published likelihood: pyhf, and redist with EOS. Each raises ImportError."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

WORKSPACE = "combined_likelihood.json"
VALIDATION = Path(__file__).parents[1] / "tests" / "validation"
"""Here is the module that builds the reinterpreted likelihood for the tests."""


@dataclass(frozen=True)
class Fit:
    """A maximum-likelihood fit of a peer: best fit and Hessian error of the parameter of interest, -2 log L."""

    value: float
    error: float
    two_nll: float


def workspace_call(folder: Path) -> Callable[[int], Any]:
    """pyhf's log-density of the workspace with numpy, a new point each time."""
    import pyhf

    pyhf.set_backend("numpy")
    model, data = _model(folder)
    points = scattered(np.array(model.config.suggested_init()))
    return lambda i: model.logpdf(points[i % len(points)], data)


def workspace_call_in_jax(folder: Path, gradient: bool) -> Callable[[int], Any]:
    """The same, or value and gradient, compiled by jax."""
    import pyhf

    pyhf.set_backend("jax", precision="64b")
    model, data = _model(folder)
    points = jnp.asarray(scattered(np.array(model.config.suggested_init())))

    def log_density(x: jax.Array) -> jax.Array:
        return model.logpdf(x, jnp.asarray(data))[0]

    compiled: Callable[[jax.Array], Any] = jax.jit(jax.value_and_grad(log_density) if gradient else log_density)
    jax.block_until_ready(compiled(points[0]))  # while this is pyhf's backend
    pyhf.set_backend("numpy")
    return lambda i: jax.block_until_ready(compiled(points[i % len(points)]))


def fit_workspace(folder: Path) -> Fit:
    """pyhf's fit of the signal strength with minuit."""
    return _fit(*_model(folder))


def reinterpretation_call(folder: Path, mean: np.ndarray, covariance: np.ndarray, quad: str) -> Callable[[int], Any]:
    """Log-density of the reinterpreted likelihood, a new point each time; `quad` is how redist integrates."""
    model, data = _redist(folder, mean, covariance, quad)
    start = np.array(model.config.suggested_init())
    moving = model.config.par_slice("cVL")

    def call(i: int) -> Any:
        start[moving] = 5.0 + 1e-3 * i
        return model.logpdf(start, data)

    return call


def fit_reinterpretation(folder: Path, mean: np.ndarray, covariance: np.ndarray) -> Fit:
    """redist's fit of the weak effective theory with minuit, its integrals at fixed points."""
    return _fit(*_redist(folder, mean, covariance, "gauss"))


def scattered(start: np.ndarray, count: int = 16) -> np.ndarray:
    """Points a percent around the start."""
    return start + 0.01 * np.random.default_rng(3).normal(size=(count, len(start)))


def _model(folder: Path) -> tuple[Any, list[float]]:
    import pyhf

    workspace = pyhf.Workspace(json.loads((folder / WORKSPACE).read_text(encoding="utf-8")))
    model = workspace.model()
    return model, workspace.data(model)


def _redist(folder: Path, mean: np.ndarray, covariance: np.ndarray, quad: str) -> tuple[Any, list[float]]:
    import pyhf

    pyhf.set_backend("numpy")
    if str(VALIDATION) not in sys.path:
        sys.path.append(str(VALIDATION))
    from redist_peer import reinterpretation

    return reinterpretation(folder, mean, covariance, quad)


def _fit(model: Any, data: list[float]) -> Fit:
    import iminuit  # noqa: F401  (pyhf's own error would not be an ImportError)
    import pyhf

    pyhf.set_backend("numpy", pyhf.optimize.minuit_optimizer())
    best, two_nll = pyhf.infer.mle.fit(data, model, return_uncertainties=True, return_fitted_val=True)
    value, error = best[model.config.poi_index]
    return Fit(float(value), float(error), float(two_nll))
