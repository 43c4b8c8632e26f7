"""degiorgi2022 against the numbers it prints, with its polynomials and with those of flavio and wilson."""

import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft.leptons import leptons_from_lagrangian
from dineutrino.inputs import SB, load_inputs, normalisation
from dineutrino.models import load_model
from dineutrino.reproduce import degiorgi2022, figures
from dineutrino.reproduce.degiorgi2022 import KAPPAS, PRINTED, SIGNS, curve, numbers, polynomial, shifts_of_kappa

pytestmark = pytest.mark.slow

C9 = 28 + np.array([-18.0, -9.0, 0.0, 9.0, 18.0])
"""Of the paper, rounded, in half standard deviations of the 95% interval."""


@pytest.fixture(scope="module")
def rows():
    return {(row.where, row.what): row for row in numbers().rows}


def of_paper(kappa, c, sign):
    """Eqs. (A.1) to (A.3) as they are printed."""
    x, tau, muon = -2 * sign * (kappa + 1) * c, -sign * (kappa - 1) * c, (kappa - 1) / (kappa + 1) * -0.36
    taus = [1 + float(p["x^2"]) * x**2 + float(p["x"]) * x for p in PRINTED]
    return *taus, 1 - 0.1 * (tau + muon) + 8.1e-3 * (tau**2 + muon**2)


@pytest.mark.parametrize("name", list(KAPPAS))
@pytest.mark.parametrize("convention", list(SIGNS))
def test_curves_are_those_of_the_polynomials_of_the_paper(name, convention):
    """At its C9; near its minimum R_tautau is a difference of large numbers."""
    kappa, sign = KAPPAS[name], -SIGNS[convention]
    current = C9 / abs(shifts_of_kappa(0.0, 1.0).C9)
    found = curve(kappa, current, SIGNS[convention])
    expected = of_paper(kappa, C9, sign)
    for ours, its in zip((*found.taus, found.neutrinos[0]), expected, strict=True):
        assert ours == approx(its, rel=0.045, abs=0.12)
    assert found.neutrinos[0] == approx(found.neutrinos[1], rel=1e-12)


@pytest.mark.parametrize(("name", "central", "lowest", "of_nature"), [
    ("U1", (159.5, 188.8, 1.0), (15.0, 18.2, 1.0), (213.8, 247.2, 1.0)),
    ("VB", (33.9, 40.6, 4.52), (2.1, 2.7, 0.78), (61.0, 69.9, 10.1)),
    ("S3", (689, 811, 32.0), (76.4, 90.8, 6.26), (798, 928, 20.8)),
    ("U3", (214, 247, 91.5), (34.4, 39.1, 10.0), (160, 189, 114)),
    ("X+1/2", (85.1, 101, 1.18), (7.1, 8.7, 0.69), (126, 145, 3.98)),
    ("X-1/2", (5.8, 7.3, 11.0), (0.1, 0.1, 1.22), (19.4, 21.9, 19.4)),
    ("X3/2", (257, 304, 3.99), (25.9, 31.2, 1.71), (325, 377, 1.19)),
])  # fmt: skip
def test_models(name, central, lowest, of_nature):
    """R_tautau of K and K*, R_nunu at C9 = 28 and 10, from an independent computation."""
    for convention, c, expected in (
        ("as printed", 28.0, central), ("as printed", 10.0, lowest), ("of nature", 28.0, of_nature),
    ):  # fmt: skip
        current = np.array([c / abs(shifts_of_kappa(0.0, 1.0).C9)])
        found = curve(KAPPAS[name], current, SIGNS[convention])
        assert [float(x[0]) for x in (*found.taus, found.neutrinos[0])] == approx(expected, rel=0.045, abs=0.12)


@pytest.mark.parametrize("hadron", [0, 1])
def test_polynomials(hadron):
    """Three per cent on each coefficient, and the polynomial is the rate."""
    found = polynomial(hadron)
    for term, printed in PRINTED[hadron].items():
        assert found[term] == approx(float(printed), rel=0.045 if term == "xy" else 0.03)
    x, y = 1.7, -0.9
    expected = 1 + sum(c * x ** t.count("x") * y ** t.count("y") for t, c in found.items() if "^2" not in t)
    expected += found["x^2"] * x**2 + found["y^2"] * y**2
    point = {"Re C9_bstautau": np.array([(x + y) / 2]), "Re C10_bstautau": np.array([(y - x) / 2])}
    assert degiorgi2022.ratios(point).taus[hadron][0] == approx(expected, rel=1e-10)


