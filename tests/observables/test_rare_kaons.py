"""K -> pi + invisible beyond massless neutrinos, against sums over states of both neutral kaons and against limits."""

import itertools

import brute_force
import brute_force_kaons
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino import form_factors
from dineutrino.eft import NuNu
from dineutrino.eft.massive_neutrinos import MassiveNeutrinos
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.invisible import (
    Couplings,
    DarkFermions,
    DarkScalars,
    DarkVectors,
    FermionOperators,
    Fermions,
    Pair,
    ScalarOperators,
    VectorOperators,
    neutrino_pairs,
    scalar_pair,
)
from dineutrino.observables import Predictor, get
from dineutrino.theory import Flavours, Wet

INPUTS = load_inputs()
NOTHING = INPUTS.replace({"C_L_SM": 0.0, "X_c_e": 0.0, "delta_P_cu": 0.0})
NAMES = ("K+", "KL")
RANDOM = np.random.default_rng(11)


def random(*names):
    return {name: complex(*RANDOM.normal(size=2)) for name in names}


COUPLINGS = {
    "scalar": random(*ScalarOperators.names()),
    "fermion": random("VV", "VA", "AV", "AA", "SS", "SP", "PS", "PP", "TT", "TT5"),
    "vector": random(*VectorOperators.names()),
}
g = COUPLINGS["fermion"]
OPERATORS = FermionOperators(S1=g["SS"], S2=-1j * g["SP"], P1=g["PS"], P2=-1j * g["PP"], V1=g["VV"], V2=g["VA"],
                             A1=g["AV"], A2=g["AA"], T1=g["TT"], T2=g["TT5"])  # fmt: skip
M = 0.06
PAIRS = {
    "scalar": DarkScalars(M, ScalarOperators(**COUPLINGS["scalar"])),
    "Dirac": DarkFermions(M, OPERATORS),
    "Majorana": Fermions(M, 0.11, Couplings(**jax.tree.map(jnp.asarray, g))),
    "two Dirac": Fermions(M, 0.11, Couplings(**jax.tree.map(jnp.asarray, g)), majorana=False),
    "vector": DarkVectors(M, VectorOperators(**COUPLINGS["vector"])),
}
PAIRS = jax.tree.map(jnp.asarray, PAIRS)


def with_pairs(*pairs):
    return Wet(Flavours(), Flavours(ds=pairs))


@pytest.fixture(scope="module")
def spectra():
    """name, pair, q2 -> dBR/dq2 without the Standard Model, compiled once for each name and kind of pair."""
    return jax.jit(
        lambda name, pair, q2: get(f"dBR/dq2({name}->pinunu)")(with_pairs(pair), NOTHING, q2), static_argnums=0
    )


@pytest.fixture(scope="module")
def rates():
    """name, Wet, inputs -> branching ratio."""
    return jax.jit(lambda name, wet, inputs=INPUTS: get(f"BR({name}->pinunu)")(wet, inputs), static_argnums=0)


def explicit(name, kind, q2):
    """The width by sums over states."""
    masses = get(f"BR({name}->pinunu)").mode.masses(INPUTS)
    at = form_factors.pseudoscalar(jnp.asarray(q2), INPUTS.form_factors["K->pi"])
    ff = {key: float(value) for key, value in vars(at).items()}
    args = (q2, *(float(x) for x in (masses.B, masses.M, masses.b_quark, masses.light_quark)), ff)
    family = {"Dirac": "fermion", "Majorana": "fermion", "two Dirac": "fermion"}.get(kind, kind)
    heavier = M if kind in ("Dirac", "scalar", "vector") else 0.11
    couplings = COUPLINGS[family]
    if name == "K+" or kind == "two Dirac":  # x1 x2bar from one kaon and x2 x1bar from the other do not interfere
        plain = {"scalar": brute_force.scalar_width, "vector": brute_force.vector_width}.get(family)
        half = 1 if name == "K+" else 0.5
        if plain is not None:
            return plain(*args, M, couplings)
        return half * brute_force.width(*args, M, heavier, couplings)
    if family == "fermion":
        return brute_force_kaons.fermion_width(*args, M, heavier, couplings, kind == "Majorana")
    return getattr(brute_force_kaons, f"{family}_width")(*args, M, couplings)


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[pytest.mark.slow] if kind in ("Dirac", "vector") else []) for kind in PAIRS]
)
def test_sums_over_states(spectra, kind):
    """All couplings at once, complex, so that every interference and every phase counts."""
    q2 = 0.04
    for name in NAMES:
        time = get(f"dBR/dq2({name}->pinunu)").numbers(INPUTS, q2)[0].time
        assert spectra(name, PAIRS[kind], q2) == approx(float(time) * explicit(name, kind, q2), rel=1e-9)


