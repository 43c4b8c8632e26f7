"""Tails of pp -> tau tau: the table of the package against its kernels, published yields and limits, traces."""

from pathlib import Path

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from published_files import published_folder
from typer.testing import CliRunner

from dineutrino.analysis.load import parse_analysis
from dineutrino.cli import app
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import ckm_matrix, load_inputs
from dineutrino.measurements import load_measurements
from dineutrino.models.mediators import S1, R2t
from dineutrino.models.mediators.model import Mediators
from dineutrino.models.smeft import SMEFT
from dineutrino.models.smeft_point import smeft_point
from dineutrino.observables import get, names
from dineutrino.observables.ditau import partons
from dineutrino.observables.ditau.yields import NAMES, Tails, packaged
from dineutrino.running.warsaw_classes import Warsaw
from dineutrino.theory import Theory, Wet

TEV2 = 1e-6
# marzocca2024, appendix on high energies: yields for C in TeV^-2, of b quarks and, in interference, up quarks
LQ1_LINEAR = [0.035, 4.092, 25.11, 22.42, 14.31, 9.203, 6.021, 7.007, 3.464, 1.811, 0.976, 0.548, 0.411, 0.396]
LQ_QUADRATIC = [0.0206, 2.279, 18.66, 22.65, 18.46, 14.70, 12.43, 19.24, 13.06, 8.135, 5.657, 3.722, 3.056, 5.280]
LD_LINEAR = [0.057, 0.985, 5.366, 4.866, 3.063, 1.920, 1.354, 1.463, 0.773, 0.420, 0.208, 0.114, 0.092, 0.092]
LD_QUADRATIC = [0.0077, 2.499, 18.56, 22.36, 18.57, 15.72, 12.76, 18.42, 12.67, 8.173, 5.618, 3.671, 3.158, 5.228]


@pytest.fixture(scope="module")
def tails():
    return Tails.of(load_inputs())


@pytest.fixture(scope="module")
def events():
    return jax.jit(Tails.events)


def third_family(**coefficients):
    """Entries 3333 of classes of vectors, TeV^-2."""
    return of_taus({(name, 2, 2): value for name, value in coefficients.items()})


def of_taus(coefficients):
    """(class, quark, quark) -> TeV^-2."""
    vectors = Warsaw.zero().vectors
    for (name, i, j), value in coefficients.items():
        place = (i, j, 2, 2) if name == "qe" else (2, 2, i, j)
        array = getattr(vectors, name).at[place].set(TEV2 * value)
        vectors = eqx.tree_at(lambda v, name=name: getattr(v, name), vectors, array)
    return eqx.tree_at(lambda c: c.vectors, Warsaw.zero(), vectors)


def linear_and_quadratic(events, tails, c):
    plus, minus = (events(tails, jax.tree.map(lambda x, sign=sign: sign * x, c)) for sign in (1, -1))
    return (plus - minus) / 2, (plus + minus) / 2


@pytest.mark.slow
def test_the_table_follows_from_kernels_and_luminosities():
    found = {f"{cut:g}": partons.table(published_folder("atlas_ditau_2002_12223"), cut) for cut in partons.CUTS}
    theirs, structure = jax.tree.flatten({f"{cut:g}": packaged(f"{cut:g}") for cut in partons.CUTS})
    ours, same = jax.tree.flatten(found)
    assert same == structure
    np.testing.assert_allclose(theirs, ours, rtol=1e-7)
    assert len(ours) > 1500


def test_published_yields(events, tails):
    linear, _ = linear_and_quadratic(events, tails, third_family(lq1=1.0))
    _, quadratic = linear_and_quadratic(events, tails, third_family(lq1=0.5, lq3=0.5))
    np.testing.assert_allclose(linear, LQ1_LINEAR, rtol=1e-3, atol=6e-4)
    np.testing.assert_allclose(quadratic, LQ_QUADRATIC, rtol=1e-3, atol=6e-5)
    linear, quadratic = linear_and_quadratic(events, tails, third_family(ld=1.0))
    np.testing.assert_allclose(linear, LD_LINEAR, rtol=1e-3, atol=6e-4)
    np.testing.assert_allclose(quadratic, LD_QUADRATIC, rtol=1e-3, atol=6e-5)


