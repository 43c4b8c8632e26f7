"""Where the couplings of heavy fields come from: ansätze with a few parameters, against the matrices of the papers."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from typer.testing import CliRunner

from dineutrino.analysis import load_analysis
from dineutrino.cli import app
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.inputs.ckm import ckm_matrix
from dineutrino.models import load_model
from dineutrino.models.mediators import FLAVOURS, MEDIATORS, S1, FlavourFunction, RealParameter
from dineutrino.models.mediators.model import Mediators
from dineutrino.models.mediators.rank_one import direction, leptoquark

D, S, B = range(3)
THIRD = np.diag([0, 0, 1.0])
ANGLES = {"theta": 0.3, "phi": 1.1, "alpha_db": 0.4, "alpha_sb": -0.2}


def point(values):
    return {name: jnp.asarray(value) for name, value in values.items()}


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


def filled(flavour, field, values, inputs):
    return FLAVOURS[flavour].couplings(MEDIATORS[field], point(values), inputs)


TABLE_2 = {
    "S1": ("y1L", "minus", 1 / 2, 2), "S3": ("y3L", "minus", 1 / 2, 2), "R2t": ("y2Lt", "right", -1 / 2, 2),
    "V2": ("x2L", "right", 1, 1), "U3": ("x3L", "minus", -2, 1), "U1": ("x1L", "minus", 0, 1),
}  # fmt: skip
"""Field -> its coupling of neutrinos, where its coefficient is, that of |lambda|^2/m^2, how often it occurs."""


@pytest.mark.parametrize("field", list(TABLE_2))
def test_rank_one_leptoquarks(field, inputs):
    """arXiv:2404.06533, table 2: C n_i n_j^* of tau neutrinos alone, never n_i^* n_j."""
    name, where, number, _ = TABLE_2[field]
    mass, strength = 2.0, 0.7
    c = filled("rank_one", field, {name: strength} | ANGLES, inputs).match(jnp.asarray(mass)).vectors
    n = np.asarray(direction(**ANGLES))
    expected = np.zeros((3, 3, 3, 3), complex)
    expected[2, 2] = number * strength**2 / mass**2 * np.outer(n, n.conj())
    found = c.ld if where == "right" else c.lq1 - c.lq3
    assert np.asarray(found) == approx(expected, abs=1e-16)


@pytest.mark.parametrize(("field", "quarks", "leptons", "where", "number"), [
    ("ZprimeL", "gLq", "gLl", "lq1", -1), ("ZprimeR", "gRd", "gRl", "ld", -1), ("Vprime", "g3q", "g3l", "lq3", -1 / 4),
])  # fmt: skip
@pytest.mark.parametrize("universal", [False, True])
def test_rank_one_currents(field, quarks, leptons, where, number, universal, inputs):
    """Eqs. (14) and (20), for tau leptons alone and for all leptons alike."""
    flavour = "rank_one_universal" if universal else "rank_one"
    heavy = filled(flavour, field, {quarks: 0.06, leptons: 1.6} | ANGLES, inputs)
    n = np.asarray(direction(**ANGLES))
    families = np.eye(3) if universal else THIRD
    expected = number * 0.06 * 1.6 / 0.81 * np.einsum("ab,i,j->abij", families, n, n.conj())
    assert np.asarray(getattr(heavy.match(jnp.asarray(0.9)).vectors, where)) == approx(expected, abs=1e-16)


@pytest.mark.parametrize(("field", "name", "where", "number"), [
    ("VLQ_D", "lambda_D", "Hq1", -1 / 4), ("VLQ_T2", "lambda_T2", "Hq3", 1 / 16), ("VLQ_Q5", "lambda_Q5", "Hd", -1 / 2)
])  # fmt: skip
def test_rank_one_vector_like_quarks(field, name, where, number, inputs):
    c = filled("rank_one", field, {name: 0.5} | ANGLES, inputs).match(jnp.asarray(1.5)).vectors
    n = np.asarray(direction(**ANGLES))
    assert np.asarray(getattr(c, where)) == approx(number * 0.25 / 2.25 * np.outer(n, n.conj()), abs=1e-16)


def test_third_family(inputs):
    """Eq. (9), with the CKM matrix of the point: |L_ds/L_sb| = |n_d/n_b| of the meshed region, 0.0017 to 0.0428."""
    V = np.abs(np.asarray(ckm_matrix(inputs)))[2]
    for a, end in ((0.2, 0.0017), (5.0, 0.0428)):
        values = {"gLq": 0.3, "gLl": 1.0, "a_bd": a, "a_bs": 1.5, "alpha_db": 0.7}
        heavy = filled("third_family", "ZprimeL", values, inputs)
        n = np.array([a * V[D] * np.exp(0.7j), 1.5 * V[S], 1.0])
        expected = 0.3 * np.outer(n, n.conj()) / np.vdot(n, n).real
        assert np.asarray(heavy.gLq) == approx(expected, abs=1e-15)
        assert abs(heavy.gLq[D, S] / heavy.gLq[S, B]) == approx(end, rel=0.03)
        moved = filled("third_family", "ZprimeL", values, inputs.replace({"ckm_A": 0.9}))
        assert abs(moved.gLq[D, B] / moved.gLq[B, B]) == approx(
            n[D].real / np.cos(0.7) * 0.9 / inputs["ckm_A"], rel=2e-3
        )


def test_minimal_flavour_violation(inputs):
    """Quarks turn by V_ti^* V_tj, and not at all if they are right-handed."""
    V = np.asarray(ckm_matrix(inputs))
    values = {"g1q": 0.2, "g1q_Y": 0.5, "g1d": 0.1, "g1d_Y": 0.3, "g1u_Y": 0.4, "g1l": 0.6, "g1e_Y": 0.7}
    heavy = filled("minimal_flavour_violation", "Zprime", values, inputs)
    top = np.outer(V[2].conj(), V[2])
    assert np.asarray(heavy.g1q) == approx(0.2 * np.eye(3) + 0.5 * top, abs=1e-16)
    assert np.asarray(V @ heavy.g1q @ V.conj().T) == approx(0.2 * np.eye(3) + 0.5 * THIRD, abs=1e-12)  # of u_L
    for found, expected in [
        (heavy.g1d, 0.1 * np.eye(3) + 0.3 * THIRD), (heavy.g1u, 0.4 * THIRD), (heavy.g1l, 0.6 * np.eye(3)),
        (heavy.g1e, 0.7 * THIRD),
    ]:  # fmt: skip
        assert np.asarray(found) == approx(expected + 0j, abs=1e-16)


def test_u2(inputs):
    """A leptoquark couples to the product of two spurions; the quark that is barred has V_ti^*, the other V_ti."""
    V = np.asarray(ckm_matrix(inputs))[2]
    values = {"a_q": 1.3, "alpha_q": 0.4, "s_l": 0.1}
    quarks = np.append(1.3 * np.exp(0.4j) * V[:2].conj() * V[2], 1.0)
    u1 = filled("U2", "U1", values | {"x1L": 0.8, "x1R": 0.3}, inputs)
    assert np.asarray(u1.x1L) == approx(0.8 * np.outer(quarks, [0, 0.1, 1]), abs=1e-16)
    assert np.asarray(u1.x1R) == approx(0.3 * THIRD + 0j, abs=1e-16)
    s1 = filled("U2", "S1", values | {"y1L": 0.8}, inputs)
    assert np.asarray(s1.y1L) == approx(0.8 * np.outer(quarks, [0, 0.1, 1]).conj(), abs=1e-16)
    zprime = filled("U2", "ZprimeL", values | {"gLq": 0.2, "gLq_light": 0.05}, inputs)
    expected = 0.2 * np.outer(quarks, quarks.conj()) + 0.05 * np.diag([1, 1, 0])
    assert np.asarray(zprime.gLq) == approx(expected, abs=1e-16)


@pytest.mark.parametrize(("field", "coupling", "kappa"), [
    ("Vprime", {"Re g3q_23": 0.3, "Re g3l_33": 0.5}, 0), ("U1", {"Re x1L_23": 0.3, "Re x1L_33": 0.5}, 1),
    ("U3", {"Re x3L_23": 0.3, "Re x3L_33": 0.5}, -3), ("S3", {"Re y3L_23": 0.3, "Re y3L_33": 0.5}, 3),
    ("S1", {"Re y1L_23": 0.3, "Re y1L_33": 0.5}, -1),
])  # fmt: skip
def test_kappa(field, coupling, kappa, inputs):
    """degiorgi2022, table I: the fields behind kappa, and its two coefficients of them."""
    c = MEDIATORS[field].read(point(coupling)).match(jnp.asarray(2.0)).vectors
    C3 = float(c.lq3[2, 2, S, B].real) * 4
    found = MEDIATORS["Kappa"].read(point({"kappa": float(kappa), "Re C3_23": C3})).match(jnp.asarray(2.0)).vectors
    assert complex(found.lq1[2, 2, S, B]) == approx(complex(c.lq1[2, 2, S, B]), rel=1e-14)
    assert complex(found.lq3[2, 2, S, B]) == approx(complex(c.lq3[2, 2, S, B]), rel=1e-14)
    assert complex(found.lq3[2, 2, B, S]) == approx(complex(c.lq3[2, 2, B, S]), rel=1e-14)


FIELDS = {
    "rank_one": ("U1", {"x1L": 0.7, "x1R": 0.2} | ANGLES),
    "third_family": ("S1", {"y1L": 0.7, "a_bd": 1.2, "a_bs": 0.8}),
    "minimal_flavour_violation": ("ZprimeL", {"gLq": 0.3, "gLq_Y": 0.4, "gLl": 0.5}),
    "U2": ("R2t", {"y2Lt": 0.7, "a_q": 1.1, "alpha_q": 0.3, "s_l": 0.2}),
}  # fmt: skip


@pytest.mark.parametrize("flavour", list(FIELDS))
def test_gradients_and_transformations(flavour, inputs):
    """By all parameters, and by the CKM matrix through A."""
    field, values = FIELDS[flavour]

    def arrays(vector):
        there = inputs.replace({"ckm_A": vector[-1]})
        heavy = FLAVOURS[flavour].couplings(MEDIATORS[field], dict(zip(values, vector, strict=False)), there)
        stacked = jnp.stack(jax.tree.leaves(heavy))
        return jnp.stack([stacked.real, stacked.imag])

    at = jnp.asarray([*values.values(), 0.83])
    compiled, slope = jax.jit(arrays), jax.jit(jax.jacfwd(arrays))
    assert compiled(at) == approx(arrays(at), abs=1e-15)
    slopes = np.asarray(slope(at))
    for i, h in enumerate(1e-6 * np.eye(len(at))):
        assert slopes[..., i] == approx((compiled(at + h) - compiled(at - h)) / 2e-6, abs=1e-9)
    assert bool(np.any(slopes[..., -1])) == (flavour != "rank_one" and field != "R2t")
    zero = slope(jnp.zeros_like(at).at[-1].set(0.83))
    assert np.all(np.isfinite(zero))
    assert jax.jit(jax.vmap(arrays))(jnp.stack([at, 0.5 * at])) == approx(
        jnp.stack([compiled(at), compiled(0.5 * at)]), abs=1e-15
    )


def test_parameters_of_models(inputs):
    """Each with what it is, its unit and its bounds; what several fields share comes once."""
    model = load_model("S1", inputs, {"flavour": "rank_one"})
    own = model.own_parameters()
    assert list(own) == ["m_S1", "theta", "phi", "alpha_db", "alpha_sb", "y1L"]
    assert own["theta"] == "angle to the third family, rad"
    assert model.tex("theta") == r"\theta\;[\mathrm{rad}]"
    assert model.limits()["phi"] == (0.0, 6.2832)
    assert model.limits()["alpha_db"] == (-1.5708, 1.5708)
    model.check_range("theta", 0.0, np.pi / 2)
    with pytest.raises(DineutrinoError, match=r"'theta' of S1, angle to the third family, rad, must stay in \[0, 1.57"):
        model.check_range("theta", 2.0, 2.0)
    several = load_model("Mediators", inputs, {"flavour": "rank_one"})
    assert {"theta", "y1L", "x2L", "gLq", "m_V2"} <= set(several.own_parameters())
    several.check(["theta", "phi", "m_S1", "y1L"])
    with pytest.raises(DineutrinoError, match="Mediators needs a value of 'm_V2'"):
        several.check(["theta", "m_S1", "y1L", "x2L"])


def test_what_does_not_fit_is_refused(inputs):
    with pytest.raises(DineutrinoError, match="S1 has no coupling with the flavour 'minimal_flavour_violation'"):
        load_model("S1", inputs, {"flavour": "minimal_flavour_violation"})
    with pytest.raises(DineutrinoError, match="R2t has no coupling with the flavour 'rank_one_universal'"):
        load_model("R2t", inputs, {"flavour": "rank_one_universal"})
    with pytest.raises(DineutrinoError, match=r"unknown option flavour of S1: 'rank1'.*'rank_one'"):
        load_model("S1", inputs, {"flavour": "rank1"})
    result = CliRunner().invoke(
        app, ["predict", "DeltaM_s", "--model", "{S1: {flavour: rank_one}}", "--set", "m_S1=2", "--set", "Re y1L_33=1"]
    )
    assert result.exit_code == 2
    assert "unknown parameter of S1 'Re y1L_33'; did you mean 'y1L'" in result.stderr


ANALYSIS = """\
model: {S1: {flavour: rank_one, loops: false}}
parameters:
  y1L: {min: 0, max: 3}
  theta: {min: 0, max: 1.5708}
  phi: {min: 0, max: 6.2832}
  m_S1: {min: 1, max: 5}
