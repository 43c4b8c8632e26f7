"""The fits as data: what the table of their papers says, and Gaussians that can be sampled."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dineutrino.form_factors import total_uncertainty

# (central value, uncertainty where quoted), rounded as quoted
TABLE = {
    ("B->K", "HPQCD2022"): {
        "f_0": [(0.2546, 0.0089), (0.2110, 0.076), (0.0269, 0.174)],
        "f_plus": [(-0.7085, 0.141), (0.3097, 0.584)],
        "f_T": [(0.2549, 0.018), (-0.6549, 0.230), (0.3627, 0.845)],
    },
    ("B->K", "GRvDV2023"): {
        "f_plus": [(0.33196, 0.0103), (-0.96404, 0.0667), (-0.30274, 0.0899)],
        "f_0": [(0.33479, 0.0775), (0.00372, 0.147)],
        "f_T": [(0.32361, 0.0215), (-1.02912, 0.174), (-0.39955, 0.344)],
    },
    ("B->K", "GKvD2018"): {
        "f_plus": [(0.32909, 0.028), (-0.86695, 0.138), (0.00610, 0.751)],
        "f_0": [(0.19512, 0.168), (-0.44613, 0.409)],
        "f_T": [(0.29938, 0.026), (-0.77355, 0.150), (0.00955, 0.872)],
    },
    ("B->K*", "GRvDV2023"): {
        "A_0": [(0.34214, 0.0265), (-1.14741, None), (2.37276, None)],
        "A_1": [(0.28927, 0.0192), (0.45995, None), (1.22417, None)],
        "A_12": [(0.55116, None), (0.57813, None)],
        "V": [(0.36280, 0.0287), (-1.08932, None), (2.80292, None)],
        "T_1": [(0.31924, 0.0210), (-0.96189, None), (2.09306, None)],
        "T_2": [(0.59324, None), (1.67954, None)],
        "T_23": [(0.62124, 0.0345), (0.97331, None), (1.82128, None)],
    },
    ("B->K*", "GKvD2018"): {
        "A_0": [(0.33357, 0.027), (-1.11641, None), (2.49707, None)],
        "A_1": [(0.28900, 0.019), (0.45661, None), (1.18298, None)],
        "A_12": [(0.50415, None), (0.52375, None)],
        "V": [(0.36417, 0.029), (-1.09246, None), (2.59548, None)],
        "T_1": [(0.31922, 0.021), (-0.95398, None), (2.04077, None)],
        "T_2": [(0.60208, None), (1.69928, None)],
        "T_23": [(0.60589, 0.034), (0.88677, None), (1.88312, None)],
    },
    ("B->K*", "BSZ2015"): {
        "A_0": [(0.3692, 0.029), (-1.3658, None), (0.1282, None)],
        "A_1": [(0.2973, 0.026), (0.3924, None), (1.1892, None)],
        "A_12": [(0.5336, None), (0.4832, None)],
        "V": [(0.3763, 0.033), (-1.1660, None), (2.4244, None)],
        "T_1": [(0.3121, 0.028), (-1.0089, None), (1.5272, None)],
        "T_2": [(0.4968, None), (1.6143, None)],
        "T_23": [(0.6674, 0.063), (1.3181, None), (3.8233, None)],
    },
    ("Bs->phi", "GRvDV2023"): {
        "A_0": [(0.38000, None), (-1.27092, None), (2.75075, None)],
        "A_1": [(0.30467, None), (0.47301, None), (1.96852, None)],
        "A_12": [(0.32278, None), (-0.64655, None)],
        "V": [(0.37783, None), (-0.89785, None), (3.89603, None)],
        "T_1": [(0.33631, None), (-0.76227, None), (0.99708, None)],
        "T_2": [(0.74223, None), (2.00139, None)],
        "T_23": [(0.63570, None), (1.17840, None), (1.79990, None)],
    },
    ("Bs->phi", "BSZ2015"): {
        "A_0": [(0.42133, 0.0241), (-0.97645, 0.238), (3.27140, 1.36)],
        "A_1": [(0.28801, 0.0106), (0.35083, 0.104), (1.69688, 0.79)],
        "A_12": [(0.95440, 0.126), (2.15263, 0.479)],
        "V": [(0.36448, 0.0141), (-1.22389, 0.164), (3.74061, 1.73)],
        "T_1": [(0.29948, 0.0121), (-1.10130, 0.0835), (0.58459, 1.00)],
        "T_2": [(0.40356, 0.0804), (1.03987, 0.609)],
        "T_23": [(0.65233, None), (2.09622, None), (6.73572, None)],
    },
}
# nominal fit of Lambda_b -> Lambda: two coefficients
NOMINAL = {
    "f_plus": (0.4221, -1.1386), "f_perp": (0.5182, -1.3495), "f_0": (0.3725, -0.9389),
    "g_plus": (0.3563, -1.0612), "g_perp": (-1.1357,), "g_0": (0.4028, -1.0290),
    "h_plus": (0.4960, -1.1275), "h_perp": (0.3876, -0.9623),
    "htilde_plus": (0.3403, -0.7697), "htilde_perp": (-0.8008,),
}  # fmt: skip


@pytest.mark.parametrize("key", TABLE, ids="-".join)
def test_table(key, load_fit, load_block):
    fit, block = load_fit(*key), load_block(*key)
    uncertainties = dict(zip(block.labels, np.sqrt(np.sum(np.asarray(block.cholesky) ** 2, axis=1)), strict=True))
    assert fit.coefficients.keys() == TABLE[key].keys()
    for name, row in TABLE[key].items():
        assert len(fit.coefficients[name]) == len(row)
        for k, (central, uncertainty) in enumerate(row):
            assert float(fit.coefficients[name][k]) == pytest.approx(central, abs=6e-5)
            if uncertainty is not None:
                label = f"{fit.transition} {name} a{k + 3 - len(row)}"
                assert uncertainties[label] == pytest.approx(uncertainty, rel=0.02), label


def test_covariance_is_positive_definite(fit, load_block):
    block = load_block(fit.transition, fit.name)
    covariance = np.asarray(block.cholesky @ block.cholesky.T)
    sigma = np.sqrt(np.diag(covariance))
    assert len(block.labels) == len(block.mean) == sum(len(vector) for vector in fit.coefficients.values())
    assert np.linalg.eigvalsh(covariance / np.outer(sigma, sigma))[0] > 5e-4


def test_nominal_baryonic_coefficients(load_fit):
    for name, order in (("DM2016nominal", 2), ("DM2016", 3)):
        fit = load_fit("Lambda_b->Lambda", name)
        for form_factor, expected in NOMINAL.items():
            padded = np.pad(expected, (0, order - 2))
            np.testing.assert_allclose(fit.coefficients[form_factor], padded, atol=6e-5)


def test_systematic_uncertainty_of_the_baryonic_coefficients(load_block):
    """DM2016: nominal values, total uncertainties of each coefficient, correlations of the higher-order fit."""
    total, nominal, higher = (load_block("Lambda_b->Lambda", "DM2016" + kind) for kind in ("", "nominal", "HO"))

    def padded(block, values):
        known = dict(zip(block.labels, np.asarray(values), strict=True))
        return np.array([known.get(label, 0.0) for label in total.labels])

    def sigma(block):
        return np.sqrt(np.diag(block.covariance))

    expected = total_uncertainty(
        *map(jnp.asarray, (padded(nominal, nominal.mean), padded(nominal, sigma(nominal)), higher.mean, sigma(higher)))
    )
    np.testing.assert_allclose(sigma(total), expected, rtol=1e-10)
    np.testing.assert_allclose(
        total.covariance / np.outer(sigma(total), sigma(total)),
        higher.covariance / np.outer(sigma(higher), sigma(higher)),
        atol=1e-10,
    )
    np.testing.assert_array_equal(total.mean, padded(nominal, nominal.mean))


def test_total_uncertainty():
    """The larger of the shift and of the growth counts; shrinking counts like growth."""
    assert float(total_uncertainty(*map(jnp.asarray, (1.0, 3.0, 5.0, 3.0)))) == pytest.approx(5.0)
    assert float(total_uncertainty(*map(jnp.asarray, (1.0, 3.0, 2.0, 5.0)))) == pytest.approx(5.0)
    assert float(total_uncertainty(*map(jnp.asarray, (1.0, 5.0, 1.0, 3.0)))) == pytest.approx(41**0.5)
    slopes = jax.jacrev(total_uncertainty, argnums=(0, 1, 2, 3))(*map(jnp.asarray, (1.0, 0.0, 1.0, 0.0)))
    assert np.all(np.isfinite(slopes))


def test_uncertainty_of_the_hpqcd_form_factors(load_fit, load_block, compiled, derivatives):
    """f_0(0) = 0.332(12), f_T(0) = 0.332(24); at zero recoil f_0 = 0.849(17), f_plus = 2.78(11), f_T = 2.72(15).

    These come with the coefficients in the ancillary file of arXiv:2207.12468.
    """
    fit, block = load_fit("B->K", "HPQCD2022"), load_block("B->K", "HPQCD2022")
    names = [label.split(" ")[1] for label in block.labels]
    q2 = np.array([0.0, 22.885230390201013])
    values, gradients = compiled(q2, fit), derivatives(q2, fit)
    expected = {"f_0": [(0.332, 0.012), (0.849, 0.017)], "f_plus": [(0.332, 0.012), (2.78, 0.11)],
                "f_T": [(0.332, 0.024), (2.72, 0.15)]}  # fmt: skip
    for form_factor, points in expected.items():
        slopes = gradients[form_factor][1]
        jacobian = np.concatenate([slopes[name] for name in dict.fromkeys(names)], axis=1)
        errors = np.linalg.norm(jacobian @ np.asarray(block.cholesky), axis=1)
        for value, error, (central, uncertainty) in zip(values[form_factor], errors, points, strict=True):
            half_digit = 0.5001 * 10.0 ** -len(str(uncertainty).split(".")[1])
            assert float(value) == pytest.approx(central, abs=half_digit)
            assert error == pytest.approx(uncertainty, abs=half_digit)