@pytest.mark.parametrize(
    ("pair", "last"), [((1, 2), [21.2, 18.3, 34.1]), ((0, 2), [95, 91, 207]), ((0, 1), [264, 244, 566])]
)
def test_published_yields_of_flavour_changing_currents(events, tails, pair, last):
    i, j = pair
    found = events(tails, of_taus({("ld", i, j): 1.0, ("ld", j, i): 1.0}))
    np.testing.assert_allclose(found[-3:], last, rtol=1e-3, atol=0.5)


def test_published_limits(events, tails):
    """At 95%, Delta chi2 = 3.841 from the minimum, with and without the cut in the partonic energy."""
    (measurement,) = load_measurements("ditau")
    term = measurement.term
    assert float(-2 * term.log_prob(jnp.zeros(14), jnp.zeros(14))) == pytest.approx(9.654, abs=1e-3)
    published = {
        ("last bin", "lq"): (-0.80, 0.54), ("none", "lq"): (-0.69, 0.49),
        ("last bin", "ld"): (-0.71, 0.65), ("none", "ld"): (-0.63, 0.58),
    }  # fmt: skip
    grid = np.linspace(-1.2, 1.2, 4801)
    for (cut, which), limits in published.items():
        kernel = Tails.of(load_inputs(choices={"ditau_cut": cut}))
        c = third_family(ld=1.0) if which == "ld" else third_family(lq1=0.5, lq3=0.5)
        linear, quadratic = linear_and_quadratic(events, kernel, c)
        chi2 = jax.vmap(lambda x, a=linear, b=quadratic: -2 * term.log_prob(a * x + b * x**2, a))(grid)
        inside = grid[np.asarray(chi2) < float(chi2.min()) + 3.841]
        assert (inside[0], inside[-1]) == pytest.approx(limits, abs=0.012), (cut, which)


def test_projected_limits(events, tails):
    """At 95% with 3/ab, where nothing new is seen: 1.6 times tighter than today."""
    (measurement,) = load_measurements("hllhc_ditau")
    linear, quadratic = linear_and_quadratic(events, tails, third_family(ld=1.0))
    grid = np.linspace(-1.2, 1.2, 4801)
    log_prob = jax.vmap(lambda x: measurement.term.log_prob(linear * x + quadratic * x**2, linear))(grid)
    inside = grid[np.asarray(-2 * log_prob) < 3.841]
    assert (inside[0], inside[-1]) == pytest.approx((-0.45, 0.41), abs=6e-3)
    assert (0.71 + 0.65) / (inside[-1] - inside[0]) == pytest.approx(1.6, abs=0.03)


LIGHT = """\
model: {%s}
parameters: {%s}
measurements: [ditau]
nuisances: none
%s
"""


@pytest.mark.parametrize(("model", "parameters", "besides", "mass"), [
    ("R2t: {mass: 1.4}", "Re y2Lt_33: {min: 0, max: 2}", "", "1.4"),
    ("S1: {}", "m_S1: {min: 1.2, max: 3}, Re y1L_33: {min: 0, max: 2}", "", "1.2"),
    ("Mediators: {}", "m_R2t: {min: 1, max: 3}, Re y2Lt_33: {min: 0, max: 2}", "", "1"),
    ("R2t: {mass: 2}", "Re y2Lt_33: {min: 0, max: 2}", "choices: {ditau_cut: none}", "2"),
])  # fmt: skip
def test_light_fields_are_refused(model, parameters, besides, mass):
    """One sentence with the observable, the energy and the mass; a field that makes no pair of leptons may be light."""
    text = LIGHT % (model, parameters, besides)
    end, field = "13" if besides else "1.5", "S1" if "y1L" in parameters else "R2t"
    with pytest.raises(DineutrinoError) as refused:
        parse_analysis(text, "file", Path())
    (sentence,) = str(refused.value).splitlines()
    assert f"as a contact interaction, at energies of up to {end} TeV" in sentence
    assert f"its mass must not be {mass} TeV, but above, or 'tails: {{leptoquark: {field}}}' say that" in sentence


def test_heavy_fields_and_other_observables_are_not_refused():
    for model, measured in (
        ("R2t: {mass: 1.6}", "ditau"), ("R2t: {mass: 1}", "belle2_2023_BpKnunu_combination"),
        ("VLQ_D: {mass: 1}", "ditau"),
    ):  # fmt: skip
        parameter = "Re lambda_D_3" if "VLQ" in model else "Re y2Lt_33"
        text = LIGHT % (model, f"{parameter}: {{min: 0, max: 2}}", "")
        assert parse_analysis(text.replace("[ditau]", f"[{measured}]"), "file", Path()).measurements


