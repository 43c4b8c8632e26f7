"""The published likelihood with a predicted spectrum: workspace, reweighting, fit of the weak effective theory."""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from belle2_files import belle2_folder
from close import approx

from dineutrino.analysis import load_analysis
from dineutrino.errors import DineutrinoError
from dineutrino.inference import marginal_densities, maximum, posterior, profile
from dineutrino.inference.coordinates import Box, fold, unfold
from dineutrino.inference.profile_function import ProfileFunction
from dineutrino.inputs import load_inputs, load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import load_measurements
from dineutrino.measurements.histfactory import HistFactory, parse_workspace, read_workspace
from dineutrino.measurements.published.belle2_2025.likelihood import NUISANCES, REPLACED, null_rates, reinterpretation
from dineutrino.measurements.reweighting import bins
from dineutrino.models import WET
from dineutrino.report.impacts import impacts
from dineutrino.report.postfit import postfit

pytestmark = pytest.mark.slow

EDGES = np.linspace(0.0, 22.885, 101)
PUBLISHED = "belle2_2025_BpKnunu"
"""Best fit of pyhf 0.7.6, redist 2.0.0 and EOS 1.0.21 to the published likelihood (arXiv:2507.12393)."""
PEER = {"cVL": 11.43, "cTL": 8.42}
PEER_TWO_NLL = -16.03


@pytest.fixture(scope="module")
def measurement():
    return load_measurements(PUBLISHED, data=belle2_folder())[0]


@pytest.fixture(scope="module")
def likelihood(measurement):
    prior = load_prior("belle2_2025").restrict(lambda label: label.startswith("B->K f_"))
    model = WET.from_inputs(prior.central)
    return Likelihood([Parameter(n, 0.0, 20.0, 5.0) for n in ("cVL", "cSL", "cTL")], [measurement], prior, model)


@pytest.fixture(scope="module")
def maxima(likelihood):
    return maximum(likelihood, jax.random.key(1), starts=24)


@pytest.fixture(scope="module")
def somewhere(likelihood):
    """A point with every nuisance moved, within the bounds."""
    rng = np.random.default_rng(5)
    n = len(likelihood.names) - likelihood.n_parameters
    z = np.clip(0.4 * rng.normal(size=n), likelihood.lower[3:] + 0.1, likelihood.upper[3:] - 0.1)
    return likelihood.to_point(jnp.asarray(np.concatenate([[9.0, 3.0, 6.0], z])))


def test_without_new_physics_it_is_the_workspace(measurement):
    """With the null spectrum: the density of the workspace at mu = 1 and no form-factor systematics."""
    term, folder = measurement.term, belle2_folder()
    full = HistFactory(read_workspace(folder / "combined_likelihood.json"))
    rng = np.random.default_rng(0)
    labels = term.nuisances.labels
    z = np.clip(0.5 * rng.normal(size=len(labels)), np.array(term.nuisances.lower) + 0.1, None)
    ours = term.at({NUISANCES: jnp.asarray(z)}).log_prob(jnp.asarray(null_rates(term.observables)), jnp.zeros(100))
    point = term.model.point(jnp.asarray(term.model.central + term.model.deviations * z))
    replaced = dict.fromkeys(REPLACED, jnp.asarray(0.0)) | {"mu": jnp.asarray(1.0)}
    dropped = 3 * -0.5 * np.log(2 * np.pi)  # constraints of the form-factor modifiers
    expected = full.log_prob(point | replaced) - dropped
    assert ours - 0.5 * z @ z + term.constant == approx(expected, rel=1e-12)


def test_is_made_of_30_bins_and_228_nuisances(likelihood, measurement):
    assert len(measurement.labels) == 30
    assert measurement.labels[:2] == ("A 1", "A 2")
    assert len(measurement.term.nuisances.labels) == 228
    assert not set(REPLACED) & set(measurement.term.nuisances.labels)
    assert len(likelihood.names) == 3 + 8 + 228
    assert list(likelihood.predict(likelihood.origin())) == ["BR(B+->Knunu)"]
    assert "30 bins" in likelihood.describe()
    assert len(likelihood.observed_data) == 30


def test_prior_and_term_add_up(likelihood, somewhere):
    z = jnp.concatenate([*somewhere["nuisances"].values()])
    total = likelihood.log_likelihoods(somewhere)[PUBLISHED] - 0.5 * z @ z
    assert likelihood.log_prob(somewhere) == approx(total, rel=1e-12)


