"""Shared by the tests of form factors: the fits, compiled functions, and the formulas as printed in the papers."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dineutrino.form_factors import baryon, pseudoscalar, vector
from dineutrino.inputs import FormFactorCoefficients, form_factor_sets, load_inputs, load_prior

KINDS = {"B->K": pseudoscalar, "B->K*": vector, "Bs->phi": vector, "Lambda_b->Lambda": baryon,
         "Lambda_b->Lambda_c": baryon, "B->pi": pseudoscalar, "B->rho": vector, "B->D": pseudoscalar, "B->D*": vector,
         "K->pi": pseudoscalar}  # fmt: skip
BARYONS = {"Lambda_b->Lambda": ("m_Lambda_b", "m_Lambda"), "Lambda_b->Lambda_c": ("m_Lambda_b", "m_Lambda_c")}
FITS = [(transition, name) for transition, names in form_factor_sets().items() for name in names]


def pytest_generate_tests(metafunc):
    """`fit` runs over every fit that comes with the package."""
    if "fit" in metafunc.fixturenames:
        metafunc.parametrize("fit", FITS, ids=["-".join(pair) for pair in FITS], indirect=True, scope="session")


@pytest.fixture(scope="session")
def load_fit():
    return lambda transition, name: load_inputs("default", form_factors={transition: name}).form_factors[transition]


@pytest.fixture(scope="session")
def fit(request, load_fit):
    return load_fit(*request.param)


@pytest.fixture(scope="session")
def load_block():
    """The Gaussian of a fit."""

    def load(transition, name):
        blocks = load_prior("default", form_factors={transition: name}).blocks
        return next(block for block in blocks if block.name == f"{transition} {name}")

    return load


def form_factors(kind, q2, coefficients, constants):
    """A dict of arrays. kind: (function for the spin of the daughter, parametrisation)."""
    function, parametrisation = kind
    values = function(q2, FormFactorCoefficients(coefficients, constants, parametrisation, "test", "B->M"))
    return {name: getattr(values, name) for name in values.__dataclass_fields__}


def kind_of(fit):
    return KINDS[fit.transition], fit.parametrisation


@pytest.fixture(scope="session")
def eager():
    return lambda q2, fit: form_factors(kind_of(fit), jnp.asarray(q2, float), fit.coefficients, fit.constants)


@pytest.fixture(scope="session")
def compiled():
    function = jax.jit(form_factors, static_argnums=0)
    return lambda q2, fit: function(kind_of(fit), jnp.asarray(q2, float), fit.coefficients, fit.constants)


@pytest.fixture(scope="session")
def derivatives():
    """At several q2: {form factor: derivatives in (q2, coefficients, constants)}."""

    @functools.partial(jax.jit, static_argnums=0)
    def function(kind, q2, coefficients, constants):
        def first(x):
            return jax.jacrev(functools.partial(form_factors, kind), argnums=(0, 1, 2))(x, coefficients, constants)

        return jax.vmap(first)(q2)

    def as_numpy(q2, fit):
        return jax.tree.map(np.asarray, function(kind_of(fit), np.asarray(q2, float), fit.coefficients, fit.constants))

    return as_numpy


@pytest.fixture(scope="session")
def q2_max():
    """(m_B - m_M)^2 with the masses of the fit."""

    def end_point(fit):
        names = BARYONS.get(fit.transition, ("m_B", "m_M"))
        parent, daughter = (float(fit.constants[name]) for name in names)
        return (parent - daughter) ** 2

    return end_point


def textbook(q2, coefficients):
    """The parametrisations as printed in the papers. q2 may be complex, for derivatives without a step-size error."""
    a = {name: np.asarray(vector) for name, vector in coefficients.coefficients.items()}
    constant = {name: float(value) for name, value in coefficients.constants.items()}
    if coefficients.parametrisation in ("SSE", "DLM2015"):
        return textbook_baryon(q2, a, constant)
    m_B, m_M = constant["m_B"], constant["m_M"]
    t_plus, t_minus = (m_B + m_M) ** 2, (m_B - m_M) ** 2
    if coefficients.parametrisation == "dispersive":
        G = constant["G_D"] * q2 / t_minus + (1 - q2 / t_minus) * (constant["G_d"] + constant["G_k"] * q2 / t_minus)
        H = constant["H_1"] * q2 / t_minus + constant["H_2"] * (q2 / t_minus) ** 2
        return {
            "f_plus": a["f_plus"][0] * np.exp(q2 / m_M**2 * (a["f_plus"][1] + H)),
            "f_0": a["f_plus"][0] * np.exp(q2 / (m_B**2 - m_M**2) * (a["f_0"][0] - G)),
            "f_T": a["f_T"][0] / (1 - a["f_T"][1] * q2),
        }

    def z(s, t_0):
        return (np.sqrt(t_plus - s) - np.sqrt(t_plus - t_0)) / (np.sqrt(t_plus - s) + np.sqrt(t_plus - t_0))

    def pole(channel):
        return 1 / (1 - q2 / constant[channel] ** 2)

    if coefficients.parametrisation == "HPQCD2022":
        x, N = z(q2, 0), 3
        a["f_plus"] = [a["f_0"][0], *a["f_plus"]]
        modified = [x**n - (-1) ** (n - N) * n / N * x**N for n in range(N)]
        return {
            "f_0": constant["log_factor"] * pole("m_0+") * sum(a["f_0"][n] * x**n for n in range(N)),
            "f_plus": constant["log_factor"] * pole("m_1-") * sum(a["f_plus"][n] * modified[n] for n in range(N)),
            "f_T": constant["log_factor"] * pole("m_1-") * sum(a["f_T"][n] * modified[n] for n in range(N)),
        }
    t_0 = t_plus * (1 - np.sqrt(1 - t_minus / t_plus))
    if coefficients.parametrisation == "BCL":
        N, x, x_0 = 3, z(q2, t_0), z(0, t_0)

        def series(b, x):
            return sum(b[n] * (x**n - (-1) ** (n - N) * n / N * x**N) for n in range(N))

        last = (series(a["f_plus"], x_0) - sum(a["f_0"][n] * x_0**n for n in range(N - 1))) / x_0 ** (N - 1)
        f_0 = sum(b * x**n for n, b in enumerate([*a["f_0"], last]))
        return {"f_0": f_0} | {name: pole("m_1-") * series(a[name], x) for name in ("f_plus", "f_T")}
    x = z(q2, t_0) - z(0, t_0)
    if "f_plus" in a:
        channels = {"f_plus": "m_1-", "f_0": "m_0+", "f_T": "m_1-"}
        a["f_0"] = [a["f_plus"][0], *a["f_0"]]
    else:
        channels = {
            "V": "m_1-",
            "T_1": "m_1-",
            "A_0": "m_0-",
            "A_1": "m_1+",
            "A_12": "m_1+",
            "T_2": "m_1+",
            "T_23": "m_1+",
        }
        a["A_12"] = [a["A_0"][0] * (m_B**2 - m_M**2) / (8 * m_B * m_M), *a["A_12"]]
        a["T_2"] = [a["T_1"][0], *a["T_2"]]
    return {name: pole(channel) * sum(a[name][k] * x**k for k in range(3)) for name, channel in channels.items()}


def textbook_baryon(q2, a, constant):
    channels = {"f_plus": "m_1-", "f_perp": "m_1-", "f_0": "m_0+", "g_plus": "m_1+", "g_perp": "m_1+", "g_0": "m_0-"}
    channels |= {"h_plus": "m_1-", "h_perp": "m_1-", "htilde_plus": "m_1+", "htilde_perp": "m_1+"}
    a["g_perp"], a["htilde_perp"] = [a["g_plus"][0], *a["g_perp"]], [a["htilde_plus"][0], *a["htilde_perp"]]
    daughter = constant["m_Lambda_c"] if "m_Lambda_c" in constant else constant["m_Lambda"]
    t_0 = (constant["m_Lambda_b"] - daughter) ** 2

    def one(name, pole):
        t_plus = (constant["m_B"] + constant["m_K"]) ** 2 if "m_B" in constant else pole**2
        x = (np.sqrt(t_plus - q2) - np.sqrt(t_plus - t_0)) / (np.sqrt(t_plus - q2) + np.sqrt(t_plus - t_0))
        return sum(a[name][k] * x**k for k in range(len(a[name]))) / (1 - q2 / pole**2)

    return {name: one(name, constant[channel]) for name, channel in channels.items()}


@pytest.fixture(scope="session", name="textbook")
def textbook_fixture():
    return textbook
