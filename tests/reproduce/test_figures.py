"""The numbers in the reproduced figures against independent computations with the inputs of the papers."""

import json
from functools import cache

import numpy as np
import pytest

from dineutrino.errors import DineutrinoError
from dineutrino.reproduce import FROM_DATA, PAPERS, Figure, figures, write
from dineutrino.reproduce.figure import Band, Line, Panel, Ring

pytestmark = pytest.mark.slow


@cache
def figure(paper: str, number: int) -> Figure:
    return figures(paper, number)[number]()


def panel(paper: str, number: int, title: str) -> Panel:
    return next(p for p in figure(paper, number).panels if p.title == title)


def curve(axes: Panel, label: str):
    return next(c for c in axes.curves if label in c.label)


def at(x, line, attribute="y"):
    return np.interp(x, line.x, getattr(line, attribute))


@pytest.mark.parametrize(
    ("q2", "numbers"),
    [
        (5, [2.814, 3.621, 2.814, 3.863, 3.131, 3.496, 3.206]),
        (10, [2.559, 3.293, 2.974, 4.765, 3.884, 3.820, 3.657]),
        (15, [1.983, 2.552, 2.661, 5.362, 4.425, 3.468, 3.378]),
        (20, [0.845, 1.088, 1.351, 4.745, 3.917, 1.697, 1.667]),
    ],
)
def test_spectra_with_sterile_neutrinos(q2, numbers):
    """felkl2023 figure 1, 1e-7 GeV^-2: Standard Model, then vector, scalar, tensor, each for 0 and 1.5 GeV."""
    found = [at(q2, line) * 1e7 for line in figure("felkl2023", 1).panels[0].curves]
    assert found == pytest.approx(numbers, rel=2e-3)


@pytest.mark.parametrize(
    ("operator", "mass", "limits", "average", "belle2"),
    [
        ("QN", 0.0, (0.0159, 0.0412), (0.0183, 0.0303), (0.0291, 0.0432)),
        ("QN", 1.0, (0.0216, 0.0458), (0.0204, 0.0337), (0.0323, 0.0480)),
        ("QN", 1.5, (0.0362, 0.0561), (0.0249, 0.0412), (0.0396, 0.0588)),
        ("QN", 2.0, (0.1698, 0.0967), (0.0428, 0.0709), (0.0680, 0.1010)),
        ("LNQd", 0.0, (0.0188, 0.0211), (0.0094, 0.0155), (0.0149, 0.0221)),
        ("LNQd", 1.5, (0.0251, 0.0258), (0.0114, 0.0189), (0.0181, 0.0270)),
        ("LNQd", 3.0, (0.0738, 0.0521), (0.0231, 0.0382), (0.0367, 0.0545)),
        ("LNQdT", 0.0, (0.0049, 0.0331), (0.0147, 0.0243), (0.0233, 0.0347)),
        ("LNQdT", 1.5, (0.0061, 0.0361), (0.0160, 0.0265), (0.0254, 0.0377)),
        ("LNQdT", 4.0, (0.1114, 0.2639), (0.1162, 0.1923), (0.1845, 0.2740)),
    ],
)
def test_coefficients_of_sterile_neutrinos(operator, mass, limits, average, belle2):
    """felkl2023 figure 2, TeV^-2: limits from B0 -> K*0 and B0 -> K0, and the two bands."""
    axes = panel("felkl2023", 2, operator)
    rounding = {"rel": 1.2e-2, "abs": 6e-5}
    assert at(mass, curve(axes, "K^{*0}")) == pytest.approx(limits[0], **rounding)
    assert at(mass, curve(axes, "limit $B^0\\to K^0$")) == pytest.approx(limits[1], **rounding)
    for label, expected in (("average", average), ("Belle II", belle2)):
        band = curve(axes, label)
        assert [at(mass, band, "lower"), at(mass, band, "upper")] == pytest.approx(expected, **rounding)


def test_conclusions_about_sterile_neutrinos():
    """Tensors and massless vectors are excluded; a vector of 1.5 GeV reaches the average, not Belle II."""
    tensor, vector = panel("felkl2023", 2, "LNQdT"), panel("felkl2023", 2, "QN")
    light = np.linspace(0, 3, 31)
    assert np.all(at(light, curve(tensor, "K^{*0}")) < at(light, curve(tensor, "average"), "lower"))
    assert at(0.0, curve(vector, "K^{*0}")) < at(0.0, curve(vector, "average"), "lower")
    assert at(1.5, curve(vector, "average"), "lower") < at(1.5, curve(vector, "K^{*0}"))
    assert at(1.5, curve(vector, "K^{*0}")) < at(1.5, curve(vector, "Belle II"), "lower")
    scalar = panel("felkl2023", 2, "LNQd")
    everywhere = np.linspace(0, 4, 41)
    assert np.all(at(everywhere, curve(scalar, "average"), "lower") < at(everywhere, curve(scalar, "K^{*0}")))