def test_gradient(likelihood, somewhere):
    """Against central differences, along random directions and along each parameter."""
    vector = likelihood.to_vector(somewhere)
    gradient = likelihood.to_vector(likelihood.value_and_grad(somewhere)[1])
    rng = np.random.default_rng(2)
    directions = [*np.eye(len(vector))[:11], *rng.normal(size=(4, len(vector)))]
    values = jax.jit(jax.vmap(lambda x: likelihood.log_prob(likelihood.to_point(x))))
    for direction in directions:
        h = 1e-3
        low, below, above, high = values(vector + h * np.array([-2, -1, 1, 2])[:, None] * direction)
        quotient = (8 * (above - below) - (high - low)) / (12 * h)
        assert gradient @ direction == approx(quotient, rel=1e-7, abs=1e-7)


def test_gradient_in_the_coordinates_of_a_search():
    """Compiled with the bounds as constants and as arguments: slices of a vector once gave gradients without a part."""
    analysis = load_analysis("belle2_2025_sterile", belle2_folder())
    likelihood = analysis.likelihood()
    box = Box.of(likelihood)
    rng = np.random.default_rng(0)
    x = np.concatenate([[0.5, 0.03], 0.3 * rng.normal(size=len(likelihood.names) - 2)])
    t = jnp.asarray(unfold(box, x[None])[0])

    def objective(t, box):
        return likelihood.log_prob(likelihood.to_point(fold(box, t)))

    directions = np.eye(len(t))[[0, 1, 2, 14, 60, 200, -1]]
    values = jax.jit(jax.vmap(lambda t: objective(t, box)))
    h = 1e-4
    quotients = [(values(jnp.stack([t + h * d, t - h * d])) @ jnp.array([1.0, -1.0])) / (2 * h) for d in directions]
    arguments = jax.tree.map(jnp.asarray, box)
    for gradient in (
        jax.jit(jax.grad(lambda t: objective(t, box)))(t),
        jax.jit(jax.grad(objective))(t, arguments),
        jax.jit(jax.vmap(jax.grad(objective), in_axes=(0, None)))(jnp.stack([t, t]), arguments)[1],
    ):
        assert directions @ gradient == approx(jnp.stack(quotients), rel=1e-5, abs=1e-5)


def test_batch_is_a_loop_and_jit_is_eager(likelihood, somewhere):
    points = [likelihood.origin({"cVL": 7.0, "cTL": 2.0}), somewhere]
    together = jax.tree.map(lambda *leaves: jnp.stack(leaves), *points)
    one_by_one = [likelihood.log_prob(point) for point in points]
    assert jax.jit(jax.vmap(likelihood.log_prob))(together) == approx(jnp.stack(one_by_one), rel=1e-12)
    assert likelihood._log_prob(somewhere) == approx(one_by_one[1], rel=1e-12)


def test_outside_of_the_bounds_of_the_workspace_is_impossible(likelihood, somewhere):
    for name, z in somewhere["nuisances"].items():
        if name == NUISANCES:
            outside = somewhere["nuisances"] | {name: z.at[0].set(5.001)}
            assert likelihood.log_prob(somewhere | {"nuisances": outside}) == -jnp.inf
    assert jnp.isfinite(likelihood.log_prob(somewhere))


def test_fit_of_the_weak_effective_theory(likelihood, measurement, maxima):
    """Best fit (11.43, 0.12, 8.42), -2 log L = -16.03 of pyhf, redist and EOS; the scalar is flat near zero there."""
    best = maxima.best
    for name, value in PEER.items():
        assert best[name] == approx(value, abs=0.15)
    assert best["cSL"] < 1.0
    form_factors = 8 * -0.5 * np.log(2 * np.pi)
    two_nll = -2 * (best.log_prob + measurement.term.constant + form_factors)
    assert two_nll == approx(PEER_TWO_NLL, abs=0.15)
    assert best.error("cVL") == approx(3.29, abs=0.05)
    assert best.error("cTL") == approx(3.06, abs=0.05)


def test_every_mode_of_the_fit_is_the_same(maxima):
    assert len(maxima) == 1
    assert maxima.n_lost == 0


def test_profile_of_the_vector(likelihood, maxima):
    """The interval of the profile holds the best fit, and is close to what the curvature says."""
    found = profile(likelihood, "cVL", maxima, points=9, confidence_levels=(0.682689492137086,))
    [[interval]] = found.intervals
    assert interval.lower < maxima.best["cVL"] < interval.upper
    assert interval.upper - maxima.best["cVL"] == approx(maxima.best.error("cVL"), rel=0.3)