def test_light_fields_are_refused_in_predictions():
    """Of an analysis, and by the command."""
    text = LIGHT % ("R2t: {mass: 1}", "Re y2Lt_33: {min: 0, max: 2}", "predictions: [N_tautau_500_600]")
    with pytest.raises(DineutrinoError, match=r"predictions.*N_tautau_500_600 knows R2t as a contact interaction"):
        parse_analysis(text.replace("[ditau]", "[belle2_2023_BpKnunu_combination]"), "file", Path())
    settings = ["--model", "R2t", "--set", "m_R2t=1.2", "--set", "y2Lt_33=1"]
    result = CliRunner().invoke(app, ["predict", "N_tautau_500_600", *settings])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "its mass must not be 1.2 TeV, but above, or" in result.stderr


def test_strengths_of_scalars_and_tensors():
    """Squares of currents by explicit Dirac matrices, summed over spins and integrated over angles."""
    sigma = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    one, none = np.eye(2), np.zeros((2, 2))
    gamma = [np.block([[none, one], [one, none]])] + [np.block([[none, s], [-s, none]]) for s in sigma]
    lower = [gamma[0], *(-g for g in gamma[1:])]
    left = np.diag([1, 1, 0, 0])
    right = np.eye(4) - left

    def slash(p):
        return sum(p[m] * lower[m] for m in range(4))

    def spins_of(m, n):
        return 1j / 2 * (gamma[m] @ gamma[n] - gamma[n] @ gamma[m]), 1j / 2 * (
            lower[m] @ lower[n] - lower[n] @ lower[m]
        )

    operators = {
        "V": [(gamma[m] @ left, lower[m] @ left) for m in range(4)],
        "S": [(right, right)],
        "T": [(up @ right, down @ right) for m in range(4) for n in range(4) for up, down in [spins_of(m, n)]],
    }

    def squared(kind, cosine):
        """Summed over spins, for p1 + p2 -> k1 + k2 of energy 1."""
        sine = np.sqrt(1 - cosine**2)
        p1, p2 = np.array([1, 0, 0, 1]) / 2, np.array([1, 0, 0, -1]) / 2
        k1, k2 = np.array([1, sine, 0, cosine]) / 2, np.array([1, -sine, 0, -cosine]) / 2
        total = 0
        for quark_a, lepton_a in operators[kind]:
            for quark_b, lepton_b in operators[kind]:
                quarks = np.trace(slash(p2) @ quark_a @ slash(p1) @ gamma[0] @ quark_b.conj().T @ gamma[0])
                leptons = np.trace(slash(k1) @ lepton_a @ slash(k2) @ gamma[0] @ lepton_b.conj().T @ gamma[0])
                total += quarks * leptons
        return total.real

    node, weight = np.polynomial.legendre.leggauss(4)
    rates = {kind: sum(w * squared(kind, x) for x, w in zip(node, weight, strict=True)) for kind in operators}
    assert rates["S"] / rates["V"] == pytest.approx(partons.STRENGTH["S"])
    assert rates["T"] / rates["V"] == pytest.approx(partons.STRENGTH["T"])
    # sigma = int dcos |M|^2/(12 x 32 pi s): 1/(144 pi) of vectors
    assert rates["V"] / (12 * 32) == pytest.approx(1 / 144)


def test_scalars_of_all_flavours(events, tails):
    """ledq_3333 of b quarks makes twice 3/4 of what a vector makes, but for acceptance; up quarks come with CKM."""
    ledq = eqx.tree_at(lambda c: c.chiral.ledq, Warsaw.zero(), jnp.zeros((3,) * 4, complex).at[2, 2, 2, 2].set(TEV2))
    _, vector = linear_and_quadratic(events, tails, third_family(lq1=0.5, lq3=0.5))
    ratio = events(tails, ledq)[2:] / vector[2:]
    assert np.all((ratio > 1.2) & (ratio < 2.2))
    tops = eqx.tree_at(lambda c: c.chiral.lequ1, Warsaw.zero(), jnp.zeros((3,) * 4, complex).at[2, 2, 2, 2].set(TEV2))
    np.testing.assert_allclose(events(tails, tops), 0)
    V = ckm_matrix(load_inputs())
    charm = eqx.tree_at(lambda c: c.chiral.lequ1, Warsaw.zero(), jnp.zeros((3,) * 4, complex).at[2, 2, 2, 1].set(TEV2))
    expected = jnp.abs(V[1, 2]) ** 2 * 2 * tails.yields.up.scalar[1, 1] + jnp.abs(V[0, 2]) ** 2 * (
        tails.yields.up.scalar[0, 1] + tails.yields.up.scalar[1, 0]
    )
    np.testing.assert_allclose(events(tails, charm), expected, rtol=1e-12)


