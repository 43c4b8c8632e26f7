"""B -> X_s + invisible against spinors of free quarks, the formula of arXiv:0902.0160 and numbers of later papers."""

import itertools

import brute_force
import brute_force_baryon
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft import NuNu
from dineutrino.eft.massive_neutrinos import MassiveNeutrinos
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs, load_prior
from dineutrino.invisible import Couplings, DarkScalars, Fermions, ScalarOperators, neutrino_pairs
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import load_measurements
from dineutrino.observables import Predictor, get
from dineutrino.theory import Wet

INPUTS = load_inputs()
HEAVY = INPUTS.replace({"m_s": 0.9})
"""A strange quark so heavy that every power of its mass counts."""
NOTHING = HEAVY.replace({"C_L_SM": 0.0})
RANDOM = np.random.default_rng(3)
LEFT, RIGHT = (1e-8 * (RANDOM.normal(size=(3, 3)) + 1j * RANDOM.normal(size=(3, 3))) for _ in "LR")
NEUTRINOS = Wet.b_to_s(NuNu(jnp.asarray(LEFT), jnp.asarray(RIGHT)))
RATE, SPECTRUM = "BR(B->Xsnunu)", "dBR/dq2(B->Xsnunu)"
BINS = tuple(f"BR_MX{number}(B->Xsnunu)" for number in (1, 2, 3))
g = {name: complex(*RANDOM.normal(size=2)) for name in ("VV", "VA", "AV", "AA", "SS", "SP", "PS", "PP", "TT", "TT5")}


@pytest.fixture(scope="module")
def spectra():
    """Wet, inputs, q2 -> dBR/dq2."""
    return jax.jit(lambda wet, inputs, q2: get(SPECTRUM)(wet, inputs, q2))


@pytest.fixture(scope="module")
def predictor():
    return Predictor([RATE, *BINS, "BR(B+->Knunu)", "BR(B0->Knunu)", "BR(B+->K*nunu)", "BR(B0->K*nunu)"], INPUTS)


def lifetime(inputs):
    return float(inputs["kappa(0)"] * (inputs["tau_B+"] + inputs["tau_B0"]) / 2)


def formula(inputs, left, right, q2):
    """dBR/dq2 as in the paper."""
    m = float(inputs["m_b(1S)"])
    s, r = q2 / m**2, float(inputs["m_s"]) / m
    lam = 1 + r**4 + s**2 - 2 * (r**2 + s + r**2 * s)
    squares, product = np.sum(abs(left) ** 2 + abs(right) ** 2), np.sum(np.real(left * right.conj()))
    bracket = squares * (3 * s * (1 + r**2 - s) + lam) - 12 * r * s * product
    return lifetime(inputs) * m**3 / (768 * np.pi**3) * np.sqrt(lam) * bracket


def test_the_formula_of_the_paper(spectra):
    """With L_L and L_R of all flavours, complex, and a strange quark of 0.9 GeV."""
    for q2 in (0.0, 2.0, 7.0, 13.0):
        found = spectra(NEUTRINOS, NOTHING, q2)
        assert found == approx(formula(NOTHING, LEFT, RIGHT, q2), rel=1e-12)


def test_spinors_of_free_quarks(spectra):
    """All currents at once, massive fermions, one spin at a time; scalars with quark masses at their scale."""
    m_1, m_2, q2 = 0.4, 0.9, 6.0
    pair = Fermions(m_1, m_2, Couplings(**{name: jnp.asarray(value) for name, value in g.items()}))
    M, m, m_b, m_s = (float(NOTHING[name]) for name in ("m_b(1S)", "m_s", "m_b", "m_s"))
    p, k, _ = brute_force.frame(q2, M, m)
    scales = (1.0, 1.0, (M - m) / (m_b - m_s), (M + m) / (m_b + m_s), 1.0)
    vertices = [
        brute_force.fermion_vertex([scale * part for scale, part in zip(scales, each, strict=True)], g)
        for each in brute_force_baryon.point_like(q2, p, k, M, m)
    ]

    def squared(p_1, p_2):
        total = 0.0
        for vertex in vertices:
            bar = brute_force.GAMMA[0] @ vertex.conj().T @ brute_force.GAMMA[0]
            first, second = (brute_force.slash(p_1) + m_1 * np.eye(4)), (brute_force.slash(p_2) - m_2 * np.eye(4))
            total += np.trace(first @ vertex @ second @ bar).real
        return total

    width = brute_force.phase_space(q2, M, m, m_1, m_2, squared) / 2
    found = spectra(jax.tree.map(jnp.asarray, Wet.b_to_s(dark=(pair,))), NOTHING, q2)
    assert found == approx(lifetime(NOTHING) * width, rel=1e-10)


@pytest.mark.slow
def test_massless_pairs_are_neutrinos():
    """Majorana fields with vector currents, as pairs and as what they are; bins add up to the whole."""
    neutrinos = MassiveNeutrinos.from_matrices(np.zeros(3), {"VLL": LEFT, "VLR": RIGHT})
    end = get(RATE).end_point(NOTHING)
    edges = (0.0, 0.3, 5.0, 14.0, end)
    bins = [("<BR>(B->Xsnunu)", *ends) for ends in itertools.pairwise(edges)]
    predictor = Predictor([RATE, *bins], NOTHING)
    found, pairs = predictor(NEUTRINOS), predictor(Wet.b_to_s(dark=neutrino_pairs(neutrinos, active=0)))
    assert pairs == approx(found, rel=1e-10)
    assert jnp.sum(found[1:]) == approx(found[0], rel=1e-10)
    x, weights = np.polynomial.legendre.leggauss(40)
    q2 = 5.0 + 4.5 * (x + 1)
    assert found[3] == approx(4.5 * np.sum(weights * formula(NOTHING, LEFT, RIGHT, q2)), rel=1e-9)