measurements: belle2_2023_BpKnunu_combination
nuisances: []
"""


def test_analysis_file(tmp_path):
    path = tmp_path / "analysis.yaml"
    path.write_text(ANALYSIS)
    assert [p.tex for p in load_analysis(path).parameters[:2]] == ["y_1^L", r"\theta\;[\mathrm{rad}]"]
    path.write_text(ANALYSIS.replace("1.5708", "2"))
    with pytest.raises(DineutrinoError, match=r"line 4, parameters.theta: 'theta' of S1, .* in \[0, 1.5708\]"):
        load_analysis(path)


def coupled(values, inputs):
    """A function of a user's own."""
    return S1(leptoquark(values["g"], direction(values["t"], np.pi / 2)).conj(), jnp.zeros((3, 3), complex))


@pytest.mark.slow
def test_points_of_models(inputs):
    """With an ansatz, a function of one's own and without: the same point, and the same coefficients at m_Z."""
    n = np.asarray(direction(0.2, np.pi / 2))
    explicit = {"m_S1": 2.0, "Re y1L_33": 0.9 * n[B].real, "Re y1L_23": 0.9 * n[S].real}
    free = load_model("S1", inputs, {"loops": False})(point(explicit), inputs).wet.nunu.sb
    own = {"g": RealParameter("strength", "g"), "t": RealParameter("angle", "t")}
    for model, values in [
        (
            load_model("S1", inputs, {"flavour": "rank_one", "loops": False}),
            {"y1L": 0.9, "theta": 0.2, "phi": np.pi / 2},
        ),
        (Mediators(inputs, [S1], "S1", loops=False, flavour=FlavourFunction(coupled, own)), {"g": 0.9, "t": 0.2}),
    ]:
        found = model(point(values | {"m_S1": 2.0}), inputs).wet.nunu.sb
        assert np.asarray(found.left) == approx(np.asarray(free.left), rel=1e-9, abs=1e-18)
        assert float(jnp.abs(found.left).max()) > 1e-9


def test_kappa_below(inputs):
    """degiorgi2022, eq. (3.2): the shift of C_L is (kappa - 1)/(kappa + 1) of that of C_9 for tau leptons, at m_Z."""
    model = load_model("Kappa", inputs)
    for kappa in (-0.5, 0.5, 1.5):
        c = model.coefficients(MEDIATORS["Kappa"], point({"m_Kappa": 1.0, "kappa": kappa, "Re C3_23": -0.045})).vectors
        up, down = ((c.lq1 - c.lq3)[2, 2, S, B], (c.lq1 + c.lq3)[2, 2, S, B])
        assert float(up.real / down.real) == approx((kappa - 1) / (kappa + 1))
