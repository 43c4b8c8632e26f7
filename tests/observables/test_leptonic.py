"""Mesons to two charged leptons: numbers of papers and of flavio, closed forms, derivatives, edges."""

import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft.leptons import LL, lepton_coefficients, leptons_to_lagrangian
from dineutrino.errors import DineutrinoError
from dineutrino.hadronic.to_leptons import LeptonicMasses, amplitudes, width_factors
from dineutrino.inputs import DB, DS, SB, load_inputs, load_prior, normalisation
from dineutrino.observables import Predictor, get
from dineutrino.theory import Flavours, Theory, Wet

sys.path.append(str(Path(__file__).parents[1] / "validation"))
from leptonic_points import MODES, POINTS, points
from peers import frozen

QUARKS = {"Bs": SB, "B0": DB, "KL": DS, "KS": DS}
NOTHING = Wet(Flavours(), Flavours())
NAMES = ("BR(Bs->mumu)", "BR(Bs->tautau)", "BR(B0->mumu)", "BR(Bs->taumu)", "BR_SD(KL->mumu)", "BR(KS->mumu)")


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def predictor(inputs):
    return Predictor(NAMES, inputs)


def name_of(meson, leptons):
    return f"BR_SD(KL->{leptons})" if meson == "KL" else f"BR({meson}->{leptons})"


def new_physics(values, quarks, inputs):
    """Coefficients by name, in the normalisation of flavio, as a sector."""
    sector = leptons_to_lagrangian(lepton_coefficients(values, quarks), inputs, quarks)
    return Wet(Flavours(), Flavours(), Flavours(**{quarks.name: sector}))


def random_sector(size, seed=1):
    random = np.random.default_rng(seed)
    return LL(*(jnp.asarray(size * (random.normal(size=(3, 3)) + 1j * random.normal(size=(3, 3)))) for _ in range(10)))


@pytest.mark.slow
@pytest.mark.parametrize(("meson", "leptons"), MODES)
def test_flavio_at_random_complex_points(inputs, meson, leptons):
    """The branching ratios themselves, with the inputs of flavio: at 100 points and in the Standard Model."""
    peer = frozen("flavio_leptonic")
    at = inputs.replace(peer["inputs"][meson[0]])
    expected = np.asarray(peer["values"][f"{meson}->{leptons}"])
    values = {name: jnp.asarray(value) for name, value in points(meson, leptons).items()}
    wet = jax.vmap(lambda given: new_physics(given, QUARKS[meson], at))(values)
    predictor = Predictor([name_of(meson, leptons)], at)
    assert len(expected) == POINTS + 1
    assert predictor.batch(wet)[:, 0] == approx(expected[:-1], rel=1e-4)
    assert float(predictor(NOTHING)[0]) == pytest.approx(expected[-1], rel=1e-4)


def test_standard_model():
    """3.64(12)e-9 of arXiv:2407.03810, 0.79(12)e-9 of hep-ph/0605203, 5.1e-12 of arXiv:1711.11030, inputs of then."""
    values = dict(zip(NAMES, np.asarray(Predictor(NAMES, load_inputs("pdg2024"))(NOTHING)), strict=True))
    assert values["BR(Bs->mumu)"] == pytest.approx(3.64e-9, rel=0.01)
    assert values["BR_SD(KL->mumu)"] == pytest.approx(0.79e-9, rel=0.02)
    assert values["BR(KS->mumu)"] == pytest.approx(5.14e-12, rel=0.01)
    assert values["BR(B0->mumu)"] == pytest.approx(1.0e-10, rel=0.03)
    assert values["BR(Bs->taumu)"] == 0


def test_table_of_the_source_of_c_a():
    """arXiv:1311.0903, table I, with its inputs, which are rounded; tau_H is the lifetime of the heavy state."""
    y, tau_heavy = 0.06, 1.615
    values = {
        "f_B_s": 0.2277, "m_B_s": 5.36677, "alpha_s": 0.1184, "m_t": 173.1, "m_W": 80.385, "m_tau": 1.77682,
        "|V_tb V_ts*|": 0.0424 * 0.980, "y_s": y, "tau_B_s": tau_heavy * (1 - y) * 1e-12 / 6.582119569509066e-25,
    }  # fmt: skip
    at = load_inputs(choices={"lambda_t": "direct"}).replace(values)
    found = Predictor(["BR(Bs->mumu)", "BR(Bs->ee)", "BR(Bs->tautau)"], at)(NOTHING)
    assert np.asarray(found) == approx([3.65e-9, 8.54e-14, 7.73e-7], rel=3e-3)