def test_the_rate_in_closed_form():
    """Without a strange mass tau m_b^5 |L|^2/(1536 pi^3) for each pair of flavours: that of a muon for 8 G_F^2."""
    inputs = INPUTS.replace({"C_L_SM": 0.0, "m_s": 1e-12})
    found = get(RATE)(NEUTRINOS, inputs)
    squares = np.sum(abs(LEFT) ** 2 + abs(RIGHT) ** 2)
    assert found == approx(lifetime(inputs) * 4.68**5 * squares / (1536 * np.pi**3), rel=1e-9)


def test_published_standard_model_values():
    """2.9(0.3)e-5 in arXiv:1409.4557; 3.35(10)e-5 and 3.62(11)e-5 of B0 and B+ at higher orders, in 2026."""
    found = float(get(RATE)(Wet.b_to_s(), INPUTS.replace({"kappa(0)": 0.83, "m_b(1S)": 4.68})))
    assert abs(found - 2.9e-5) < 0.3e-5 * 1.5
    assert found == pytest.approx((3.35e-5 + 3.62e-5) / 2, rel=0.12)


@pytest.mark.slow
def test_bins_of_mass(predictor):
    """K, K* and the rest: they add up to the whole, and each is a mean of charged and neutral B mesons."""
    pair = DarkScalars(jnp.asarray(0.5), ScalarOperators(S=jnp.asarray(1e-9 + 0j), V=jnp.asarray(1e-9 + 0j)))
    for wet in (Wet.b_to_s(), Wet.b_to_s(NEUTRINOS.nunu.sb, (pair,))):
        whole, first, second, rest, *exclusive = predictor(wet)
        assert first == approx((exclusive[0] + exclusive[1]) / 2, rel=1e-12)
        assert second == approx((exclusive[2] + exclusive[3]) / 2, rel=1e-12)
        assert first + second + rest == approx(whole, rel=1e-12)
    assert rest > 0
    with_tau = load_inputs(long_distance="included")
    assert get(BINS[0])(Wet.b_to_s(), with_tau) == approx(predictor(Wet.b_to_s())[1], rel=1e-12)


@pytest.mark.slow
def test_gradients_batches_jit_and_edges(spectra):
    def rates(x):
        nunu = NuNu(1e-8 * (x[0] + 1j * x[1]) * jnp.eye(3), 1e-8 * (x[2] + 1j * x[3]) * jnp.eye(3))
        at = INPUTS.replace({"m_b(1S)": x[4], "m_s": x[5]})
        return 1e5 * sum(get(name)(Wet.b_to_s(nunu), at) for name in (RATE, BINS[2]))

    rates = jax.jit(rates)
    x, step = jnp.asarray([0.5, -0.8, 0.4, 0.3, 4.7, 0.08]), 1e-5
    finite = [(rates(x.at[i].add(step)) - rates(x.at[i].add(-step))) / (2 * step) for i in range(len(x))]
    assert jax.grad(rates)(x) == approx(jnp.stack(finite), rel=1e-6)
    points = x * jnp.linspace(0.9, 1.1, 3)[:, None]
    assert jax.vmap(rates)(points) == approx(jnp.stack([rates(point) for point in points]), rel=1e-12)
    with jax.disable_jit():
        assert get(SPECTRUM)(NEUTRINOS, INPUTS, 4.0) == approx(spectra(NEUTRINOS, INPUTS, 4.0), rel=1e-12)
    end = get(RATE).end_point(INPUTS)
    slope = jax.jit(jax.grad(lambda q2: spectra(NEUTRINOS, INPUTS, q2)))
    assert np.isfinite([slope(0.0), slope(end), spectra(NEUTRINOS, INPUTS, 0.0)]).all()
    assert spectra(NEUTRINOS, INPUTS, end) == 0.0
    with pytest.raises(DineutrinoError, match="outside the kinematic range of dBR/dq2"):
        Predictor([(SPECTRUM, 23.0)], INPUTS)


@pytest.mark.slow
def test_measurements_and_nuisances():
    """The limits of arXiv:2511.10980; form factors count only in bins of mass."""
    names = ["belle2_2025_BXsnunu", *(f"belle2_2025_BXsnunu_MX{number}" for number in (1, 2, 3))]
    with pytest.raises(DineutrinoError, match="use the same data"):
        load_measurements(names)
    measured = [load_measurements(name)[0] for name in names]
    assert [m.observables for m in measured] == [((name,),) for name in (RATE, *BINS)]
    whole = Likelihood([Parameter("Re CL_bsnutaunutau", -40, 40)], measured[:1], load_prior())
    assert {"m_b(1S)", "kappa(0)", "m_s"} <= set(whole.prior.labels)
    assert not [label for label in whole.prior.labels if "f_plus" in label or "B->K" in label]
    rest = Likelihood([Parameter("Re CL_bsnutaunutau", -40, 40)], measured[3:], load_prior())
    assert [label for label in rest.prior.labels if "B->K" in label]