@pytest.mark.slow
def test_a_vector_current_is_that_of_neutrinos(rates):
    """Massless Majorana fields with vector currents of any flavours, as pairs, without the Standard Model."""
    left, right = (RANDOM.normal(size=(3, 3)) + 1j * RANDOM.normal(size=(3, 3)) for _ in "LR")
    neutrinos = MassiveNeutrinos.from_matrices(np.zeros(3), {"VLL": 1e-9 * left, "VLR": 1e-9 * right})
    as_pairs = with_pairs(*neutrino_pairs(neutrinos, active=0))
    nunu = Wet(Flavours(ds=NuNu(jnp.asarray(1e-9 * left), jnp.asarray(1e-9 * right))), Flavours())
    for name in NAMES:
        assert rates(name, as_pairs, NOTHING) == approx(rates(name, nunu, NOTHING), rel=1e-10)


@pytest.mark.slow
def test_pairs_add_to_neutrinos(rates):
    """Nothing interferes with the Standard Model, whose rate is that of kappa whatever the form factors are."""
    wider = INPUTS.replace({"m_pi0": 0.9 * INPUTS["m_pi0"], "m_pi+": 0.9 * INPUTS["m_pi+"]})
    small = jax.tree.map(lambda x: x * 1e-9, OPERATORS)
    pair = with_pairs(DarkFermions(jnp.asarray(M), small))
    for name in NAMES:
        alone = rates(name, with_pairs())
        assert rates(name, pair) == approx(alone + rates(name, pair, NOTHING), rel=1e-12)
        assert rates(name, with_pairs(), wider) == alone


@pytest.mark.slow
def test_spectra_bins_and_regions():
    """Integrals of the spectrum by a rule of our own; NA62's regions are bins."""
    end = get("BR(K+->pinunu)").end_point(INPUTS)
    wet = with_pairs(DarkScalars(jnp.asarray(0.0), ScalarOperators(S=jnp.asarray(3e-12 + 0j))))
    edges = (0.0, 0.01, 0.026, 0.068, end)
    bins = [("<BR>(K+->pinunu)", *ends) for ends in itertools.pairwise(edges)]
    regions = ("BR_NA62_1(K+->pinunu)", "BR_NA62_2(K+->pinunu)")
    found = np.asarray(Predictor([*bins, *regions, "BR(K+->pinunu)"], INPUTS)(wet))
    assert found[:4].sum() == approx(found[-1], rel=1e-9)
    assert found[4:6] == approx(found[[0, 2]], rel=1e-12)
    x, weights = np.polynomial.legendre.leggauss(40)
    spectrum = jax.jit(jax.vmap(lambda q2: get("dBR/dq2(K+->pinunu)")(wet, INPUTS, q2)))
    for i in (0, 2):
        half = (edges[i + 1] - edges[i]) / 2
        values = spectrum(jnp.asarray(edges[i] + half * (x + 1)))
        assert half * np.sum(weights * values) == approx(found[i], rel=1e-8)


@pytest.mark.slow
def test_the_shape_of_lepton_number_violation():
    """Scalar currents have their neutrinos at high q2, vector ones at low: the ratio of the regions, by hand.

    Spectra p^3 f_+^2 and p q2 f_0^2 with the momentum p of the pion.
    """
    pair = Fermions(0.0, 0.0, Couplings(SS=3e-9, SP=-3e-9), 0.5)
    predictor = Predictor(["BR_NA62_1(K+->pinunu)", "BR_NA62_2(K+->pinunu)"], NOTHING)
    vectors = predictor(Wet(Flavours(ds=NuNu(jnp.eye(3) * 1e-9 + 0j, jnp.zeros((3, 3), complex))), Flavours()))
    scalars = predictor(jax.tree.map(jnp.asarray, with_pairs(pair)))
    m_K, m_pi = (float(INPUTS[f"m_{name}"]) for name in ("K+", "pi+"))
    x, weights = np.polynomial.legendre.leggauss(30)
    expected = {"f_plus": [], "f_0": []}
    for lower, upper in ((0.0, 0.01), (0.026, 0.068)):
        q2 = lower + (upper - lower) * (x + 1) / 2
        p = np.sqrt((m_K**2 + m_pi**2 - q2) ** 2 - 4 * m_K**2 * m_pi**2)
        ff = form_factors.pseudoscalar(jnp.asarray(q2), INPUTS.form_factors["K->pi"])
        for name, weight in (("f_plus", p**3), ("f_0", p * q2)):
            expected[name].append((upper - lower) * np.sum(weights * weight * np.asarray(getattr(ff, name)) ** 2))
    assert vectors[1] / vectors[0] == approx(expected["f_plus"][1] / expected["f_plus"][0], rel=1e-9)
    assert scalars[1] / scalars[0] == approx(expected["f_0"][1] / expected["f_0"][0], rel=1e-7)