def test_interference_is_linear_in_the_real_part(events, tails):
    real, imaginary = (linear_and_quadratic(events, tails, of_taus({("ed", 1, 1): x})) for x in (1.0, 1j))
    assert np.all(np.abs(real[0][2:]) > 1)
    np.testing.assert_allclose(imaginary[0], 0, atol=1e-12)
    np.testing.assert_allclose(imaginary[1], real[1], rtol=1e-12)


@pytest.mark.slow
def test_in_smeft_and_its_derivatives():
    """Coefficients are read where they are given; jit = eager, vmap = loop, gradients by finite differences."""
    inputs = load_inputs()
    model, observable = SMEFT(inputs, scale=2.0), get(NAMES[-1])
    kernel = observable.prepare(inputs)

    def value(x):
        coefficients = dict(zip(("Re lq1_3333", "Im ld_3323", "Re lequ1_3332"), x, strict=True))
        theory = Theory(inputs, Wet.b_to_s(), model.smeft(coefficients, inputs))
        return observable.value(kernel, theory)

    points = jnp.array([[0.3, -0.4, 0.2], [0.0, 0.0, 0.0], [-0.1, 0.7, 0.5]])
    each = jnp.stack([value(x) for x in points])
    np.testing.assert_allclose(jax.jit(jax.vmap(value))(points), each, rtol=1e-12)
    assert each[1] == 0
    slopes, h = jax.jit(jax.grad(value))(points[0]), 1e-5
    for i, slope in enumerate(slopes):
        step = jnp.zeros(3).at[i].set(h)
        assert float(slope) == pytest.approx(
            float(value(points[0] + step) - value(points[0] - step)) / (2 * h), rel=1e-8
        )
    flavours = of_taus({("ld", 2, 1): -0.4j, ("ld", 1, 2): 0.4j, ("lq1", 2, 2): 0.3})
    charm = jnp.zeros((3,) * 4, complex).at[2, 2, 2, 1].set(0.2 * TEV2)
    c = eqx.tree_at(lambda c: c.chiral.lequ1, flavours, charm)
    assert float(each[0]) == pytest.approx(float(Tails.of(inputs).events(c)[-1]), rel=1e-12)


def test_nothing_below_m_w_makes_tails(tails):
    inputs = load_inputs()
    np.testing.assert_array_equal(jnp.stack(list(tails.values(Theory(inputs, Wet.b_to_s())).values())), 0)


def test_names():
    assert set(NAMES) <= set(names())


@pytest.mark.slow
def test_what_leptoquarks_leave_in_tails():
    """S1 makes pairs of up quarks, which the CKM matrix suppresses; R2t makes the C_ld of its coupling."""
    inputs = load_inputs()
    of_charm = mediator_events(inputs, S1, {"Re y1L_33": 1.0, "m_S1": 2.0})
    of_beauty = mediator_events(inputs, R2t, {"Re y2Lt_33": 1.0, "m_R2t": 2.0})
    expected = Tails.of(inputs).events(third_family(ld=-1 / 8))
    np.testing.assert_allclose(of_beauty, expected, rtol=1e-12)
    assert np.all(np.abs(of_charm) < 0.1 * np.abs(of_beauty).max())


def mediator_events(inputs, field, values):
    model = Mediators(inputs, [field], field.name)
    return Tails.of(inputs).events(model.smeft(jax.tree.map(jnp.asarray, values), inputs).at_mu_uv)


@pytest.mark.slow
@pytest.mark.parametrize("coefficients", [{"ld_3333": 0.3}, {"ld_3333": 0.3, "ledq_3333": 0.2}])
def test_one_point_has_one_value(coefficients):
    """Given at 5 TeV at the command or as a model, coefficients are read there, not after their running."""
    inputs = load_inputs()
    kernel = Tails.of(inputs)
    beyond = smeft_point({name: TEV2 * value for name, value in coefficients.items()}, 5000.0, inputs)
    model = SMEFT(inputs, scale=5.0).smeft(
        {f"Re {name}": jnp.asarray(value) for name, value in coefficients.items()}, inputs
    )
    np.testing.assert_allclose(kernel.events(beyond.smeft.at_mu_uv), kernel.events(model.at_mu_uv), rtol=1e-12)
