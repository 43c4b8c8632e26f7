"""What a workspace fixes is no nuisance of its likelihood: it stays where it starts."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements.histfactory import HistFactory, parse_workspace
from dineutrino.measurements.published.belle2_2025.likelihood import NUISANCES, null_rates, reinterpretation

DENSITIES = {"key": np.array([[1.0, 2.0, 1.0], [0.0, 3.0, 5.0]])}
HOMES = {"key": ("only", "signal")}
EDGES = np.array([0.0, 5.0, 10.0])


def workspace(*parameters):
    """One channel, with every kind of constraint; the second bin has no statistical error."""

    def sample(name, data, *modifiers):
        records = [{"name": name, "type": kind, "data": values} for name, kind, values in modifiers]
        return {"name": name, "data": data, "modifiers": records}

    background = sample(
        "background", [10.0, 4.0], ("rate", "normsys", {"hi": 1.2, "lo": 0.9}), ("counts", "staterror", [1.0, 0.0]),
        ("scale", "normfactor", None), ("own", "shapesys", [2.0, 1.0]),
    )  # fmt: skip
    signal = sample("signal", [4.0, 8.0], ("tilt", "histosys", {"hi_data": [5.0, 7.0], "lo_data": [3.0, 9.0]}))
    return parse_workspace({
        "channels": [{"name": "only", "samples": [background, signal]}],
        "observations": [{"name": "only", "data": [17, 9]}],
        "measurements": [{"name": "fit", "config": {"poi": "scale", "parameters": list(parameters)}}],
        "version": "1.0.0",
    })  # fmt: skip


SCALE = {"name": "scale", "fixed": True, "inits": [1.5]}
OWN = {"name": "own", "fixed": True, "inits": [0.9, 1.2]}
RATE = {"name": "rate", "fixed": True, "inits": [0.5]}
FIXED = (SCALE, OWN, RATE)


def measurement(*parameters):
    return reinterpretation(workspace(*parameters), DENSITIES, HOMES, EDGES)


@pytest.mark.slow
def test_what_is_fixed_is_no_nuisance():
    """The second bin of the statistical error is fixed for it has none."""
    assert measurement(SCALE, OWN).term.nuisances.labels == ("counts 1", "rate", "tilt")
    nuisances = measurement(*FIXED).term.nuisances
    assert nuisances.labels == ("counts 1", "tilt")
    assert nuisances.lower == approx((-10.0, -5.0), rel=1e-9)
    assert nuisances.upper == approx((90.0, 5.0), rel=1e-12)


@pytest.mark.slow
def test_what_is_fixed_stays_where_it_starts():
    """With the null spectrum: the density of the workspace, fixed parameters at their initial values."""
    term, full = measurement(*FIXED).term, HistFactory(workspace(*FIXED))
    null = jnp.asarray(null_rates(term.observables))
    rng = np.random.default_rng(3)
    for z in rng.normal(size=(5, 2)):
        moved = {"counts": jnp.asarray([1.0 + 0.1 * z[0], 1.0]), "tilt": jnp.asarray(z[1])}
        point = full.initial() | moved
        assert point["rate"] == 0.5
        displaced = term.at({NUISANCES: jnp.asarray(z)})
        assert displaced.expected(null) == approx(full.expected(point), rel=1e-12)
        found = displaced.log_prob(null, null) - 0.5 * z @ z + term.constant
        assert found == approx(full.log_prob(point), rel=1e-12)


@pytest.mark.slow
def test_only_what_is_not_fixed_is_a_coordinate_of_the_likelihood():
    parameter = Parameter("Re CL_bsnutaunutau", -40.0, 40.0)
    likelihood = Likelihood([parameter], [measurement(*FIXED)], load_prior("default").restrict(lambda label: False))
    assert likelihood.names == (parameter.name, f"{NUISANCES}: counts 1", f"{NUISANCES}: tilt")
    value, gradient = likelihood.value_and_grad(likelihood.origin())
    assert all(jnp.all(jnp.isfinite(leaf)) for leaf in [value, *jax.tree.leaves(gradient)])


@pytest.mark.slow
def test_without_any_nuisance():
    everything = [*FIXED, {"name": "tilt", "fixed": True}, {"name": "counts", "fixed": True}]
    term = measurement(*everything).term
    assert term.nuisances.labels == ()
    null = jnp.asarray(null_rates(term.observables))
    full = HistFactory(workspace(*everything))
    assert term.log_prob(null, null) + term.constant == approx(full.log_prob(full.initial()), rel=1e-12)


@pytest.mark.parametrize(("given", "name"), [((SCALE,), "own"), ((OWN,), "scale")])
def test_what_is_free_needs_a_gaussian_constraint(given, name):
    with pytest.raises(DineutrinoError, match=f"'{name}' of the workspace has no Gaussian constraint, and is not fix"):
        measurement(*given)


def test_a_number_density_has_the_bins_of_its_channel():
    with pytest.raises(DineutrinoError, match="number density 'key' has 1 rows for the 2 bins of channel 'only'"):
        reinterpretation(workspace(*FIXED), {"key": DENSITIES["key"][:1]}, HOMES, EDGES)
