"""Numbers that a paper prints, each beside ours, with what makes the difference."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from dineutrino import __version__
from dineutrino.io import strict_json
from dineutrino.io.atomic import write_text
from dineutrino.report import numbers

HEADINGS = ("where", "what", "unit", "paper", "ours", "on the difference")


@dataclass(frozen=True)
class Comparison:
    """One number.

    Attributes:
        where: in the paper, "table I" or "eq. (4.4)".
        what: in words.
        paper: as it is printed there, with its error.
        ours: from our own calculation, or in words what we find.
        unit: "1" of a pure number.
        difference: a sentence on where it comes from, empty where both agree within the digits of the paper.
    """

    where: str
    what: str
    paper: str
    ours: float | str
    unit: str = "1"
    difference: str = ""

    @property
    def cells(self) -> tuple[str, str, str, str, str, str]:
        """What a table shows, in the order of `HEADINGS`."""
        ours = self.ours if isinstance(self.ours, str) else numbers.general(self.ours)
        unit = "" if self.unit == "1" else self.unit
        return self.where, self.what, unit, self.paper, ours, self.difference


@dataclass(frozen=True)
class Comparisons:
    """All numbers of a paper.

    Attributes:
        name: "degiorgi2022".
        source: arXiv number.
        rows: one by one, in the order of the paper.
    """

    name: str
    source: str
    rows: Sequence[Comparison]


def write_comparisons(comparisons: Comparisons, stem: Path) -> list[Path]:
    """Write them as JSON and as a table in Markdown, and return the paths of both files."""
    lines = [f"# {comparisons.name}", "", f"Source: {comparisons.source}", ""]
    lines += ["| " + " | ".join(HEADINGS) + " |", "|:--|:--|:--|--:|--:|:--|"]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row.cells) + " |" for row in comparisons.rows]
    content = {"dineutrino": __version__, **asdict(comparisons)}
    return [
        write_text(stem.with_name(f"{stem.name}.json"), strict_json.dumps(content) + "\n"),
        write_text(stem.with_name(f"{stem.name}.md"), "\n".join(lines) + "\n"),
    ]
