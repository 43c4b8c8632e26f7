"""Table 1 of arXiv:2404.06533: best fits of vector couplings to R_K+, R_K* (and R_KS)."""

import jax.numpy as jnp
import pytest
from scipy.optimize import minimize_scalar

from dineutrino.measurements import load_measurements

ETA = 3.33
# case: (left, right, number of flavours, x, chi2, x with R_KS)
CASES = {
    "R LFU": (0, 1, 3, 0.7142, 0.160, 0.6726),
    "L LFU": (1, 0, 3, 0.4684, 1.844, 0.4515),
    "V LFU": (1, 1, 3, 0.3506, 0.085, 0.3315),
    "R tau": (0, 1, 1, 1.5870, 0.017, 1.5159),
    "L tau": (1, 0, 1, 1.1138, 1.844, 1.0785),
    "V tau": (1, 1, 1, 0.7926, 0.085, 0.7546),
}


def ratios(left, right, flavours):
    """R_K and R_K* for real x_L, x_R = C_L / C_SM, C_R / C_SM of `flavours` equal diagonal entries (eq. A3)."""
    both = left + right
    delta_k = flavours / 3 * (2 * both + both**2)
    return 1 + delta_k, 1 + delta_k - ETA * flavours / 3 * right * (1 + left)


def chi2(measurements, left, right, flavours):
    r_k, r_kstar = ratios(left, right, flavours)
    prediction = {"R(B+->Knunu)": r_k, "R(B0->KSnunu)": r_k, "R(B0->K*nunu)": r_kstar}
    total = 0.0
    for measurement in measurements:
        values = jnp.array([prediction[name] for name, *_ in measurement.observables])
        total -= 2 * float(measurement.term.log_prob(values, jnp.ones_like(values)))
    return total


def best_fit(measurements, left, right, flavours):
    found = minimize_scalar(
        lambda x: chi2(measurements, left * x, right * x, flavours), bounds=(0, 3), method="bounded",
        options={"xatol": 1e-7},
    )  # fmt: skip
    return found.x, found.fun


@pytest.mark.parametrize("case", CASES)
def test_best_fit(case):
    left, right, flavours, x, expected, x_with_ks = CASES[case]
    found, minimum = best_fit(load_measurements("marzocca2024"), left, right, flavours)
    assert found == pytest.approx(x, abs=1e-3)
    assert minimum == pytest.approx(expected, abs=1e-3)
    found, _ = best_fit(load_measurements("marzocca2024_with_KS"), left, right, flavours)
    assert found == pytest.approx(x_with_ks, abs=1e-3)


def test_chi2_of_the_standard_model():
    assert chi2(load_measurements("marzocca2024"), 0.0, 0.0, 3) == pytest.approx(4.599, abs=1e-3)