@pytest.mark.slow
def test_k_long_and_isospin(rates):
    """With masses of the charged ones, and the phase that K_L sees, its rate over that of K+ is kappa_L/kappa_+."""
    inputs = NOTHING.replace({"m_K0": INPUTS["m_K+"], "m_pi0": INPUTS["m_pi+"]})
    ratio = float(INPUTS["kappa_L"] / (INPUTS["kappa_+"] * (1 + INPUTS["Delta_EM"])))
    for pair, operators, real, imaginary in (
        (DarkFermions, FermionOperators, "S1 S2 T2", "V1 V2 T1"),
        (DarkScalars, ScalarOperators, "S", "V"),
        (DarkVectors, VectorOperators, "S", "T1 T2 V3"),
    ):
        for names, phase in ((real, 1.0 + 0j), (imaginary, 1j)):
            for name in names.split():
                seen, unseen = (
                    with_pairs(pair(jnp.asarray(M), operators(**{name: jnp.asarray(1e-9 * c)})))
                    for c in (phase, 1j * phase)
                )
                assert rates("KL", unseen, inputs) == 0.0
                assert rates("KL", seen, inputs) == approx(ratio * float(rates("K+", seen, inputs)), rel=1e-9)


@pytest.mark.slow
def test_gradients_batches_and_jit(rates):
    def rate(x):
        operators = FermionOperators(V1=1e-10 * (x[1] + 1j * x[2]), S1=1e-10 * (x[3] + 1j * x[4]), T1=1e-10j * x[5])
        return 1e11 * sum(rates(name, with_pairs(DarkFermions(x[0], operators))) for name in NAMES)

    x = jnp.asarray([0.07, 0.5, -0.8, 0.4, 0.3, 0.6])
    step = 1e-5
    finite = [(rate(x.at[i].add(step)) - rate(x.at[i].add(-step))) / (2 * step) for i in range(len(x))]
    assert jax.grad(rate)(x) == approx(jnp.stack(finite), rel=1e-6)
    points = x * jnp.linspace(0.5, 1.2, 3)[:, None]
    assert jax.vmap(rate)(points) == approx(jnp.stack([rate(point) for point in points]), rel=1e-12)
    with jax.disable_jit():
        eager = get("BR(KL->pinunu)")(with_pairs(PAIRS["scalar"]), INPUTS)
    assert rates("KL", with_pairs(PAIRS["scalar"])) == approx(eager, rel=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["scalar", "Dirac", "Majorana"])
def test_edges(spectra, kind):
    """At both ends of the spectrum, at and below the threshold, and for pairs that are too heavy."""
    end = get("BR(K+->pinunu)").end_point(INPUTS)
    slope = jax.jit(jax.grad(lambda q2: spectra("K+", PAIRS[kind], q2)))
    for q2 in (0.0, float(PAIRS[kind].threshold), end):
        assert spectra("K+", PAIRS[kind], q2) == 0.0
        assert np.isfinite(slope(q2))
    heavy = jax.tree.map(lambda x: x * 10, PAIRS[kind])
    assert spectra("K+", heavy, 0.04) == 0.0


class Own(Pair):
    """A kind of pair that a user wrote for decays of B mesons."""

    @property
    def threshold(self):
        return jnp.asarray(0.0)

    def currents(self, q2):
        return scalar_pair(q2, 0.0, ScalarOperators(S=1e-9))


def test_what_k_long_sees_must_be_said():
    jax.eval_shape(lambda: get("dBR/dq2(K+->pinunu)")(with_pairs(Own()), INPUTS, 0.03))
    with pytest.raises(DineutrinoError, match="Own does not say which of its couplings K_L sees"):
        jax.eval_shape(lambda: get("dBR/dq2(KL->pinunu)")(with_pairs(Own()), INPUTS, 0.03))