@pytest.mark.parametrize(
    ("title", "values"),
    [
        ("QN, $m_1=0$ GeV", (6.769e-6, 1.0886e-5, 1.7749e-5)),
        ("QN, $m_1=1.5$ GeV", (6.138e-6, 8.362e-6, 1.2068e-5)),
        ("LNQd, $m_1=0$ GeV", (1.0644e-5, 2.6389e-5, 5.2631e-5)),
        ("LNQd, $m_1=1.5$ GeV", (8.919e-6, 1.9489e-5, 3.7104e-5)),
    ],
)
def test_branching_ratios_against_a_coefficient(title, values):
    """felkl2023 figure 3: B+ -> K+ with C = 0.01, 0.02, 0.03 TeV^-2, the long-distance part included."""
    line = curve(panel("felkl2023", 3, title), "$B^+\\to K^+$")
    assert at([0.01, 0.02, 0.03], line) == pytest.approx(values, rel=5e-3)


def test_branching_ratios_of_all_modes():
    """felkl2023 figure 4: B0 -> K*0 at 0.01 TeV^-2, and B_s -> invisible."""
    scalar, vector = (panel("felkl2023", 4, f"{name}, $m_1=1.5$ GeV") for name in ("LNQd", "QN"))
    assert at(0.01, curve(scalar, "K^{*0}")) == pytest.approx(1.1649e-5, rel=5e-3)
    assert at(0.01, curve(vector, "K^{*0}")) == pytest.approx(1.1026e-5, rel=5e-3)
    assert at(0.01, curve(scalar, "B_s")) == pytest.approx(3.428e-5, rel=5e-3)
    assert at(0.01, curve(vector, "B_s")) == pytest.approx(2.440e-6, rel=5e-3)


def test_two_coefficients():
    """felkl2023 figure 5: the ellipse of B0 -> K*0 from its two half axes; no bound from K0 where QN = -dN."""
    massless = figure("felkl2023", 5).panels[0]
    limit = curve(massless, "K^{*0}")
    sum_, difference = limit.x + limit.y, limit.x - limit.y
    room = 1.8e-5 - 1.0449e-5
    assert 5.3559e-3 * sum_**2 + 2.4608e-2 * difference**2 == pytest.approx(np.full(len(sum_), room * 1e0), rel=6e-3)
    neutral = curve(massless, "limit $B^0\\to K^0$")
    along = np.argmin(np.abs(np.arctan2(neutral.y, neutral.x) + np.pi / 4))
    assert np.hypot(neutral.x[along], neutral.y[along]) > 1
    ring = curve(massless, "average")
    assert isinstance(ring, Ring)
    assert np.all(np.linalg.norm(ring.outer, axis=1) >= np.linalg.norm(ring.inner, axis=1))


@pytest.mark.parametrize(
    ("number", "operator", "mass", "scale"),
    [
        (4, "S", 0.3, 1.881e7),
        (4, "V", 1.0, 4744),
        (5, "S1", 0.7, 8927),
        (5, "T2", 0.7, 6877),
        (6, "S", 0.7, 482.0),
        (6, "T1", 0.7, 320.6),
        (6, "V2", 0.7, 144.0),
        (6, "V4", 0.7, 114.1),
        (6, "V6", 0.7, 483.8),
    ],
)
def test_scales_of_dark_pairs(number, operator, mass, scale):
    """he2024 figures 4 to 6, GeV: 1.9e-5 lies inside the Belle II band, whose ends scale like BR^(-1/2n)."""
    band = curve(panel("he2024", number, operator), "Belle II")
    n = {"S": 1, "V": 2, "S1": 2, "T2": 2}.get(operator, 3 if operator in ("T1", "V6") else 4)
    n = 3 if number == 6 and operator == "S" else n
    lower, upper = at(mass, band, "lower"), at(mass, band, "upper")
    assert lower * (2.6 / 1.9) ** (1 / (2 * n)) == pytest.approx(scale, rel=4e-3)
    assert upper * (1.2 / 1.9) ** (1 / (2 * n)) == pytest.approx(scale, rel=4e-3)


def test_conclusions_about_dark_pairs():
    """Tensors are excluded by B0 -> K*0 up to 1.5 GeV; for all others B0 -> K0 caps the Belle II band from below."""
    light = np.linspace(0.05, 1.5, 30)
    for number, operators in ((5, ("T1", "T2")), (6, ("T1", "T2"))):
        for operator in operators:
            axes = panel("he2024", number, operator)
            upper = light if operator == "T2" or number == 5 else light[light < 1.2]
            assert np.all(at(upper, curve(axes, "K^{*0}")) > at(upper, curve(axes, "Belle II"), "upper"))
    for number in (4, 5, 6):
        for axes in figure("he2024", number).panels:
            band, cap = curve(axes, "Belle II"), curve(axes, "B^0\\to K^0")
            assert np.all(at(light, band, "lower") < at(light, cap) * 1.0001)
            assert np.all(at(light, cap) < at(light, band, "upper"))


