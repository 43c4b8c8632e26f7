"""What happens to alpha_s and to light-quark masses where a heavy quark leaves the theory, MSbar, to four loops.

With a = alpha_s/pi of the theory with the heavy quark, L = ln(mu^2/m(m)^2) and n_l light flavours,
a_light = a (1 + sum_n c_n(L) a^n) and ln(m_light/m_heavy theory) = sum_n d_n(L) a^n. The constants c_n(0), d_n(0) are
published; the logarithms follow from the two beta functions and mass anomalous dimensions, m(m) being invariant.
"""

from functools import lru_cache
from importlib.resources import files

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from numpy.polynomial import Polynomial

from dineutrino.errors import DineutrinoError
from dineutrino.io import mapping, parse_yaml
from dineutrino.running.beta_function import BETA, MASS, ZETA_3, ZETA_4

FILE = "decoupling.yaml"


def _four_loops(name: str) -> list[float]:
    """The constant that is published as numbers: coefficients of 1, n_l and n_l^2."""
    text = files("dineutrino.running").joinpath("data", FILE).read_text(encoding="utf-8")
    value = mapping(mapping(parse_yaml(text, FILE), FILE)[name], name)["value"]
    if not isinstance(value, list):
        raise DineutrinoError(f"{FILE}: {name} must have three coefficients, not {value}.")
    return [float(str(number)) for number in value]


ORDERS = 4
_B4 = 16 * 0.5174790616738994 - 13 / 2 * ZETA_4 - 4 * np.pi**2 / 6 * np.log(2) ** 2 + 2 / 3 * np.log(2) ** 4  # Li4(1/2)
Series = list[Polynomial]
"""Index: power of a; each entry a polynomial in L."""


def coupling_factor(
    a: Float[Array, "..."], log: Float[Array, "..."], light_flavours: int, order: int
) -> Float[Array, "..."]:
    """a_light/a, up to a^order, order <= 4.

    Args:
        a: alpha_s/pi of the theory with the heavy quark at mu.
        log: ln(mu^2/m(m)^2).
        light_flavours: n_l.
        order: loops of the running minus one.

    Source: hep-ph/0512058 and hep-ph/0512060; three loops hep-ph/9708255.
    """
    series = _coupling_series(light_flavours)
    return sum((_value(series[n + 1], log) * a**n for n in range(1, order + 1)), start=jnp.ones_like(a))


def log_mass_factor(
    a: Float[Array, "..."], log: Float[Array, "..."], light_flavours: int, order: int
) -> Float[Array, "..."]:
    """ln(m_q in the theory without the heavy quark/m_q in the one with it), up to a^order. Arguments as above.

    Source: hep-ph/9708255; order four arXiv:1502.04719.
    """
    series = _mass_series(light_flavours)
    return sum((_value(series[n], log) * a**n for n in range(1, order + 1)), start=jnp.zeros_like(a))


def _value(polynomial: Polynomial, log: Float[Array, "..."]) -> Float[Array, "..."]:
    return jnp.polyval(jnp.asarray(polynomial.coef[::-1]), log)


def _coupling_constants() -> Float[np.ndarray, "order power"]:
    """c_n(0): rows are orders in a, columns powers of n_l."""
    return np.array(
        [
            [0, 0, 0],
            [11 / 72, 0, 0],
            [564731 / 124416 - 82043 / 27648 * ZETA_3, -2633 / 31104, 0],
            _four_loops("alpha_s"),
        ]
    )


def _mass_constants() -> Float[np.ndarray, "order power"]:
    """d_n(0), rows and columns as for the coupling."""
    return np.array(
        [
            [0, 0, 0],
            [89 / 432, 0, 0],
            [2951 / 2916 - 407 / 864 * ZETA_3 + 5 / 4 * ZETA_4 - _B4 / 36, 1327 / 11664 - 2 / 27 * ZETA_3, 0],
            np.array(_four_loops("log_mass")) - [(89 / 432) ** 2 / 2, 0, 0],
        ]
    )


@lru_cache
def _coupling_series(n_l: int) -> Series:
    """a_light as a series in a: at fixed m(m) both couplings run, each with its own beta function."""
    heavy, light = _betas(n_l + 1), _betas(n_l)
    series = [Polynomial([0.0]), Polynomial([1.0])]
    for n, constant in enumerate(_coupling_constants() @ [1, n_l, n_l**2], start=1):
        slope = _product(_derivative(series), heavy, n + 1) - _composed(light, series, n + 1)
        series.append(slope.integ() + constant)
    return series


@lru_cache
def _mass_series(n_l: int) -> Series:
    """ln of the ratio of masses as a series in a; both masses run, each with its own anomalous dimension."""
    heavy, coupling = _betas(n_l + 1), _coupling_series(n_l)
    g_heavy, g_light = _gammas(n_l + 1), _gammas(n_l)
    series = [Polynomial([0.0])]
    for n, constant in enumerate(_mass_constants() @ [1, n_l, n_l**2], start=1):
        slope = g_heavy[n] - _composed(g_light, coupling, n) + _product(_derivative(series), heavy, n)
        series.append(slope.integ() + constant)
    return series


def _betas(flavours: int) -> Series:
    """a^2 sum b_i a^i: the beta function as a power series in a."""
    return _table(BETA, flavours, 2)


def _gammas(flavours: int) -> Series:
    """a sum g_i a^i: the anomalous dimension as a power series in a."""
    return _table(MASS, flavours, 1)


def _table(table: Float[np.ndarray, "5 5"], flavours: int, lowest: int) -> Series:
    numbers = table @ float(flavours) ** np.arange(table.shape[1])
    return [Polynomial([0.0])] * lowest + [Polynomial([x]) for x in numbers]


def _derivative(series: Series) -> Series:
    """d/da of a power series in a."""
    return [n * term for n, term in enumerate(series)][1:]


def _product(one: Series, two: Series, power: int) -> Polynomial:
    """Coefficient of a^power."""
    terms = (one[i] * two[power - i] for i in range(power + 1) if i < len(one) and power - i < len(two))
    return sum(terms, start=Polynomial([0.0]))


def _composed(outer: Series, inner: Series, power: int) -> Polynomial:
    """Coefficient of a^power in sum_k outer_k inner(a)^k."""
    total, raised = Polynomial([0.0]), [Polynomial([1.0])]
    for term in outer:
        if power < len(raised):
            total = total + term * raised[power]
        raised = [_product(raised, inner, n) for n in range(power + 1)]
    return total