def test_numbers_of_the_notes(inputs):
    """B_s -> tau tau, mu tau by flavio with other tools; arXiv:2404.06533: C10 = -0.75 in B_s -> mu mu."""
    at = inputs.replace(frozen("flavio_leptonic")["inputs"]["B"])
    rates = Predictor(["BR(Bs->tautau)", "BR(Bs->mutau)", "BR(Bs->mumu)"], at)

    def found(given):
        values = {name: jnp.asarray(complex(value)) for name, value in given.items()}
        return np.asarray(rates(new_physics(values, SB, at)))

    assert found({"C9p_bstautau": -13.2, "C10p_bstautau": 13.2})[0] == pytest.approx(1.337e-5, rel=2e-3)
    assert found({"C9_bsmutau": 1})[1] == pytest.approx(9.55286e-9, rel=1e-4)
    assert found({"C10_bsmutau": 1})[1] == pytest.approx(1.248180e-8, rel=1e-4)
    assert found({"C9p_bsmutau": 1, "C10p_bsmutau": -1})[1] == pytest.approx(2.203465e-8, rel=1e-4)
    assert found({"C10_bsmumu": -0.75})[2] == pytest.approx(5.1e-9, rel=0.01)


def test_amplitudes_against_spinors():
    """Of all currents with random complex coefficients, from gamma matrices: spins summed by traces."""
    c, masses = random_sector(1.0, 4), LeptonicMasses(*map(jnp.asarray, (5.3, 4.2, 0.7, 1.6)))
    found = amplitudes(c, (0, 2), masses, jnp.asarray(0.3 - 0.2j))
    width = sum(f * abs(complex(x)) ** 2 for f, x in zip(width_factors(jnp.asarray(0.21), masses),
                                                       (found.pseudoscalar, found.scalar), strict=True))  # fmt: skip
    sigma = [np.array(s) for s in ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]])]
    gamma = [np.kron([[1, 0], [0, -1]], np.eye(2))] + [np.kron([[0, 1], [-1, 0]], s) for s in sigma]
    gamma5 = 1j * gamma[0] @ gamma[1] @ gamma[2] @ gamma[3]
    project = {"L": (np.eye(4) - gamma5) / 2, "R": (np.eye(4) + gamma5) / 2}
    m, quarks, m_a, m_b = 5.3, 4.2, 0.7, 1.6
    energy = (m**2 + m_a**2 - m_b**2) / (2 * m)
    momentum = np.sqrt(energy**2 - m_a**2)
    slash_a, slash_b = (e * gamma[0] - k * gamma[3] for e, k in ((energy, momentum), (m - energy, -momentum)))
    vertex, sign = np.zeros((4, 4), complex), {"L": -0.5, "R": 0.5}  # of gamma_5 in the projector of the quarks
    for X in "LR":
        for Y in "LR":
            axial = {"LL": -1, "LR": 1}.get(X + Y, 0) * (0.3 - 0.2j)
            vector = complex(getattr(c, f"V{X}{Y}")[0, 2]) + axial
            scalar = complex(getattr(c, f"S{X}{Y}")[0, 2])
            vertex += sign[X] * 1j * 0.21 * vector * (slash_a + slash_b) @ project[Y]
            vertex += -sign[X] * 1j * 0.21 * scalar * m**2 / quarks * project[Y]
    barred = gamma[0] @ vertex.conj().T @ gamma[0]
    squared = np.trace((slash_a + m_a * np.eye(4)) @ vertex @ (slash_b - m_b * np.eye(4)) @ barred).real
    assert width == pytest.approx(squared * momentum / (8 * np.pi * m**2), rel=1e-12)


