"""Observables with further invisible pairs: against adaptive quadrature, at thresholds, and their gradients."""

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from scipy.integrate import quad

from dineutrino.eft import NeutrinoCoefficients, NuNu, to_lagrangian
from dineutrino.hadronic.width import flux
from dineutrino.inputs import load_inputs
from dineutrino.invisible import (
    Couplings,
    DarkFermions,
    DarkScalars,
    DarkVectors,
    FermionOperators,
    Fermions,
    ScalarOperators,
    VectorOperators,
    contract,
)
from dineutrino.models import SterileNeutrino
from dineutrino.observables import Predictor, get
from dineutrino.observables.modes import MODES, decay
from dineutrino.theory import Wet

pytestmark = pytest.mark.slow

MODE_NAMES = ("B+->K", "B0->KS", "B+->K*", "B0->K*")
REFERENCES = (
    *((f"BR({mode}nunu)",) for mode in MODE_NAMES),
    ("<BR>(B+->Knunu)", 4.0, 4.5),
    ("<dBR/dq2>(B0->K*nunu)", 2.0, 9.0),
    ("dBR/dq2(B0->K*nunu)", 9.0),
    ("FL(B0->K*nunu)",),
    ("FL(B0->K*nunu)", 9.0),
    ("R(B+->Knunu)",),
)


def scalars(m, c=3e-9):
    return DarkScalars(m, ScalarOperators(S=c * (1 + 0.5j), A=0.2 * c))


def fermions(m, c=1e-8):
    return DarkFermions(m, FermionOperators(V1=c, P1=0.4 * c, A2=1j * c, T2=0.3 * c))


def vectors(m, c=1e-9):
    return DarkVectors(m, VectorOperators(P=c, T1=1j * c, V3=c, A6=0.5 * c), real=False)


def steriles(m, c=0.03):
    values = {"mass": m, "Re QN_2311": c, "Im dN_2311": 0.5 * c, "Re LNQd_3132": 0.2 * c, "Re LNQdT_1123": 0.1 * c}
    return SterileNeutrino(1.6, 0.85).pairs({n: jnp.asarray(value) for n, value in values.items()}, load_inputs())


KINDS = {
    "scalars": lambda m, c=1.0: (scalars(m, c * 3e-9),),
    "fermions": lambda m, c=1.0: (fermions(m, c * 1e-8),),
    "vectors": lambda m, c=1.0: (vectors(m, c * 1e-9),),
    "sterile neutrinos": lambda m, c=1.0: steriles(m, c * 0.03),
}


def states(pairs, C_L=0.0, C_R=0.0):
    eye = jnp.eye(3, dtype=complex)
    neutrinos = to_lagrangian(NeutrinoCoefficients(C_L * eye, C_R * eye), load_inputs("felkl2023"))
    return Wet.b_to_s(NuNu(*neutrinos), tuple(pairs))


@pytest.fixture(scope="module")
def inputs():
    return load_inputs("default", long_distance="included")


@pytest.fixture(scope="module")
def predictor(inputs):
    return Predictor(REFERENCES, inputs)


def spectrum(mode, inputs, pairs, longitudinal=False):
    """Width into the pairs at one q2, GeV^-1, from the two sides alone."""
    its = decay(MODES[mode], inputs)
    coefficients = its.form_factors(inputs)

    @jax.jit
    def rate(q2):
        hadronic = its.currents(q2, coefficients, longitudinal)
        return sum(flux(q2, its.masses) * contract(hadronic, pair.currents(q2)) for pair in pairs)

    return rate, its


def integral(mode, inputs, pairs, lower=0.0, upper=None, longitudinal=False):
    """Adaptive, in a variable that takes the square roots away from both ends of each pair's phase space."""
    total = 0.0
    for pair in pairs:
        rate, its = spectrum(mode, inputs, (pair,), longitudinal)
        start, end = float(pair.threshold), float(its.masses.q2_max)
        edges = [np.clip(edge, start, end) for edge in (lower, end if upper is None else upper)]
        first, last = (np.arcsin(np.sqrt((edge - start) / (end - start))) for edge in edges)
        found, _ = quad(
            lambda t, start=start, end=end, rate=rate: (
                float(rate(start + (end - start) * np.sin(t) ** 2)) * (end - start) * np.sin(2 * t)
            ),
            first,
            last,
            epsabs=0,
            epsrel=1e-12,
        )
        total += found
    return total


