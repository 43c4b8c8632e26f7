"""Z and W pole in SMEFT: flavio (frozen by tests/validation/freeze_z_pole.py), closed forms, what the data say."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from z_pole_peer import PEER, changes, matched, tau_couplings, tau_slopes

from dineutrino.inputs import ckm_matrix, load_inputs
from dineutrino.inputs.packaged import read_data
from dineutrino.measurements import load_measurements
from dineutrino.observables import names
from dineutrino.observables.z_pole import Pole, PoleCoefficients, predictions
from dineutrino.observables.z_pole.shifts import FERMIONS, Each, Scheme, ZCouplings, universal


def random_coefficients(seed, size=2e-7):
    random = np.random.default_rng(seed)

    def hermitian():
        half = size * (random.normal(size=(3, 3)) + 1j * random.normal(size=(3, 3)))
        return jnp.asarray(half + half.conj().T)

    scalars = [jnp.asarray(size * random.normal() + 0j) for _ in range(3)]
    return PoleCoefficients(*scalars, *(hermitian() for _ in range(7)))


@pytest.fixture(scope="module")
def evaluate():
    return jax.jit(predictions)


@pytest.fixture(scope="module")
def pole():
    return Pole.of(load_inputs())


@pytest.fixture(scope="module")
def peer_pole():
    return Pole.of(matched(PEER))


def test_flavio_at_its_inputs(evaluate, peer_pole):
    """Ratios to the Standard Model at 20 points, which change by up to a factor of 14."""
    found = changes(PEER, evaluate, peer_pole)
    assert len(found) == 20 * 49
    for name, ours, theirs in found:
        assert ours == pytest.approx(theirs, abs=1e-4), name


def test_standard_model_of_flavio(evaluate, pole):
    """At our inputs, with newer parametrisations than flavio's."""
    found = evaluate(pole, PoleCoefficients.zero())
    for name, theirs in zip(PEER["observables"], PEER["standard model"], strict=True):
        assert float(found[name]) == pytest.approx(theirs, rel=1e-2)


def test_names_are_those_of_flavio(evaluate, pole):
    found = evaluate(pole, PoleCoefficients.zero())
    assert set(found) == set(PEER["observables"])
    assert set(found) <= set(names())


def test_partial_widths_add_up_to_the_parametrised_total():
    """The total width and R_b have rows of their own in table 1 of arXiv:1906.08815."""
    rows = {name: np.array(row) for name, row in read_data("z_pole.yaml")["Z widths"]["coefficients"].items()}
    quarks = rows["u"] + rows["c"] + 2 * rows["d"] + rows["b"]
    total = quarks + 3 * rows["nu"] + 2 * rows["e"] + rows["tau"]
    of_the_paper = [2494.75, -4.055, -2.117, 0.122, 1.746, 19.68, -1.63, -0.432, 0.12, 58.61, -4.0, -0.32, 8.1, -56.1, 1.1, -6.8, 9267]  # fmt: skip  # noqa: E501
    assert total == pytest.approx(of_the_paper, rel=0.03, abs=0.02)
    assert total[0] == pytest.approx(2494.75, abs=0.01)
    assert rows["b"][0] / quarks[0] == pytest.approx(0.21585, abs=5e-6)
    change = 1e-3 * (rows["b"][5] / quarks[0] - rows["b"][0] * quarks[5] / quarks[0] ** 2)
    assert change == pytest.approx(-292.21e-5 * 1e-3, rel=0.01)


def test_w_boson_of_the_review(pole):
    """Review of Particle Physics, 2024, electroweak model: 226.27(5) MeV, 705.1(3) MeV |V|^2, 2.0892(4) GeV."""
    assert 1e3 * float(pole.w_lepton) == pytest.approx(226.27, abs=0.05)
    assert 1e3 * float(pole.w_quark) == pytest.approx(705.1, abs=0.3)
    assert float(pole.m_W) == pytest.approx(80.356, abs=0.006)


@pytest.fixture(scope="module")
def slopes(evaluate, peer_pole):
    return tau_slopes(evaluate, peer_pole)


def test_slopes_of_the_tau(slopes):
    """arXiv:2404.06533 as worked out with flavio: section 6 of the physics notes."""
    expected = {
        "GammaZ": (-0.00930, 0.03093),
        "sigma_had": (7.94e-7, -2.64e-6),
        "R_tau": (-2.678, -2.678),
        "AFB(Z->tautau)": (0.01222, 0.01222),
        "A(Z->tautau)": (0.1103, 0.1103),
        "BR(W->taunu)": (0.0, 0.01175),
        "Rtaumu(W->lnu)": (0.0, 0.1215),
    }
    for name, pair in expected.items():
        assert slopes[name] == approx(pair, rel=3e-3, abs=1e-12)