@pytest.mark.slow
def test_derivatives_by_coefficients_and_inputs(inputs):
    """Against finite differences."""
    entries = ("m_B_s", "f_B_s", "ckm_A", "ckm_etabar", "y_s", "m_t", "alpha_s", "m_b", "m_tau", "tau_K_S", "m_s")
    rates = [get(name) for name in NAMES]
    sector = random_sector(3e-9)

    def logs(x):
        at = inputs.replace(dict(zip(entries, x[1:], strict=True)))
        wet = Wet(Flavours(), Flavours(), Flavours(*[jax.tree.map(lambda leaf: x[0] * leaf, sector)] * 3))
        return jnp.log(jnp.stack([rate(wet, at) for rate in rates]))

    function = jax.jit(logs)
    at = jnp.asarray([1.0, *(float(inputs[name]) for name in entries)])
    exact = jax.jit(jax.jacfwd(logs))(at)
    for i, step in enumerate(jnp.diag(1e-5 * at)):
        numeric = (function(at + step) - function(at - step)) / (2e-5 * at[i])
        assert exact[:, i] == approx(numeric, rel=1e-6, abs=1e-6 * float(jnp.abs(exact[:, i]).max()))
        assert float(jnp.abs(exact[:, i] * at[i]).max()) > 1e-4


@pytest.mark.slow
def test_jit_is_eager_and_vmap_is_a_loop(inputs, predictor):
    sectors = [random_sector(1e-9, seed) for seed in range(4)]
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *sectors)
    batch = predictor.batch(Wet(Flavours(), Flavours(), Flavours(sb=stacked, db=stacked, ds=stacked)))
    for sector, found in zip(sectors, batch, strict=True):
        wet = Wet(Flavours(), Flavours(), Flavours(sb=sector, db=sector, ds=sector))
        assert found == approx(predictor(wet), rel=1e-13)
    eager = [float(get(name)(wet, inputs)) for name in NAMES[:1]]
    assert found[:1] == approx(eager, rel=1e-13)


@pytest.mark.parametrize("m_tau", [2.683465, 2.6835, 3.0])
def test_leptons_that_are_too_heavy(inputs, m_tau):
    """At and beyond the threshold the rate is zero, with finite gradients."""
    rate = get("BR(Bs->tautau)")
    wet = Wet(Flavours(), Flavours(), Flavours(sb=random_sector(1e-9)))

    def at(x):
        return rate(wet, inputs.replace({"m_tau": x}))

    value, slope = jax.jit(jax.value_and_grad(at))(m_tau)
    assert float(value) == 0
    assert np.isfinite(float(slope))


def test_sums_of_charges(inputs):
    wet = Wet(Flavours(), Flavours(), Flavours(sb=random_sector(1e-9)))
    names = ["BR(Bs->mutau,taumu)", "BR(Bs->mutau)", "BR(Bs->taumu)"]
    total, *parts = np.asarray(Predictor(names, inputs)(wet))
    assert total == pytest.approx(sum(parts), rel=1e-14)
    assert min(parts) > 0


@pytest.mark.slow
def test_mixing_of_b_s_by_hand(inputs):
    """Scalar pairs of the phase of the Standard Model come from what lives short, pseudoscalar ones from the other."""
    none = inputs.replace({"C_A": 0.0})
    phase = complex(normalisation(inputs))
    slow = inputs.replace({"y_s": 0.0, "C_A": 0.0})
    y = float(inputs["y_s"])
    for field, factor in (("SRR", (1, 1)), ("VRR", (1, 0))):
        for turn, sign in ((1, 1), (1j, -1)):
            value = jnp.zeros((3, 3), complex).at[1, 1].set(turn * phase)
            sector = LL.zero()
            sector = LL(**(vars(sector) | {field: value} | ({"SRL": value} if factor[1] else {})))
            wet = Wet(Flavours(), Flavours(), Flavours(sb=sector))
            odd = field == "VRR"
            mixed, pure = (float(get("BR(Bs->mumu)")(wet, at)) for at in (none, slow))
            assert mixed / pure == pytest.approx(1 / (1 - y if odd == (sign > 0) else 1 + y), rel=1e-9)


def test_no_arguments(inputs):
    with pytest.raises(DineutrinoError, match=r"BR\(Bs->mumu\) takes the arguments: none; 1 given"):
        get("BR(Bs->mumu)").check(inputs, 1.0)


@pytest.mark.slow
def test_uncertainty_of_the_standard_model(predictor, inputs):
    """3.3% of the literature, mostly V_cb; ours has the whole uncertainty of A."""
    prior = load_prior().restrict(["CKM", "decay constants", "charged leptons"])
    covariance = predictor.covariance(Theory(inputs, NOTHING), prior)
    relative = np.sqrt(np.diag(covariance)) / np.where(np.asarray(predictor(NOTHING)) == 0, 1, predictor(NOTHING))
    assert 0.03 < relative[0] < 0.05
    assert 0.03 < relative[4] < 0.2
