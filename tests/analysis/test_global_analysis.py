"""The global fit of a leptoquark with inputs and data of today."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from scipy.optimize import minimize

from dineutrino.analysis import load_analysis, packaged_text
from dineutrino.analysis.load import parse_analysis
from dineutrino.measurements import load_measurements
from dineutrino.models.mediators.model import Mediators

CLASSES = (
    *("default", "inclusive", "kaons", "down", "leptonic", "semileptonic", "charged", "tau", "mixing", "z_pole"),
    "ditau",
)


@pytest.fixture(scope="module")
def analysis():
    return load_analysis("global_R2t")


def test_what_it_holds(analysis):
    """All data, inputs of today, and everything runs from the mass."""
    assert analysis.cautions() == []
    assert isinstance(analysis.model, Mediators)
    assert (analysis.model.mass, analysis.model.scale, analysis.model.neutrinos_run) == (2.0, None, True)
    assert analysis.prior.central.name == "default"
    assert {m.name for m in analysis.measurements} == {m.name for m in load_measurements("correlated")}
    assert {block.name for block in analysis.prior.blocks} == set(analysis.nuisances)


@pytest.mark.parametrize("name", [*CLASSES, "global_prospects"])
def test_a_class_alone(tmp_path, name):
    """Each in place of all."""
    text = packaged_text("global_R2t").replace("measurements: global", f"measurements: {name}")
    one = parse_analysis(text, "one.yaml", tmp_path)
    assert one.measurements == load_measurements(name)
    everything = {m.name for m in load_measurements("global")}
    assert name == "global_prospects" or {m.name for m in one.measurements} <= everything


@pytest.mark.slow
def test_it_has_a_maximum(analysis):
    """chi2 falls by 7.2 from the Standard Model, nuisances at their best in both, by a minimiser that is not ours.

    From another start it ends on another island, lower by 0.05. The gradient is that of finite differences.
    """
    likelihood = analysis.likelihood()

    @jax.jit
    @jax.value_and_grad
    def chi2(x):
        return -2 * likelihood.log_prob(likelihood.to_point(x))

    def start(y2Lt, theta, phi):
        return np.array(likelihood.to_vector(likelihood.origin({"y2Lt": y2Lt, "theta": theta, "phi": phi})))

    def least(x, fixed=False):
        bounds = list(zip(np.asarray(likelihood.lower), np.asarray(likelihood.upper), strict=True))
        if fixed:
            bounds[:3] = [(value, value) for value in x[:3]]
        options = {"maxiter": 5000, "maxfun": 10_000, "ftol": 1e-11}

        def both(x):
            value, slope = chi2(jnp.asarray(x))
            return float(value), np.asarray(slope)

        return minimize(both, x, jac=True, method="L-BFGS-B", bounds=bounds, options=options)

    x = start(0.8, 0.2, 4.7)
    slope = np.asarray(chi2(jnp.asarray(x))[1])
    for i in (0, 1, 2, 10, 40, 80):
        step = np.zeros(len(x))
        step[i] = 1e-5
        numerical = (chi2(jnp.asarray(x + step))[0] - chi2(jnp.asarray(x - step))[0]) / 2e-5
        assert slope[i] == approx(float(numerical), rel=1e-4, abs=1e-4)
    standard_model = least(start(0.0, 0.2, 4.7), fixed=True).fun
    best = least(x)
    assert standard_model - best.fun == approx(7.23, abs=0.1)
    found = likelihood.predict(likelihood.to_point(jnp.asarray(best.x)))
    assert float(found["BR(B+->Knunu)"]) == approx(1.137e-5, rel=0.03)
    assert float(found["BR(K+->pinunu)"]) == approx(9.6e-11, rel=0.03)