@pytest.mark.parametrize("m", [1e-3, 0.05, 1.03, 1.9])
@pytest.mark.parametrize("kind", KINDS)
def test_rates_against_adaptive_quadrature(kind, m, inputs, predictor):
    pairs = KINDS[kind](m)
    added = np.asarray(predictor(states(pairs)) - predictor(states(())))
    for i, mode in enumerate(MODE_NAMES):
        time = float(decay(MODES[mode], inputs).time)
        assert added[i] == approx(time * integral(mode, inputs, pairs), rel=1e-9)
    time = float(decay(MODES["B+->K"], inputs).time)
    assert added[4] == approx(time * integral("B+->K", inputs, pairs, 4.0, 4.5), rel=1e-9, abs=1e-20)
    time = float(decay(MODES["B0->K*"], inputs).time)
    assert added[5] == approx(time / 7 * integral("B0->K*", inputs, pairs, 2.0, 9.0), rel=1e-9, abs=1e-20)
    assert added[6] == approx(time * float(spectrum("B0->K*", inputs, pairs)[0](9.0)), rel=1e-9, abs=1e-20)


@pytest.mark.parametrize("kind", KINDS)
def test_polarisation_and_ratio_are_those_of_all_decays(kind, inputs, predictor):
    pairs, standard = KINDS[kind](0.7), predictor(states(()))
    found = predictor(states(pairs))
    time = float(decay(MODES["B0->K*"], inputs).time)
    longitudinal = standard[7] * standard[3] + time * integral("B0->K*", inputs, pairs, longitudinal=True)
    assert found[7] == approx(longitudinal / found[3], rel=1e-9)
    at_9 = standard[8] * standard[6] + time * float(spectrum("B0->K*", inputs, pairs, True)[0](9.0))
    assert found[8] == approx(at_9 / found[6], rel=1e-9)
    short = get("BR(B+->Knunu)")(NeutrinoCoefficients.zero(), load_inputs("default"))
    assert found[9] == approx((found[0] - standard[0] + short) / short, rel=1e-9)


def test_pairs_add_to_each_other_and_to_the_neutrinos(predictor):
    """Those of one kind are a single vmapped integral."""
    one, two, other = scalars(0.4), scalars(1.2, 5e-9), fermions(0.8)
    nothing = predictor(states((), 2.0, 1.0))
    alone = [predictor(states((pair,), 2.0, 1.0)) - nothing for pair in (one, two, other)]
    together = predictor(states((one, other, two), 2.0, 1.0)) - nothing
    linear = [i for i, (name, *_) in enumerate(REFERENCES) if not name.startswith("FL")]
    assert np.asarray(together)[linear] == approx(np.asarray(sum(alone))[linear], rel=1e-10)


@pytest.fixture(scope="module")
def slopes(inputs):
    """kind -> (mass, coupling) -> values and their derivatives, compiled once."""
    few = Predictor([("BR(B+->Knunu)",), ("<BR>(B0->K*nunu)", 2.0, 9.0), ("FL(B0->K*nunu)",)], inputs)

    @cache
    def of(kind):
        def values(x):
            found = few._values(states(KINDS[kind](x[0], x[1]), 1.0)) * jnp.asarray([1e6, 1e6, 1.0])
            return found, found

        return jax.jit(jax.jacrev(values, has_aux=True))

    return of


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_in_mass_and_coupling(kind, slopes):
    x, step = jnp.asarray([0.83, 1.2]), 1e-5
    exact, _ = slopes(kind)(x)
    values = lambda x: np.asarray(slopes(kind)(x)[1])  # noqa: E731
    numeric = np.stack([(values(x + h) - values(x - h)) / (2 * step) for h in np.eye(2) * step], axis=1)
    assert np.asarray(exact) == approx(numeric, rel=2e-6, abs=1e-8)