def test_spectra_of_dark_pairs():
    """he2024 figures 7 and 8 at a few points; all of them are in tests/measurements/test_selection.py."""
    line = curve(panel("he2024", 7, "fermions"), "V1, 0.7 GeV")
    assert at([5.0, 13.0, 21.0], line) == pytest.approx([0.0636, 0.0550, 0.0136], abs=1e-4)
    steps = curve(panel("he2024", 8, "scalars"), "V, 0.3 GeV")
    assert at([1.0, 3.0, 5.0, 7.0], steps) == pytest.approx([0.084, 0.116, 0.105, 0.080], abs=6e-4)


@pytest.mark.parametrize(
    ("mass", "signal", "average", "neutral", "stars"),
    [
        (0.3, (5.98, 8.80), (4.23, 6.45), 8.60, (8.07, 13.7)),
        (1.0, (7.27, 10.70), (5.14, 7.85), 10.47, (10.9, 18.5)),
        (2.0, (18.4, 27.1), (13.0, 19.9), 26.6, (79.5, 133.0)),
    ],
)
def test_coefficients_of_a_real_scalar(mass, signal, average, neutral, stars):
    """valencia2024 figure 1, 1e-5/TeV; the bands with a factor sqrt2 less are those of the slides, 3 to 8 at 1 GeV."""
    scalar, pseudoscalar = figure("valencia2024", 1).panels
    for label, expected in (("Belle II", signal), ("average", average)):
        band = curve(scalar, label)
        assert [at(mass, band, "lower"), at(mass, band, "upper")] == pytest.approx(expected, rel=1e-2)
    assert at(mass, curve(scalar, "B^0\\to K^0")) == pytest.approx(neutral, rel=1e-2)
    found = [at(mass, curve(pseudoscalar, label)) for label in ("B^0\\to K^{*0}", "B^+\\to K^{*+}")]
    assert found == pytest.approx(stars, rel=1e-2)
    if mass == 1.0:
        assert average[0] / 2**0.5 == pytest.approx(3.63, abs=0.01)
        assert signal[1] / 2**0.5 == pytest.approx(7.56, abs=0.01)


def test_relic_density_and_direct_detection():
    """valencia2024 figures 2 and 3: 0.126/TeV at 1 GeV; cross sections scale with it from 0.1/TeV."""
    needed = curve(figure("valencia2024", 2).panels[0], "=0$")
    assert at(1.0, needed) == pytest.approx(0.126, rel=5e-3)
    sigma = curve(figure("valencia2024", 3).panels[0], "=0$")
    assert at(1.0, sigma) == pytest.approx(1.42e-38 * 1.2646**2, rel=5e-3)


OWN = (*FROM_DATA, "marzocca2024")
"""Papers whose figures have tests of their own."""
FIGURES = [(paper, number) for paper, found in PAPERS.items() if paper not in OWN for number in found]


@pytest.mark.parametrize(("paper", "number"), FIGURES)
def test_every_figure_has_numbers(paper, number):
    made = figure(paper, number)
    assert made.name == f"{paper} figure {number}"
    assert made.source.startswith("arXiv:") or paper == "degiorgi2022"
    for axes in made.panels:
        assert axes.x_label
        assert axes.y_label
        for line in axes.curves:
            numbers = {Line: ("x", "y"), Band: ("lower", "upper"), Ring: ("outer", "inner")}[type(line)]
            assert all(np.mean(np.isfinite(getattr(line, name))) > 0.5 for name in numbers)


def test_what_is_written(tmp_path):
    made = figure("felkl2023", 1)
    written = write(made, tmp_path / "figure-1")
    assert [path.suffix for path in written] == [".json", ".png", ".pdf"]
    assert all(path.stat().st_size > 1000 for path in written)
    content = json.loads(written[0].read_text())
    assert content["name"] == "felkl2023 figure 1"
    line = content["panels"][0]["curves"][0]
    assert line["label"] == "Standard Model"
    assert line["y"] == pytest.approx(made.panels[0].curves[0].y.tolist())


def test_bad_names():
    with pytest.raises(DineutrinoError, match="unknown paper 'felkl'; did you mean 'felkl2023'"):
        figures("felkl")
    with pytest.raises(DineutrinoError, match="figure 9 of felkl2023 is not reproduced here; those that are: 1, 2"):
        figures("felkl2023", 9)