def test_posterior_of_the_weak_effective_theory(likelihood, maxima, nothing_on_disk, optimised):
    """95% intervals of arXiv:2507.12393, with priors flat on [0, 20]; ours are those of highest density."""
    samples = posterior(likelihood, jax.random.key(3), maxima=maxima, warmup=400, draws=1500, progress=False)
    assert samples.attrs["diagnostics_passed"], samples.attrs["diagnostics"]
    published = {"cVL": (1.86, 16.2), "cSL": (0.0, 15.4), "cTL": (0.0, 11.2)}
    densities = marginal_densities(likelihood, samples, tuple(published))
    for name, ends in published.items():
        ((lower, upper),) = densities[name,].highest(0.95)
        ((_, error),) = densities[name,].errors_of_highest(0.95)
        assert error < 0.5, name
        assert lower == approx(ends[0], abs=0.4), name
        assert upper == approx(ends[1], abs=0.3 + 3 * error), name


def test_is_not_combined_with_a_measurement_of_the_same_data(measurement, likelihood):
    for name in ("belle2_2023_BpKnunu_combination", "belle2_2023_BpKnunu_inclusive"):
        with pytest.raises(DineutrinoError, match="the same data"):
            Likelihood(
                likelihood.parameters,
                [measurement, *load_measurements(name)],
                likelihood.prior,
                likelihood.coefficients,
            )


def test_is_combined_with_measurements_of_other_modes(measurement):
    others = load_measurements(["belle2017_B0KSnunu", "belle2017_B0Kstarnunu"])
    prior = load_prior("default")
    parameters = [Parameter(f"Re C{h}_bsnutaunutau", -40.0, 40.0) for h in "LR"]
    combined = Likelihood(parameters, [measurement, *others], prior)
    point = combined.origin({"Re CL_bsnutaunutau": -5.0})
    terms = combined.log_likelihoods(point)
    assert set(terms) == {PUBLISHED, *(m.name for m in others)}
    assert combined.log_prob(point) == approx(sum(terms.values()), rel=1e-12)
    _, gradient = combined.value_and_grad(point)
    assert all(jnp.all(jnp.isfinite(leaf)) for leaf in jax.tree.leaves(gradient))


# -- a small likelihood of the same form ------------------------------------------------------------------------------


def small(**changes):
    def sample(name, data, *modifiers):
        return {"name": name, "data": data, "modifiers": list(modifiers)}

    shape = {"name": "tilt", "type": "histosys", "data": {"hi_data": [5.0, 7.0], "lo_data": [3.0, 9.0]}}
    rate = {"name": "rate", "type": "normsys", "data": {"hi": 1.2, "lo": 0.9}}
    statistics = {"name": "counts", "type": "staterror", "data": [1.0, 0.5]}
    content = {
        "channels": [{"name": "only", "samples": [
            sample("background", [10.0, 4.0], rate, statistics), sample("signal", [4.0, 8.0], shape)]}],
        "observations": [{"name": "only", "data": [17.0, 9.0]}],
        "measurements": [{"name": "fit", "config": {"poi": "", "parameters": []}}],
        "version": "1.0.0",
    }  # fmt: skip
    return parse_workspace(json.loads(json.dumps(content)) | changes)


DENSITIES = {"key": np.array([[1.0, 2.0, 1.0], [0.0, 3.0, 5.0]])}
HOMES = {"key": ("only", "signal")}
SMALL_EDGES = np.array([0.0, 5.0, 10.0])


def test_yields_follow_the_spectrum():
    term = reinterpretation(small(), DENSITIES, HOMES, SMALL_EDGES).term
    null = null_rates(term.observables)
    background = np.array([10.0, 4.0])
    assert term.expected(jnp.asarray(null)) == approx(background + np.array([4.0, 8.0]), rel=1e-12)
    assert term.expected(jnp.asarray(null * np.array([2.0, 0.0]))) == approx(
        background + np.array([5.0, 6.0]), rel=1e-12
    )
    assert term.expected(jnp.zeros(2)) == approx(background + np.array([1.0, 0.0]), rel=1e-12)


def test_impossible_expectations():
    """A background that a systematic effect makes negative has no probability, and no gradient that is not a number."""
    term = reinterpretation(small(), DENSITIES, HOMES, SMALL_EDGES).term
    z = np.zeros(len(term.nuisances.labels))
    z[term.nuisances.labels.index("counts 1")] = -40.0
    null = jnp.asarray(null_rates(term.observables))
    value, gradient = jax.value_and_grad(lambda z: term.at({NUISANCES: z}).log_prob(null, null))(jnp.asarray(z))
    assert value == -jnp.inf
    assert jnp.all(jnp.isfinite(gradient))


