"""Section II of arXiv:2309.12741: exact regions against random scans, and the numbers of the paper."""

import numpy as np
import pytest
from close import approx

from dineutrino.reproduce import figures
from dineutrino.reproduce.he2024_neutrinos import (
    WINDOWS,
    all_primed,
    all_unprimed,
    conserving,
    eta,
    numbers,
    reach,
    region,
    right_handed,
    violating,
)
from dineutrino.reproduce.quadratic import Quadratic, crescents

C_SM = -6.352


def ratios(a, b):
    """R_K and R_K* of all pairs of neutrinos, a = C_L + C_SM, b = C_R, axes (point, i, j): eq. (10) in compact form."""
    total = 3 * C_SM**2
    kaon = np.sum(np.abs(a + b) ** 2, axis=(1, 2)) / total
    vector = np.sum(np.abs(a) ** 2 + np.abs(b) ** 2 - 2 * eta() * (a * b.conj()).real, axis=(1, 2)) / total
    return kaon, vector


def symmetric(rng, points):
    """Real symmetric matrices, dense at small and at large sizes."""
    c = rng.normal(size=(points, 3, 3)) * rng.uniform(0, 15, (points, 1, 1))
    return (c + c.transpose(0, 2, 1)) / 2


@pytest.mark.slow
def test_regions_hold_every_point_of_a_scan():
    """All coefficients, right-handed neutrinos, right-handed quarks, and those whose diagonal has taus alone."""
    rng, n = np.random.default_rng(4), 20_000
    one = C_SM * np.eye(3)
    left, right = symmetric(rng, n), symmetric(rng, n)
    kaon, vector = ratios(one + left, right)
    assert np.all(vector >= all_unprimed(kaon).lower - 1e-9)
    primed = ratios(left, right)
    kaon, vector = (1 + x for x in primed)
    assert np.all(vector >= all_primed(kaon).lower - 1e-9)
    alone = right * np.array([[0, 1, 1], [1, 0, 1], [1, 1, 1]])
    for neutrinos, c in ((3, right), (1, alone)):
        kaon, vector = ratios(one[None], c)
        edges = right_handed(kaon, neutrinos)
        assert np.all(vector >= edges.lower - 1e-9)
        assert np.all(vector <= edges.upper + 1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("kaon", [0.5, 1.0, 3.6, 7.0])
def test_edges_are_reached(kaon):
    """By C_L and C_R of opposite |a - b|, and by multiples of the unit matrix or taus alone."""
    one = np.eye(3)
    half = C_SM * np.sqrt(kaon) / 2 * one
    assert ratios(half[None], half[None]) == (approx([kaon]), approx(all_unprimed(np.array([kaon])).lower))
    for sign in (1, -1):
        universal = C_SM * (sign * np.sqrt(kaon) - 1) * one
        found = ratios(C_SM * one[None], universal[None])
        edge = right_handed(np.array([kaon]), 3)
        assert found == (approx([kaon]), approx(edge.lower if sign > 0 else edge.upper))
        if 1 + 3 * (kaon - 1) > 0:
            taus = C_SM * (sign * np.sqrt(1 + 3 * (kaon - 1)) - 1) * np.diag([0.0, 0.0, 1.0])
            edge = right_handed(np.array([kaon]), 1)
            assert ratios(C_SM * one[None], taus[None]) == (
                approx([kaon]), approx(edge.lower if sign > 0 else edge.upper)
            )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("off_diagonal", [False, True])
@pytest.mark.parametrize(("window", "limit"), [("Belle II", 2.7), ("Belle II", 1.9), ("average", 2.7)])
def test_pieces_of_planes_against_a_grid(off_diagonal, window, limit):
    """The area of the polygons is that of all points of a grid that pass, by the compact form of the ratios."""
    other, taus = (grid.ravel() for grid in np.meshgrid(np.linspace(-22, 22, 881), np.linspace(-25, 12, 741)))
    b = np.zeros((len(taus), 3, 3))
    b[:, 2, 2] = taus
    if off_diagonal:
        b[:, 1, 2] = b[:, 2, 1] = other
    else:
        b[:, 1, 1] = other
    kaon, vector = ratios(C_SM * np.eye(3)[None], b)
    low, high = WINDOWS[window]
    expected = np.sum((kaon >= low) & (kaon <= high) & (vector <= limit)) * 0.05**2
    area = 0.0
    for outer, inner in region(off_diagonal, window, limit, 1441):
        x, y = np.concatenate([outer, inner[::-1]]).T
        area += abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2
    assert area == approx(expected, rel=0.01)


def test_quadratic_forms():
    """From six values, and where they are small: two circles that overlap, one inside the other, and apart."""
    H, g = np.array([[2.0, 0.3], [0.3, 1.0]]), np.array([0.4, -1.2])
    (form,) = Quadratic.all_of(lambda x: (0.7 + x @ g + np.einsum("ni,ij,nj->n", x, H, x))[:, None])
    x = np.random.default_rng(0).normal(size=(5, 2))
    assert form(x) == approx(0.7 + x @ g + np.einsum("ni,ij,nj->n", x, H, x), abs=1e-13)
    assert form.gradient + 2 * form.hessian @ form.lowest == approx(np.zeros(2), abs=1e-13)
    circle = lambda x: Quadratic(x**2, np.array([-2 * x, 0.0]), np.eye(2))  # noqa: E731
    assert len(crescents(circle(0.0), (1.0, 4.0), circle(0.0), 9.0, 361)) == 1
    assert crescents(circle(0.0), (1.0, 4.0), circle(5.0), 4.0, 361) == []
    ((outer, inner),) = crescents(circle(0.0), (1.0, 4.0), circle(1.5), 1.0, 3601)
    assert np.all(circle(1.5)(outer) <= 1 + 1e-9)
    assert np.all(circle(0.0)(inner) >= 1 - 1e-9)
    two = crescents(circle(0.0), (1.0, 4.0), Quadratic(0.0, np.zeros(2), np.diag([1.0, 100.0])), 3.0, 721)
    assert len(two) == 2


@pytest.mark.slow
def test_numbers():
    rows = {(row.what, row.paper): row.ours for row in numbers().rows}
    named = {what: ours for (what, _), ours in rows.items()}
    for what, expected, tolerance in [
        ("eta", 0.637, 1e-3), ("C_L of the Standard Model", -6.352, 1e-3),
        ("lowest R_K* for R_K > 3.6, right-handed neutrinos", 1.481, 0.02),
        ("lowest R_K* for R_K > 3.6, C_R diagonal in taus", 1.463, 0.012), ("C_R of two taus there", -12.49, 0.01),
        ("R_K* at C_R = -13.2 of two taus", 1.567, 0.012),
        ("R_K = R_K* of S_1 with C9 = -1 of e and mu", 1.109, 1e-3),
        ("R_K = R_K* of V_1 with C9 = -1 of e and mu", 1.486, 1e-3),
        ("R(D)/R(D)_SM of S_0 with R_K = 2.7, sign of the paper", 1.056, 1e-3),
        ("R_K of S_0 with R(D)/R(D)_SM = 1.12, sign of the paper", 14.2, 0.1),
        ("C9/C_L of S_1", 2, 1e-12), ("C9/C_L of V_1", 0.5, 1e-12),
        ("C9'/C_R of S~_1/2", 1, 1e-12), ("C9'/C_R of V_1/2", 1, 1e-12),
        ("largest BR(B+ -> K+ mu- tau+)", 2.5e-6, 5e-8), ("largest BR(B_s -> mu- tau+)", 2.4e-6, 5e-8),
        ("largest BR(B+ -> K+ tau tau)", 2.1e-6, 5e-8), ("largest BR(B_s -> tau tau)", 2.35e-5, 8e-7),
    ]:  # fmt: skip
        assert named[what] == approx(expected, abs=tolerance), what
    assert rows["the same in nature", "1.06"] == approx(1.023, abs=3e-3)  # 2.3% with V_tb V_ts* V_cs/V_cb = -1
    assert rows["the same in nature", "14"] == approx(1 + 23.1 / 0.915**2, rel=0.03)


@pytest.mark.slow
def test_charged_leptons_are_those_of_flavio():
    """With C9' = -C10': at some coefficients of two taus, with the inputs of this paper; per square of the others."""
    c = np.array([0.0, -5.0, -10.0, -13.2, -18.8])
    expected = np.array([[1.587e-7, 7.70e-7], [8.9e-9, 3.73e-6], [3.32e-7, 8.90e-6], [7.87e-7, 1.337e-5],
                         [2.05e-6, 2.34e-5]])  # fmt: skip
    assert conserving(c)[:, 0] == approx(expected[:, 0], rel=0.1, abs=4e-9)
    assert conserving(c)[:, 1] == approx(expected[:, 1], rel=0.1)
    units = (0.0393 / 0.0412) ** 2 * (132.116 / 127.951) ** 2
    assert violating(np.array([1.0]))[0] / units == approx([2.2848e-8, 2.2035e-8], rel=0.03)
    assert violating(np.array([3.0]), 2.0)[0] == approx(36 * violating(np.array([1.0]))[0], rel=1e-10)


@pytest.mark.slow
def test_figures():
    """Blue and red regions: where they begin and end."""
    assert (reach(2.7).off_diagonal, *reach(2.7).taus) == approx((10.5, -18.9, -5.3), abs=0.06)
    assert (reach(1.9).off_diagonal, *reach(1.9).taus) == approx((6.7, -15.2, -9.9), abs=0.06)
    one, two, three = (figures("he2024", i, fast=True)[i]() for i in (1, 2, 3))
    ellipse = next(c for c in one.panels[0].curves if "Standard Model" in c.label).outer
    assert ellipse.mean(axis=0) == approx([1, 1], abs=0.02)
    assert 0.06 < np.ptp(ellipse[:, 0]) / 6 < 0.09  # 7% in the paper
    blue = next(c for c in one.panels[1].curves if "2.7" in c.label)
    assert np.nanmin(blue.lower) == approx(0.7, abs=0.1)
    assert [len(panel.curves) for panel in two.panels] == [10, 2, 4]
    known = next(c for c in three.panels[1].curves if c.label == "Standard Model")
    assert known.x[0] == approx(1.6e-7, rel=0.1)