def test_equations(rows):
    """As printed, within the last digit; kappa exactly."""
    for (where, what), row in rows.items():
        if where == "table I" and row.paper != "-":
            assert row.ours == approx(float(row.paper), rel=1e-12), what
    assert rows["table I", "kappa of Z'"].ours == "none"
    for where, what, expected, tolerance in [
        ("eq. (4.1)", "C_V - C_A from R(D)", 0.0961, 1e-4), ("eq. (4.1)", "C_V - C_A from R(D*)", 0.0593, 1e-4),
        ("eq. (4.2)", "average", 0.0691, 1e-4), ("eq. (4.2)", "its error", 0.0222, 1e-4),
        ("eq. (4.3)", "C_lq3/Lambda^2", -0.0450, 1e-4), ("below (4.3)", "Lambda", 4.72, 0.01),
        ("eq. (4.4)", "C9 = -C10 of taus over kappa + 1", -28.46, 0.06),
        ("eq. (4.5)", "C_L over kappa - 1", -28.46, 0.06),
        ("eq. (4.6)", "lowest R_tautau of U_1 at 95% CL, K or K*, sign as printed", 15.0, 0.3),
        ("eq. (4.6)", "highest R_tautau of U_1 at 95% CL, K or K*, sign as printed", 538.7, 15),
        ("eq. (4.6)", "lowest R_tautau of U_1 at 95% CL, K or K*, sign of nature", 34.4, 0.5),
        ("eq. (4.6)", "highest R_tautau of U_1 at 95% CL, K or K*, sign of nature", 635, 15),
        ("eq. (A.3)", "R_nunu: coefficient of C_L of each neutrino", -0.104, 1e-4),
        ("eq. (A.3)", "R_nunu: coefficient of its square", 8.1e-3, 2e-5),
    ]:  # fmt: skip
        assert rows[where, what].ours == approx(expected, abs=tolerance), what
    running = rows["sec. IV", "R_nunu of U_1 with running"].ours
    assert 1.3 < running < 1.6
    assert all(row.difference for row in rows.values() if row.where == "sec. IV")


@pytest.mark.parametrize(("kappa", "taus", "axial", "neutrinos", "muons"), [
    (0.0, 25.6, -25.8, -29.1, -0.23), (1.0, 50.9, None, -2.0, -0.46),
])  # fmt: skip
def test_running_against_wilson_and_flavio(kappa, taus, axial, neutrinos, muons):
    """lq3 of -0.045 TeV^-2 at 1 TeV, run to 4.8 GeV."""
    inputs = load_inputs("pdg2024")
    values = {"m_Kappa": 1.0, "kappa": kappa, "Re C3_23": -0.045}
    theory = load_model("Kappa", inputs)({name: jnp.asarray(value) for name, value in values.items()}, inputs)
    its, C_L = leptons_from_lagrangian(theory.leptons(SB), inputs), theory.wet.nunu.sb.left / normalisation(inputs)
    assert float(its.C9[2, 2].real) == approx(taus, rel=0.01)
    assert axial is None or float(its.C10[2, 2].real) == approx(axial, rel=0.01)
    assert float(C_L[2, 2].real) == approx(neutrinos, rel=0.01, abs=0.06)
    assert float(its.C9[1, 1].real) == approx(muons, abs=0.005)


def test_figure():
    """Four panels; with the sign as printed U1 keeps R_nunu, and the curves of S3 and U3 are excluded."""
    drawn = figures("degiorgi2022", 1, fast=True)[1]()
    assert [p.title for p in drawn.panels] == [
        "K, sign as printed", "K*, sign as printed", "K, sign of nature", "K*, sign of nature",
    ]  # fmt: skip
    for panel, limit in zip(drawn.panels, (3.9, 2.7, 3.9, 2.7), strict=True):
        curves = {c.label: c for c in panel.curves}
        assert curves["excluded, 90% CL"].lower.tolist() == [limit, limit]
        assert np.abs(curves["U1"].y - 1).max() < 1e-12
        assert curves["S3"].y.min() > limit
        assert curves["U3"].y.min() > limit
    assert (curves["Belle II, 50/ab"].lower[0], curves["Belle II, 50/ab"].upper[0]) == approx((0.66, 1.34))