def test_couplings_of_the_tau_that_the_data_prefer(evaluate, peer_pole, slopes):
    """Centre, errors and correlation as in the physics notes; chi^2 of the Standard Model is 0.63 above the minimum."""
    centre, covariance = tau_couplings(evaluate(peer_pole, PoleCoefficients.zero()), slopes)
    sigma = np.sqrt(np.diag(covariance))
    assert centre == pytest.approx([-0.0140, 0.0184], abs=0.001)
    assert sigma == pytest.approx([0.0252, 0.0236], rel=0.01)
    assert covariance[0, 1] / sigma.prod() == pytest.approx(-0.811, abs=0.005)
    assert centre @ np.linalg.solve(covariance, centre) == pytest.approx(0.63, abs=0.05)


def test_the_known_tensions(evaluate, pole):
    """A_FB^b of LEP and A_e of SLD lie more than two standard deviations to either side; the rest is as expected."""
    found = evaluate(pole, PoleCoefficients.zero())
    pulls, chi2, n = {}, 0.0, 0
    for measurement in load_measurements("z_pole"):
        predicted = jnp.stack([found[name] for (name,) in measurement.observables])
        each = measurement.term.pull(predicted, predicted)
        pulls |= {(measurement.name, name): float(p) for (name,), p in zip(measurement.observables, each, strict=True)}
        chi2 -= 2 * float(measurement.term.log_prob(predicted, predicted))
        n += len(measurement.observables)
    assert pulls["lep_sld_heavy_flavour", "AFB(Z->bb)"] == pytest.approx(2.4, abs=0.2)
    assert pulls["sld_A_leptons", "A(Z->ee)"] == pytest.approx(-2.1, abs=0.2)
    assert pulls["lep_A_tau", "A(Z->tautau)"] == pytest.approx(0.7, abs=0.1)
    assert max(map(abs, pulls.values())) < 3
    assert 0.5 * n < chi2 < 1.5 * n


def test_oblique_parameters(pole):
    """alpha S = 4 s c v^2 C_HWB and alpha T = -v^2/2 C_HD in the formulas of Peskin and Takeuchi, 1992."""
    scheme, C = pole.scheme, 1e-8
    v2, s2 = float(scheme.v2), float(scheme.s2)
    c2, cos_2, none = 1 - s2, 1 - 2 * s2, PoleCoefficients.zero()
    S, T = 4 * np.sqrt(s2 * c2) * v2 * C, -v2 / 2 * C
    by_S = universal(eqx.tree_at(lambda c: c.HWB, none, C + 0j), scheme)
    by_T = universal(eqx.tree_at(lambda c: c.HD, none, C + 0j), scheme)
    assert 2 * float(by_S.m_W) == pytest.approx(-S / 2 / cos_2, rel=1e-12)
    assert 2 * float(by_T.m_W) == pytest.approx(c2 / cos_2 * T, rel=1e-12)
    assert float(by_S.s2) == pytest.approx(S / 4 / cos_2, rel=1e-12)
    assert float(by_T.s2) == pytest.approx(-s2 * c2 / cos_2 * T, rel=1e-12)
    assert float(by_S.Z) == 0
    assert float(by_T.Z) == pytest.approx(T / 2, rel=1e-12)


def tree_level(pole):
    """The pole with sin^2 of the scheme in all couplings, where the relations of operators are exact."""
    couplings = Each(*(ZCouplings.of(fermions, jnp.full(3, pole.scheme.s2)) for fermions in FERMIONS))
    return eqx.tree_at(lambda p: p.couplings, pole, couplings)