def test_refuses_a_parameter_without_gaussian_constraint():
    free = {"name": "mu", "type": "normfactor", "data": None}
    content = small()
    channel = content.channels[0]
    workspace = parse_workspace({
        "channels": [{"name": "only", "samples": [{"name": "signal", "data": [4.0, 8.0], "modifiers": [free]}]}],
        "observations": [{"name": "only", "data": list(channel.observed)}],
        "measurements": [{"name": "fit", "config": {"poi": "", "parameters": []}}],
        "version": "1.0.0",
    })  # fmt: skip
    with pytest.raises(DineutrinoError, match="'mu' of the workspace has no Gaussian constraint"):
        reinterpretation(workspace, DENSITIES, HOMES, SMALL_EDGES)


def test_refuses_unknown_places():
    with pytest.raises(DineutrinoError, match="signal"):
        reinterpretation(small(), DENSITIES, {"key": ("only", "sgnal")}, SMALL_EDGES)
    with pytest.raises(DineutrinoError, match="only"):
        reinterpretation(small(), DENSITIES, {"key": ("onyl", "signal")}, SMALL_EDGES)


def test_the_null_is_that_of_the_simulation():
    """4.97e-6, the total that Belle II quotes."""
    inputs = load_inputs("belle2_2025_simulation")
    assert inputs["|V_tb V_ts*|"] == 0.04185
    total = null_rates(bins("<BR>(B+->Knunu)", EDGES.tolist()))
    assert total.sum() == approx(4.97e-6, abs=5e-9)


# -- what a fit says of the detector ----------------------------------------------------------------------------------


def test_bins_of_the_detector_after_the_fit(likelihood, measurement, maxima):
    """Samples add up to what the term expects; the uncertainty is that of moving every parameter."""
    channels = postfit(likelihood, maxima.best)
    assert [channel.channel for channel in channels] == ["A", "B", "C", "D", "sgn1_had"]
    pulls = likelihood.pulls(maxima.best.point)[PUBLISHED]
    for channel in channels:
        assert sum(channel.samples.values()) == approx(channel.expected, rel=1e-12)
        for i, (expected, observed) in enumerate(zip(channel.expected, channel.observed, strict=True)):
            assert pulls[f"{channel.channel} {i + 1}"] == approx((expected - observed) / np.sqrt(expected), rel=1e-10)
    assert sum(channel.observed.sum() for channel in channels) == measurement.term.observed.sum()
    covariance = np.nan_to_num(np.asarray(maxima.best.covariance), posinf=0.0)
    totals = jax.vmap(lambda v: likelihood.histograms(likelihood.to_point(v))[PUBLISHED]["B"]["ccbar"])
    draws = np.random.default_rng(0).multivariate_normal(np.zeros(len(covariance)), 1e-4 * covariance, 4000)
    scatter = np.std(totals(jnp.asarray(maxima.best.vector + draws)), axis=0) * 100
    ccbar = scatter / channels[1].uncertainty
    assert np.all(ccbar > 0.1)  # one sample alone is not known better than the sum by much
    expected = jax.vmap(lambda v: sum(likelihood.histograms(likelihood.to_point(v))[PUBLISHED]["B"].values()))
    assert np.std(expected(jnp.asarray(maxima.best.vector + draws)), axis=0) * 100 == approx(
        channels[1].uncertainty, rel=0.05
    )


def test_impacts_are_those_of_fits_with_a_nuisance_held(likelihood, maxima):
    best = maxima.best
    ranked = impacts(best, "cVL", likelihood.n_parameters)
    assert len(ranked) == len(best.names) - 3
    assert abs(ranked[0].impact) >= abs(ranked[1].impact) >= abs(ranked[-1].impact)
    for one in ranked[:2]:
        place = best.names.index(one.nuisance)
        step = 0.3 * one.constraint
        held = ProfileFunction(likelihood, maxima, (place,))(np.array([[one.pull - step], [one.pull + step]]))
        assert held.converged.all()
        difference = (held.vectors[1, 0] - held.vectors[0, 0]) / 0.6
        assert difference == approx(one.impact, rel=0.05)


@pytest.mark.parametrize(
    "name",
    [
        "belle2_2025",
        *(f"belle2_2025_{n}" for n in ("sterile", "dark_scalar", "dark_fermion", "dark_vector", "left_right")),
    ],
)
def test_analyses_of_the_package(name):
    analysis = load_analysis(name, belle2_folder())
    assert PUBLISHED in [m.name for m in analysis.measurements]
    assert analysis.profile is not None
    assert analysis.posterior is not None


def test_an_analysis_without_the_files_says_how_to_get_them(monkeypatch):
    monkeypatch.delenv("DINEUTRINO_DATA", raising=False)
    with pytest.raises(DineutrinoError, match="dineutrino data fetch belle2_2025"):
        load_analysis("belle2_2025")
