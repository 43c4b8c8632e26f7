"""What the published Belle II likelihood says about pairs of new particles, at a few points."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from belle2_files import belle2_folder

from dineutrino.measurements import load_measurements
from dineutrino.reproduce.belle2_2025 import (
    BENCHMARK_MASS,
    KINDS,
    RATE,
    SCALAR,
    Kind,
    Panel,
    Scan,
    comparison,
    improvement,
)

pytestmark = pytest.mark.slow

STERILE, SCALARS, FERMIONS, VECTORS = KINDS


def curve(panel: Panel, label: str):
    return next(c for c in panel.curves if c.label == label)


@pytest.fixture(scope="module")
def sterile():
    return improvement(STERILE, belle2_folder(), points=5)


@pytest.fixture(scope="module")
def fermions():
    return improvement(FERMIONS, belle2_folder(), points=3)


def test_two_ways_to_the_same_spectra(sterile, fermions):
    """Majorana steriles and Dirac fermions with the same current; without mass, with any current of the same kind."""
    np.testing.assert_allclose(curve(sterile, "QN_2311").y[[0, -1]], curve(fermions, "V2").y[[0, -1]], atol=2e-3)
    for one, other in (("LNQd_3123", "S1"), ("LNQd_3123", "S2"), ("LNQdT_3123", "T1"), ("LNQdT_3123", "T2")):
        assert curve(sterile, one).y[0] == pytest.approx(curve(fermions, other).y[0], abs=2e-3)


def test_never_worse_than_the_standard_model(sterile, fermions):
    for panel in (sterile, fermions):
        for line in panel.curves:
            assert np.all(line.y < 1e-3), line.label
            assert line.y[-1] == pytest.approx(0.0, abs=1e-3)  # no phase space


def test_vectors_of_half_a_gev_are_preferred(sterile):
    """-11.47 at 0.641 GeV is the maximum of the analysis belle2_2025_sterile; -7.55 without mass."""
    found = curve(sterile, "QN_2311")
    assert found.y[0] == pytest.approx(-7.55, abs=0.02)
    assert np.min(found.y) > -11.47
    assert found.x[np.argmin(found.y)] == pytest.approx(0.575)


def test_beside_the_branching_ratio_alone():
    """Alone it is (B - B_measured)^2 over the sum of the squared errors; the spectrum tells the operators apart."""
    kind = Kind("", "DarkFermion", 10.0, ("V2", "S1"))
    panel = comparison(kind, belle2_folder(), points=4)
    (measured,) = load_measurements(SCALAR)
    scan = Scan(kind, (measured,))
    alone = curve(panel, "branching ratio alone")
    masses = np.full(4, BENCHMARK_MASS)
    vectors = scan.vectors("V2", masses, scan.coupling("V2", masses, 1.0) * np.sqrt(np.linspace(0, 6e-5, 4)))
    rates, slopes = np.array([value_and_slope(scan, vector) for vector in vectors]).T
    np.testing.assert_allclose(1e6 * rates, alone.x, rtol=1e-9)
    term = measured.term
    width = np.where(rates > term.value, term.sigma_plus, term.sigma_minus)
    chi2 = (rates - term.value) ** 2 / (width**2 + slopes**2)
    np.testing.assert_allclose(alone.y, chi2 - chi2[0], atol=0.02 * chi2.max())
    assert curve(panel, "V2").y[2] < -8
    assert curve(panel, "S1").y[2] > -2


def value_and_slope(scan: Scan, vector: np.ndarray) -> tuple[float, float]:
    """Branching ratio, and its error from the nuisances, of which each has unit variance."""
    n = scan.likelihood.n_parameters

    def rate(nuisances):
        whole = jnp.concatenate([jnp.asarray(vector[:n]), nuisances])
        return scan.likelihood.predict(scan.likelihood.to_point(whole))[RATE]

    value, slope = jax.value_and_grad(rate)(jnp.asarray(vector[n:]))
    return float(value), float(jnp.linalg.norm(slope))
