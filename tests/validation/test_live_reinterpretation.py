"""The Belle II likelihood at random points against pyhf, redist and EOS as they are installed.

Ours integrates the rate in each bin of q2 by Gauss-Legendre quadrature; redist does so adaptively with EOS's dBR/dq2,
and with the formula of the simulation. All inputs are EOS's defaults but for hbar, where EOS is given that of the SI.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from belle2_files import belle2_folder
from close import approx
from scipy.integrate import quad

from dineutrino.inputs import load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import load_measurements
from dineutrino.measurements.histfactory import HistFactory, parse_workspace, read_workspace
from dineutrino.measurements.published.belle2_2025.likelihood import null_rates
from dineutrino.models import WET

sys.path.insert(0, str(Path(__file__).parents[1] / "measurements" / "histfactory"))
from workspaces import ALL

pytestmark = pytest.mark.validation
pyhf = pytest.importorskip("pyhf", reason="pyhf is not installed")
redist_peer = pytest.importorskip("redist_peer", reason="redist or EOS is not installed", exc_type=ImportError)

PUBLISHED = "belle2_2025_BpKnunu"
POINTS = 12
RANDOM = 1000


@pytest.fixture(scope="module")
def measurement():
    return load_measurements(PUBLISHED, data=belle2_folder())[0]


@pytest.fixture(scope="module")
def likelihood(measurement):
    prior = load_prior("belle2_2025").restrict(lambda label: label.startswith("B->K f_"))
    parameters = [Parameter(name, 0.0, 20.0, 5.0) for name in redist_peer.COEFFICIENTS]
    return Likelihood(parameters, [measurement], prior, WET.from_inputs(prior.central))


@pytest.fixture(scope="module")
def covariance(likelihood):
    [block] = likelihood.prior.blocks
    return np.asarray(block.cholesky @ block.cholesky.T)


@pytest.fixture(scope="module")
def peer(likelihood, covariance):
    [block] = likelihood.prior.blocks
    return redist_peer.reinterpretation(belle2_folder(), np.asarray(block.mean), covariance)


def random_points(likelihood, count):
    """Coefficients between their bounds, nuisances drawn around their centres and kept inside of their bounds."""
    rng = np.random.default_rng(11)
    n = len(likelihood.names) - likelihood.n_parameters
    z = np.clip(0.7 * rng.normal(size=(count, n)), likelihood.lower[3:] + 0.1, likelihood.upper[3:] - 0.1)
    return [likelihood.to_point(jnp.asarray(x)) for x in np.hstack([rng.uniform(0.0, 20.0, (count, 3)), z])]


def of_peer(point, likelihood, term, model, covariance):
    """The same point in the order of pyhf's parameters."""
    [block] = likelihood.prior.blocks
    shifts = np.asarray(block.cholesky @ point["nuisances"][block.name])
    own = term.model.point(term.at(point["nuisances"]).parameters)
    values = {name: point[name] for name in redist_peer.COEFFICIENTS}
    return redist_peer.vector(model, {**values, **redist_peer.decorrelated(covariance, shifts), **own})


@pytest.mark.slow
def test_random_points(likelihood, measurement, peer, covariance):
    model, data = peer
    term = measurement.term
    assert model.config.npars == len(likelihood.names)
    form_factors = 8 * -0.5 * np.log(2 * np.pi)  # their constraints have these constants in pyhf
    expected = jax.jit(lambda point: term.at(point["nuisances"]).expected(likelihood._values(point)[1:]))
    assert likelihood.references[1:] == term.observables
    for point in random_points(likelihood, POINTS):
        theirs = of_peer(point, likelihood, term, model, covariance)
        assert expected(point) == approx(model.expected_actualdata(theirs), rel=1e-9)
        density = likelihood.log_prob(point) + term.constant + form_factors
        assert density == approx(model.logpdf(theirs, data)[0], rel=1e-10, abs=1e-8)


def test_the_null_is_the_formula_of_the_simulation(measurement):
    """Bin by bin, and in absolute terms."""
    theirs = [quad(redist_peer.null, *bin, epsabs=0.0, epsrel=1e-12)[0] for bin in pairwise(redist_peer.EDGES[1:])]
    assert null_rates(measurement.term.observables) == approx(theirs, rel=1e-9)


def test_fixed_quadrature_of_the_peer_is_as_good(likelihood, measurement, peer, covariance):
    """The quicker variant, with which benchmarks compare."""
    [block] = likelihood.prior.blocks
    quick, _ = redist_peer.reinterpretation(belle2_folder(), np.asarray(block.mean), covariance, "gauss", 16)
    for point in random_points(likelihood, 2):
        theirs = of_peer(point, likelihood, measurement.term, peer[0], covariance)
        assert quick.expected_actualdata(theirs) == approx(peer[0].expected_actualdata(theirs), rel=1e-9)


def random_vectors(model, count, seed):
    """Parameters that start at 0 are drawn from a normal distribution, the others scattered around their start."""
    rng = np.random.default_rng(seed)
    start = np.array(model.config.suggested_init())
    draws = rng.normal(size=(count, len(start)))
    return np.where(start == 0, 1.5 * draws, start * np.exp(0.15 * draws))


def assert_equal_at_random_points(ours, workspace, settings, seed):
    """At a thousand possible points; where pyhf expects a negative number it has no density, and neither have we."""
    model = workspace.model(modifier_settings=settings)
    data, vectors = workspace.data(model), random_vectors(model, RANDOM + 20, seed)
    with np.errstate(invalid="ignore"):
        theirs = np.array([model.logpdf(x, data)[0] for x in vectors])
    places = np.concatenate([np.arange(model.config.npars)[model.config.par_slice(name)] for name in ours.parameters])
    log_prob = jax.jit(jax.vmap(lambda x: ours.log_prob(ours.point(x))))
    found = np.asarray(log_prob(jnp.asarray(vectors[:, places])))
    possible = np.isfinite(theirs)
    assert possible.sum() >= RANDOM
    assert not np.isfinite(found[~possible]).any()
    assert found[possible] == approx(theirs[possible], rel=1e-10)


@pytest.mark.parametrize("codes", [("code4p", "code4"), ("code0", "code1")], ids=" ".join)
@pytest.mark.parametrize("name", ALL)
def test_small_workspaces(name, codes):
    ours = HistFactory(parse_workspace(ALL[name]), *codes)
    settings = {kind: {"interpcode": code} for kind, code in zip(("histosys", "normsys"), codes, strict=True)}
    assert_equal_at_random_points(ours, pyhf.Workspace(ALL[name]), settings, 21)


@pytest.mark.slow
def test_workspace_of_belle2():
    path = belle2_folder() / redist_peer.WORKSPACE
    workspace = pyhf.Workspace(json.loads(path.read_text(encoding="utf-8")))
    assert_equal_at_random_points(HistFactory(read_workspace(path)), workspace, redist_peer.INTERPOLATION, 22)
