"""Intervals and regions in words: the same on the screen as in summary.md; what is not verified says so everywhere."""

from pathlib import Path

import numpy as np
import pytest

from dineutrino.analysis.fit import Fit
from dineutrino.analysis.load import parse_analysis
from dineutrino.inference import Contour, Interval, profile_function
from dineutrino.inference.verification import examine
from dineutrino.report import confidence
from dineutrino.report.plots import contour
from dineutrino.report.plots import profile as drawn
from dineutrino.report.results import results
from dineutrino.report.summary import summary

NAMES = ("Re CL_bsnutaunutau", "Im CL_bsnutaunutau")
ANALYSIS = """
parameters:
  Re CL_bsnutaunutau: {min: -40, max: 3}
  Im CL_bsnutaunutau: {min: -4, max: 40}
measurements: marzocca2024
nuisances: none
profile: {points: 11, contour_points: 9}
posterior: false
"""


@pytest.mark.parametrize(
    ("stretch", "written"),
    [
        (Interval(-1.0, 0.9, False, False), "[-1.00, 0.90]"),
        (Interval(-1.0, 0.9, True, False), "[-1.00, 0.90] (open below)"),
        (Interval(-1.0, 0.9, False, True), "[-1.00, 0.90] (open above)"),
        (Interval(-1.0, 0.9, True, True), "[-1.00, 0.90] (open below and above)"),
        (Interval(-1.0, 0.9, False, True, False, True), "[-1.00, 0.90] (open above, lower end not verified)"),
        (Interval(-1.0, 0.9, False, False, False, False), "[-1.00, 0.90] (lower and upper ends not verified)"),
    ],
)
def test_an_interval_in_words(stretch, written):
    assert confidence.interval(stretch) == written


@pytest.mark.parametrize(
    ("closed", "touches", "verified", "written"),
    [
        ((True,), False, (True,), "1 line"),
        ((True, True), False, (True, False), "2 lines, 1 of them not verified"),
        ((False, True), True, (True, True), "2 lines, 1 of them open at the edge"),
        ((False,), True, (False,), "1 line, open at the edge, not verified"),
        ((), True, (), "all of the explored range"),
    ],
)
def test_a_region_in_words(closed, touches, verified, written):
    lines = tuple(np.zeros((3, 2)) for _ in closed)
    assert confidence.region(Contour(0.68, 2.3, lines, closed, touches, verified)) == written


def computed(text=ANALYSIS):
    """A fit, and what its stages said."""
    fit = Fit(parse_analysis(text, "a.yaml", Path()), seed=1)
    return fit, {stage.title: stage.compute() for stage in fit.stages()}


@pytest.mark.slow
def test_the_screen_and_the_summary_say_the_same():
    """Both parameters end at their bounds, and so does their contour."""
    fit, said = computed()
    result = fit.result()
    text = summary(result)
    for name in NAMES:
        level, words = said[f"profile of {name}"].split(": ", 1)
        assert level == "68.3%"
        assert words == confidence.intervals(result.profiles[name], 0.6827)
        (row,) = (line for line in text.splitlines() if line.startswith(f"| {name} | ["))
        assert row.split("|")[2].strip() == words
        assert "open" in words
    regions = said[f"contour of {NAMES[0]} and {NAMES[1]}"].split("; ")
    (row,) = (line for line in text.splitlines() if line.startswith(f"| {NAMES[0]} and {NAMES[1]} | "))
    assert [cell.strip() for cell in row.split("|")[2:4]] == [words.split(": ", 1)[1] for words in regions]
    assert "open at the edge" in regions[0]
    assert not any("verified" in sentence for sentence in fit.untrusted)


@pytest.mark.slow
def test_what_is_not_verified_says_so_everywhere(monkeypatch):
    """Where Re C_L < -11 no inner optimum passes as a minimum; a fit with untrusted parts ends with exit code 1."""

    def suspicious(target, box, vectors, slope, roots):
        verdict = examine(target, box, vectors, slope, roots)
        return verdict._replace(minimum=verdict.minimum & (vectors[:, 0] > -11))

    monkeypatch.setattr(profile_function, "examine", suspicious)
    fit, said = computed()
    result = fit.result()
    assert any("ends of the" in sentence and NAMES[0] in sentence for sentence in fit.untrusted)
    assert any("contour" in sentence and "not verified" in sentence for sentence in fit.untrusted)
    assert "not verified" in said[f"contour of {NAMES[0]} and {NAMES[1]}"]
    written = results(result)
    assert written["untrusted"] == fit.untrusted
    stretch = written["intervals"][NAMES[0]][1]["intervals"][0]
    assert stretch["lower"] < -11
    assert not stretch["lower_verified"]
    assert not all(line["verified"] for line in written["contours"][0]["contours"][1]["lines"])
    assert "end not verified" in summary(result)
    profile = result.profiles[NAMES[0]]
    assert not profile.converged.all()
    axes = drawn(result, NAMES[0]).axes[0]
    (crosses,) = (line.get_xdata() for line in axes.get_lines() if line.get_label() == "not verified")
    assert set(profile.values[~profile.converged]) <= set(crosses)
    assert stretch["lower"] in crosses
    assert any(line.get_linestyle() == ":" for line in contour(result, *NAMES).axes[0].get_lines())
