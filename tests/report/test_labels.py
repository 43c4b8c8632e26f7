"""Labels: right, and drawable without a LaTeX installation."""

import matplotlib
import pytest

from dineutrino import observables
from dineutrino.likelihood import Parameter
from dineutrino.models import coefficient_parameters
from dineutrino.report import labels
from dineutrino.report.plots.canvas import figure, styled


def drawn(texts):
    """Draw texts in the style of the plots; matplotlib raises ValueError for what mathtext does not understand."""

    @styled
    def draw():
        drawing = figure(4, 0.2 * len(texts))
        for i, text in enumerate(texts):
            drawing.text(0.1, i / len(texts), text)
        drawing.canvas.draw()
        return drawing

    draw()


def test_labels_are_drawn_where_another_program_asked_for_latex():
    """EOS does when it is imported, and LaTeX may not be there."""
    with matplotlib.rc_context({"text.usetex": True}):
        drawn([labels.math(labels.parameter("Re CL_bsnutaunutau"))])


def references():
    found = set()
    for name in observables.names():
        arguments = observables.get(name).arguments
        found.add((name, *[4.0, 8.0][: len(arguments)]))
        if all(argument.endswith("?") for argument in arguments):
            found.add((name,))
    return sorted(found)


@pytest.mark.slow
def test_every_label_can_be_drawn():
    texts = [labels.math(labels.parameter(name)) for name in coefficient_parameters()]
    for reference in references():
        power = labels.scaled_unit(labels.observable_unit(reference), -6)
        texts += [labels.math(labels.observable(reference)), labels.axis(labels.observable(reference), power)]
    odd = ["g_L^2", "50% of $x$", "a{b}c", "M & N #1", "back\\slash", "", "m_Z'"]
    texts += [labels.math(labels.upright(name)) for name in odd if name]
    texts += [labels.plain(name) for name in odd]
    drawn(texts)


def test_a_label_that_mathtext_does_not_know_would_be_noticed():
    with pytest.raises(ValueError, match="undefined"):
        drawn([r"$\undefined$"])


def test_parameters():
    assert labels.parameter("Re CL_bsnutaunutau") == r"\mathrm{Re}\,C_L^{\tau\tau}"
    assert labels.parameter("Im CR_bsnuenumu") == r"\mathrm{Im}\,C_R^{e\mu}"
    assert labels.parameter("Re CL_bsnumunue") == r"\mathrm{Re}\,C_L^{\mu e}"
    assert labels.parameter(Parameter("kappa", tex=r"$\kappa$")) == r"\kappa"
    assert labels.parameter(Parameter("my coupling")) == r"\mathrm{my\ coupling}"
    assert len({labels.parameter(name) for name in coefficient_parameters()}) == 36


def test_observables():
    assert labels.observable(("BR(B+->Knunu)",)) == observables.get("BR(B+->Knunu)").tex
    assert r"4,\,8" in labels.observable(("<dBR/dq2>(B+->Knunu)", 4.0, 8.0))
    assert labels.scaled_unit("GeV^-2", -7) == r"10^{-7}\,\mathrm{GeV}^{-2}"
    assert labels.scaled_unit("1", 0) == ""
    assert len({labels.observable(reference) for reference in references()}) == len(references())


def test_text():
    assert labels.latex("a_b & 5%") == r"a\_b \& 5\%"
    assert labels.measurement("Belle II", "arXiv:2311.14647, abstract; PDG 2026") == "Belle II 2311.14647"
    assert labels.measurement("mine", "private") == "mine"
