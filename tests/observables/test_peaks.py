"""Spectral functions of a user's own that peak: against adaptive quadrature, in derivatives, and what is refused."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from scipy.integrate import quad

from dineutrino.analysis.predict import predict
from dineutrino.eft import NeutrinoCoefficients
from dineutrino.errors import DineutrinoError
from dineutrino.hadronic.width import flux
from dineutrino.inputs import load_inputs, load_prior
from dineutrino.invisible import (
    Currents,
    DarkScalars,
    Pair,
    Peak,
    ScalarOperators,
    SpinOne,
    SpinZero,
    contract,
)
from dineutrino.invisible.operators import velocity
from dineutrino.observables import Predictor
from dineutrino.observables.modes import MODES, decay
from dineutrino.observables.pair_kernel import Integrated
from dineutrino.theory import Wet

WIDTHS = (0.3, 0.1, 0.03, 1e-3, 1e-5)
REFERENCES = (("BR(B+->Knunu)",), ("<BR>(B+->Knunu)", 3.9, 4.3))


class BreitWigner(Pair):
    """Two scalars of mass m that come from resonances, and where the pair says that it peaks."""

    m: float
    resonances: tuple[Peak, ...]
    stated: tuple[Peak, ...]

    @property
    def threshold(self):
        return 4 * jnp.square(self.m)

    @property
    def peaks(self):
        return self.stated

    def currents(self, q2):
        v, _ = velocity(q2, jnp.asarray(self.m))
        shape = sum(1e-18 / ((q2 - r.pole.real) ** 2 + r.pole.imag**2) for r in self.resonances)
        return Currents(vector=SpinOne(vector=v**3 * shape), scalar=SpinZero(scalar=v * shape))


class Continuum(Pair):
    """Scalars without any resonance, written by a user who states no peak."""

    m: float

    @property
    def threshold(self):
        return 4 * jnp.square(self.m)

    def currents(self, q2):
        v, _ = velocity(q2, jnp.asarray(self.m))
        return Currents(vector=SpinOne(vector=v**3 * 1e-17 / 3))


def resonances(*masses_and_widths, m=0.3):
    peaks = tuple(Peak(*numbers) for numbers in masses_and_widths)
    return BreitWigner(m, peaks, peaks)


def with_pairs(*pairs):
    return Wet.b_to_s(dark=jax.tree.map(jnp.asarray, pairs))


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def predictor(inputs):
    return Predictor(REFERENCES, inputs)


@pytest.fixture(scope="module")
def added(predictor):
    """Branching ratios, whole and in the bin, that pairs add."""
    nothing = predictor(NeutrinoCoefficients.zero())
    return lambda *pairs: np.asarray(predictor(with_pairs(*pairs)) - nothing)


@pytest.fixture(scope="module")
def kernel(inputs):
    its = decay(MODES["B+->K"], inputs)
    return Integrated(its, its.form_factors(inputs), its.time)


@pytest.fixture(scope="module")
def rate(kernel):
    """(mass, width, m) -> branching ratio of B+ -> K+ and one resonance, compiled."""
    return jax.jit(lambda mass, width, m: kernel.rate(resonances((mass, width), m=m)))


@pytest.fixture(scope="module")
def value_and_slopes(rate):
    return jax.jit(jax.value_and_grad(rate, argnums=(0, 1, 2)))


@pytest.fixture(scope="module")
def adaptive(kernel):
    """The same by adaptive quadrature, in variables without the square roots at the ends and without the peak."""
    masses = kernel.decay.masses

    @jax.jit
    def spectrum(q2, mass, width, m):
        hadronic = kernel.decay.currents(q2, kernel.coefficients)
        return kernel.weight * flux(q2, masses) * contract(hadronic, resonances((mass, width), m=m).currents(q2))

    exact = partial(quad, epsabs=0, epsrel=1e-11, limit=400)

    def integral(mass, width, m=0.3, lower=0.0, upper=np.inf):
        start, end, peak, g = 4 * m**2, float(masses.q2_max), mass**2, mass * width
        first, last = max(lower, start), min(upper, end)
        density = lambda q2: float(spectrum(q2, mass, width, m))  # noqa: E731
        near = max(min(0.5, peak - first, last - peak), 0.0)
        left, right = (peak - near, peak + near) if near else ((first + last) / 2,) * 2
        parts = (
            (lambda x: 2 * x * density(start + x**2), (first - start) ** 0.5, (left - start) ** 0.5),
            (lambda a: density(peak + g * np.tan(a)) * g / np.cos(a) ** 2, -np.arctan(near / g), np.arctan(near / g)),
            (lambda x: 2 * x * density(end - x**2), (end - last) ** 0.5, (end - right) ** 0.5),
        )
        return sum(exact(*part)[0] for part in parts)

    return integral


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("mass", [0.9, 2.0, 4.7])
def test_rates_of_resonances_of_any_width(mass, width, rate, adaptive):
    assert rate(mass, width, 0.3) == approx(adaptive(mass, width), rel=1e-8)


@pytest.mark.parametrize("mass", [0.5, 6.0])
def test_resonances_below_the_threshold_and_beyond_the_end_point(mass, rate, adaptive):
    assert rate(mass, 0.2, 0.4) == approx(adaptive(mass, 0.2, 0.4), rel=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_rates_in_a_narrow_bin(width, added, adaptive):
    assert added(resonances((2.0, width)))[1] == approx(adaptive(2.0, width, lower=3.9, upper=4.3), rel=1e-8)


@pytest.mark.slow
def test_several_peaks_in_one_pair_and_several_pairs(added):
    """They do not interfere here, so that rates add; pairs of one kind are a single vmapped integral."""
    numbers = ((2.02, 1e-4), (2.0, 0.1))
    expected = sum(added(resonances(number)) for number in numbers)
    assert added(resonances(*numbers)) == approx(expected, rel=1e-8)
    assert added(*(resonances(number) for number in numbers)) == approx(expected, rel=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_gradients_in_position_width_and_threshold(width, rate, value_and_slopes):
    _, slopes = value_and_slopes(2.0, width, 0.3)
    for slope, step, direction in zip(slopes, (1e-4, 1e-3 * width, 1e-4), np.eye(3), strict=True):
        up, down = (rate(*(np.array([2.0, width, 0.3]) + sign * step * direction)) for sign in (1, -1))
        assert slope == approx((up - down) / (2 * step), rel=2e-6)


@pytest.mark.slow
@pytest.mark.parametrize("m", [0.3, 1.0, 2.393, 3.0])
@pytest.mark.parametrize("mass", [0.6, 2.0, 4.785716, 6.0])
def test_values_and_gradients_are_finite_at_thresholds_and_end_points(mass, m, value_and_slopes):
    assert np.all(np.isfinite(jnp.stack(jax.tree.leaves(value_and_slopes(mass, 1e-3, m)))))


@pytest.mark.slow
def test_jit_equals_eager(rate, kernel):
    assert rate(2.0, 1e-3, 0.3) == approx(kernel.rate(resonances((2.0, 1e-3))), rel=1e-12)


@pytest.mark.slow
def test_a_smooth_pair_needs_no_peaks(added):
    assert added(Continuum(0.4)) == approx(added(DarkScalars(0.4, ScalarOperators(V=1e-17**0.5))), rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("stated", [(), (Peak(1.0, 1e-3),)], ids=["none", "elsewhere"])
def test_a_pair_that_does_not_state_its_peak_is_refused(stated, width, predictor):
    pair = BreitWigner(0.3, (Peak(2.0, width),), stated)
    listed = "1 GeV with width 0.001 GeV" if stated else "none"
    message = f"functions of BreitWigner cannot be integrated.*state the mass and width of each peak.*has {listed}"
    with pytest.raises(DineutrinoError, match=message):
        predictor(with_pairs(pair))


def test_in_compiled_functions_it_is_nan(kernel):
    pair = BreitWigner(jnp.asarray(0.3), (Peak(jnp.asarray(2.0), jnp.asarray(0.1)),), ())
    assert np.isnan(jax.jit(lambda pair: kernel.rate(pair))(pair))


@pytest.mark.slow
def test_one_point_of_a_batch_that_cannot_be_integrated_is_refused(predictor):
    """The peak is stated at 2 GeV, where it is at the first point only."""
    pairs = [BreitWigner(0.3, (Peak(mass, 1e-3),), (Peak(2.0, 1e-3),)) for mass in (2.0, 2.5)]
    good, bad = (jax.tree.map(lambda *x: jnp.stack(x), *map(with_pairs, (pairs[0], pair))) for pair in pairs)
    assert np.all(np.isfinite(predictor.batch(good)))
    with pytest.raises(DineutrinoError, match="BreitWigner cannot be integrated"):
        predictor.batch(bad)
    with pytest.raises(DineutrinoError, match="BreitWigner cannot be integrated"):
        predict(REFERENCES[:1], bad, load_prior())


@pytest.mark.slow
def test_numbers_that_are_not_finite_are_not_blamed_on_the_quadrature(predictor):
    assert np.all(np.isnan(predictor(with_pairs(resonances((np.nan, 0.1))))))


@pytest.mark.parametrize("width", [0.0, -0.1, np.inf])
def test_a_peak_has_a_width(width):
    with pytest.raises(DineutrinoError, match=r"the width of a peak is .* GeV; it must be finite and positive"):
        Peak(2.0, width)


def test_kinds_of_the_package_are_known_to_be_smooth_and_subclasses_are_not():
    class Own(DarkScalars):
        """Whose spectral functions may be anything."""

    assert DarkScalars.smooth
    assert not Own.smooth