def test_forward_gradients_are_those_backward(slopes):
    x = jnp.asarray([0.83, 1.2])
    forward = jax.jit(jax.jacfwd(lambda x: slopes("scalars")(x)[1]))(x)
    assert forward == approx(slopes("scalars")(x)[0], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_finite_gradients_and_no_rate_at_and_beyond_the_threshold(kind, slopes, inputs):
    end = float(decay(MODES["B+->K"], inputs).masses.q2_max) ** 0.5
    _, nothing = slopes(kind)(jnp.asarray([10.0, 1.0]))
    single = end if kind == "sterile neutrinos" else end / 2
    for m in (end / 2, end / 2 + 1e-9, end, 3.0, 6.0):
        slope, value = slopes(kind)(jnp.asarray([m, 1.0]))
        assert np.all(np.isfinite(slope))
        if m >= single:
            assert value == approx(nothing, rel=1e-14)
    _, near = slopes(kind)(jnp.asarray([single - 1e-7, 1.0]))
    assert near == approx(nothing, rel=1e-5)


@pytest.mark.parametrize("kind", ["scalars", "fermions", "sterile neutrinos"])
def test_massless_pairs_have_finite_gradients(kind, slopes):
    slope, value = slopes(kind)(jnp.asarray([0.0, 1.0]))
    assert np.all(np.isfinite(slope))
    assert value == approx(slopes(kind)(jnp.asarray([1e-7, 1.0]))[1], rel=1e-6)


def test_a_batch_is_a_loop(predictor):
    masses = np.array([0.2, 1.0, 1.7, 2.5])
    points = [states((scalars(jnp.asarray(m)), fermions(jnp.asarray(0.5 * m))), C_R=m) for m in masses]
    points = [jax.tree.map(jnp.asarray, point) for point in points]
    batch = jax.tree.map(lambda *leaves: jnp.stack(leaves), *points)
    loop = np.stack([predictor(point) for point in points])
    assert np.asarray(predictor.batch(batch)) == approx(loop, rel=1e-12)
    assert np.asarray(predictor.batch(batch, chunk=3)) == approx(loop, rel=1e-12)


def test_jit_equals_eager(inputs, predictor):
    point = states((vectors(0.6),), 1.0 - 2.0j, 0.5)
    for i in (0, 7):
        name, *arguments = REFERENCES[i]
        with jax.disable_jit():
            eager = get(name)(point, inputs, *arguments)
        assert predictor(point)[i] == approx(eager, rel=1e-12)


def test_a_massless_sterile_neutrino_is_one_more_neutrino_flavour(inputs):
    """A massless Majorana pair N N with the left-handed current has the rate of one flavour, halved, times 2^2/2."""
    from dineutrino.inputs import c_l_sm, normalisation

    predictor = Predictor(["BR(B+->Knunu)", "BR(B0->K*nunu)"], load_inputs("default"))
    coefficient = float(abs(normalisation(predictor.inputs)) * abs(c_l_sm(predictor.inputs))) * 1e6
    values = {"mass": jnp.asarray(0.0), "Re QN_2311": jnp.asarray(coefficient)}
    pairs = SterileNeutrino(1.0, 1.0).pairs(values, predictor.inputs)
    standard = np.asarray(predictor(NeutrinoCoefficients.zero()))
    assert np.asarray(predictor(states(pairs))) == approx(standard * 4 / 3, rel=1e-10)


@pytest.mark.parametrize(("C", "expected"), [((1, 0, 0), 1.11997e-8), ((0, 1, 0), 1.16485e-8), ((0, 0, 1), 2.28481e-8)])
def test_charged_leptons_of_different_flavour(C, expected):
    """B+ -> K+ mu tau for one unit of C_9, C_10 and C_9' = -C_10', computed with flavio 2.7.1 at its default inputs."""
    G_F, lambda_t, alpha = 1.1663787e-5, 0.041200, 1 / 132.116
    g = 4 * G_F / np.sqrt(2) * lambda_t * alpha / (4 * np.pi)
    C_9, C_10, primed = C
    leptons = Fermions(0.1056583745, 1.77686, Couplings(VV=g * (C_9 + primed) / 2, VA=g * (C_10 - primed) / 2))
    predictor = Predictor(["BR(B+->Knunu)"], load_inputs("default", form_factors={"B->K": "GRvDV2023"}))
    found = predictor(states((leptons,))) - predictor(states(()))
    assert found[0] == approx(expected, rel=5e-3)