@pytest.mark.slow
@pytest.mark.parametrize("boson", ["B", "W"])
def test_two_directions_are_blind(evaluate, pole, boson):
    """Combinations that field redefinitions turn into operators without fermions, arXiv:1701.06424, sec. 4."""
    s2, C, one = float(pole.scheme.s2), 1e-10, jnp.eye(3) + 0j
    c2, s_c = 1 - s2, np.sqrt(s2 * (1 - s2))
    cos_2 = c2 - s2
    if boson == "B":  # hypercharges, and C_HD = 2
        HD, HWB = 2.0, -c2 * cos_2 / (2 * s_c) - s_c
        currents = (-1 / 2, 0.0, -1.0, 1 / 6, 0.0, 2 / 3, -1 / 3)
    else:
        HD, HWB = 0.0, s2 * cos_2 / s_c - 2 * s_c
        currents = (0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    direction = PoleCoefficients(
        jnp.asarray(HD + 0j), jnp.asarray(HWB + 0j), jnp.zeros((), complex), *(x * one for x in currents)
    )
    exact = tree_level(pole)
    none = evaluate(exact, PoleCoefficients.zero())
    found = evaluate(exact, jax.tree.map(lambda x: C * x, direction))
    half = evaluate(exact, jax.tree.map(lambda x: C / 2 * x, direction))
    for name, value in none.items():
        change = float(found[name] - value) / (float(value) or 1.0)
        quadratic = float(found[name] - 2 * half[name] + value) / (float(value) or 1.0)
        assert abs(change - 2 * quadratic) < 1e-9  # relative changes by one operator alone are 1e-5


def test_lepton_universality_stays(evaluate, pole):
    one = 1e-7 * jnp.eye(3)
    same = eqx.tree_at(lambda c: (c.Hl1, c.Hl3, c.He), PoleCoefficients.zero(), (one + 0j, -2 * one + 0j, 3 * one + 0j))
    none, found = evaluate(pole, PoleCoefficients.zero()), evaluate(pole, same)
    for ratio in ("Rmue(W->lnu)", "Rtaue(W->lnu)", "Rtaumu(W->lnu)"):
        assert float(found[ratio]) == pytest.approx(1, abs=1e-14)
    assert float(found["A(Z->tautau)"]) == pytest.approx(float(found["A(Z->ee)"]), rel=1e-14)
    assert float(found["Gamma(Z->tautau)"] - none["Gamma(Z->tautau)"]) == pytest.approx(
        float(found["Gamma(Z->ee)"] - none["Gamma(Z->ee)"]), rel=1e-9
    )
    assert float(found["BR(Z->emu)"]) < 1e-30


def test_up_quarks_rotate_with_the_ckm_matrix(evaluate):
    """C_Hq1 = C_Hq3 leaves up quarks alone; (C_Hq1)_33 shifts u and c by |V_ub|^2 and |V_cb|^2 of it."""
    inputs = load_inputs().replace({"ckm_A": 3.0, "ckm_rhobar": 0.4})
    pole, V, C = Pole.of(inputs), np.asarray(ckm_matrix(inputs)), 1e-9
    none = evaluate(pole, PoleCoefficients.zero())
    bottom = jnp.zeros((3, 3), complex).at[2, 2].set(C)
    both = evaluate(pole, eqx.tree_at(lambda c: (c.Hq1, c.Hq3), PoleCoefficients.zero(), (bottom, bottom)))
    first = evaluate(pole, eqx.tree_at(lambda c: c.Hq1, PoleCoefficients.zero(), bottom))
    top = evaluate(
        pole, eqx.tree_at(lambda c: c.Hq1, PoleCoefficients.zero(), C * jnp.outer(V[1].conj(), V[1]))
    )  # qbar_p ... q_r with p, r = c in the basis of up quarks
    unit = float(-3 * pole.born * pole.scheme.v2 / 2 * pole.couplings.u.left[0]) * C
    for row, quark in enumerate("uc"):
        name = f"Gamma(Z->{2 * quark})"
        assert float(both[name] - none[name]) == pytest.approx(0, abs=1e-15)
        assert float(first[name] - none[name]) == pytest.approx(unit * abs(V[row, 2]) ** 2, rel=1e-3)
        assert float(top[name] - none[name]) == pytest.approx(unit * (row == 1), rel=1e-3, abs=1e-15)


@pytest.mark.slow
def test_gradients_against_finite_differences(evaluate):
    """By all coefficients and by the inputs, with new physics of a size that has squares."""
    inputs, point = load_inputs(), random_coefficients(3)
    sizes = np.random.default_rng(5).normal(size=len(PEER["observables"]))
    entries = ("alpha_em", "G_F", "m_Z", "m_t", "m_h", "alpha_s", "Delta_alpha_had", "ckm_lambda", "ckm_A")
    directions = jax.tree.map(lambda x: 0.1 * x, random_coefficients(4))

    def along(x):
        at = inputs.replace({name: inputs[name] * (1 + x[1]) for name in entries})
        found = predictions(Pole.of(at), jax.tree.map(lambda a, b: a + x[0] * b, point, directions))
        return jnp.stack([found[name] for name in PEER["observables"]])

    values, step = evaluate(Pole.of(inputs), point), 1e-4
    weights = np.array([size / float(values[name]) for name, size in zip(PEER["observables"], sizes, strict=True)])
    total = jax.jit(lambda x: jnp.sum(weights * along(x)))
    gradient = jax.jit(jax.grad(total))(jnp.zeros(2))
    difference = [(total(step * unit) - total(-step * unit)) / (2 * step) for unit in np.eye(2)]
    assert gradient == approx(jnp.stack(difference), rel=1e-6)
    assert np.all(np.abs(gradient) > 1e-2)


@pytest.mark.slow
def test_compiled_and_batched(evaluate, pole):
    points = [random_coefficients(seed) for seed in range(2)]
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *points)
    batch = jax.jit(jax.vmap(predictions, in_axes=(None, 0)))(pole, stacked)
    for i, point in enumerate(points):
        for name, value in evaluate(pole, point).items():
            assert float(batch[name][i]) == pytest.approx(float(value), rel=1e-12)
    for name, value in predictions(pole, points[0]).items():
        assert float(batch[name][0]) == pytest.approx(float(value), rel=1e-12)


def test_scheme():
    """s2 (1 - s2) = pi alpha v^2/m_Z^2."""
    scheme = Scheme.of(jnp.asarray(1 / 127.95), jnp.asarray(1.1663787e-5), jnp.asarray(91.1876))
    assert float(scheme.s2 * (1 - scheme.s2)) == pytest.approx(
        np.pi / 127.95 / np.sqrt(2) / 1.1663787e-5 / 91.1876**2, rel=1e-12
    )
    assert float(scheme.v2) == pytest.approx(60623, rel=1e-4)
