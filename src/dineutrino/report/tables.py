"""The table of predictions, for the terminal, for Markdown and for LaTeX."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from dineutrino.report import labels, numbers
from dineutrino.report.predictions import Prediction

if TYPE_CHECKING:
    from rich.table import Table

HEADINGS = ("observable", "unit", "Standard Model", "best fit", "posterior (median, 68%)")


class Row(NamedTuple):
    """The cells of one observable; numbers are multiples of 10^power times the unit.

    Numbers are written in words: "4.74 ± 0.33", "17.2 +6.2 -6.4".
    """

    prediction: Prediction
    power: int
    standard_model: str
    best_fit: str
    posterior: str


def rows(predictions: Sequence[Prediction]) -> list[Row]:
    """One row per observable, each with its own power of ten: that of the Standard Model unless it vanishes."""
    found = []
    for p in predictions:
        power = numbers.exponent([p.scale])
        decimals = numbers.digits([] if p.vanishes else [p.uncertainty / 10**power], p.scale / 10**power)
        nothing = numbers.fixed(p.standard_model / 10**power, decimals)
        posterior = ""
        if p.median is not None and p.lower is not None and p.upper is not None:
            posterior = numbers.asymmetric(p.median, p.upper, p.lower, power)
        found.append(
            Row(
                prediction=p,
                power=power,
                standard_model=nothing if p.vanishes else numbers.symmetric(p.standard_model, p.uncertainty, power),
                best_fit=numbers.fixed(p.best_fit / 10**power, decimals),
                posterior=posterior,
            )
        )
    return found


def rich_table(predictions: Sequence[Prediction]) -> "Table":
    """For the terminal."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title="predictions", title_justify="left")
    for i, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="left" if i < 2 else "right", no_wrap=i == 0)
    for row in rows(predictions):
        cells = (row.prediction.label, plain_unit(row), row.standard_model, row.best_fit, row.posterior)
        table.add_row(*map(Text, cells))
    return table


def markdown(predictions: Sequence[Prediction]) -> str:
    """A Markdown table, with observables in backticks."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "|:--|:--|--:|--:|--:|"]
    for row in rows(predictions):
        cells = (f"`{row.prediction.label}`", plain_unit(row), row.standard_model, row.best_fit, row.posterior)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def latex(predictions: Sequence[Prediction]) -> str:
    """A LaTeX tabular; needs no package."""
    lines = [r"\begin{tabular}{llrrr}", r"\hline", " & ".join(map(labels.latex, HEADINGS)) + r" \\", r"\hline"]
    for row in rows(predictions):
        unit = labels.scaled_unit(row.prediction.unit, row.power)
        cells = (
            labels.math(row.prediction.tex),
            labels.math(unit) if unit else "",
            *(labels.math(_tex(cell)) if cell else "" for cell in (row.standard_model, row.best_fit, row.posterior)),
        )
        lines.append(" & ".join(cells) + r" \\")
    return "\n".join([*lines, r"\hline", r"\end{tabular}"]) + "\n"


def plain_unit(row: Row) -> str:
    """The unit with its power of ten as plain text: "10⁻⁶ GeV⁻²"; empty for a pure number."""
    unit = "" if row.prediction.unit == "1" else numbers.superscript(row.prediction.unit)
    return " ".join(part for part in (numbers.power_of_ten(row.power), unit) if part)


def _tex(cell: str) -> str:
    r"""A cell of `rows` in TeX: "4.74 \pm 0.33", "17.2\,^{+6.2}_{-6.4}"."""
    value, *errors = cell.replace("∞", r"\infty").split(" ")
    if len(errors) == 2 and errors[0].startswith("+"):
        return rf"{value}\,^{{{errors[0]}}}_{{{errors[1]}}}"
    return " ".join([value, *errors]).replace("±", r"\pm")
