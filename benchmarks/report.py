"""What a benchmark found: a table, targets, and a JSON file."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.timing import Timing

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: was timed.
        seconds: per call.
        points: of one call.
        memory: bytes of one call, where known.
        note: free text.
    """

    what: str
    seconds: Timing
    points: int = 1
    memory: int | None = None
    note: str = ""

    @property
    def per_point(self) -> float:
        """Seconds per point."""
        return self.seconds.median / self.points


@dataclass(frozen=True)
class Target:
    """A number that should be at least, or at most, another one."""

    what: str
    value: float
    bound: float
    at_least: bool

    @property
    def reached(self) -> bool:
        """Whether it is."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound


@dataclass
class Report:
    """The outcome of one benchmark.

    Attributes:
        title: of the table.
        rows: what was timed.
        targets: what should be reached.
        skipped: what was not run, and why.
        extra: further numbers by name.
    """

    title: str
    rows: list[Row] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    extra: dict[str, float] = field(default_factory=dict)

    def add(self, row: Row) -> Row:
        """Append a row and return it."""
        self.rows.append(row)
        return row

    def at_least(self, what: str, value: float, bound: float) -> None:
        """A ratio to be reached."""
        self.targets.append(Target(what, value, bound, True))

    def at_most(self, what: str, value: float, bound: float) -> None:
        """A number not to be exceeded."""
        self.targets.append(Target(what, value, bound, False))

    def show(self, machine: Mapping[str, str]) -> None:
        """Print everything."""
        console = Console(width=120)
        table = Table(title=self.title, title_justify="left")
        for heading in ("what", "one call", "fastest", "points", "per point", "memory"):
            table.add_column(heading, justify="left" if heading == "what" else "right")
        for row in self.rows:
            what = f"{row.what} ({row.note})" if row.note else row.what
            table.add_row(
                what,
                in_time(row.seconds.median),
                in_time(row.seconds.fastest),
                str(row.points),
                in_time(row.per_point),
                "" if row.memory is None else f"{row.memory / 2**20:.2f} MiB",
            )
        console.print(table)
        for name, value in self.extra.items():
            console.print(f"  {name}: {value:.4g}", highlight=False)
        for target in self.targets:
            sign, verdict = ("≥" if target.at_least else "≤"), ("reached" if target.reached else "MISSED")
            console.print(
                f"  {target.what}: {target.value:,.4g} (wanted {sign} {target.bound:,g}) {verdict}",
                style="green" if target.reached else "bold red",
                highlight=False,
            )
        for sentence in self.skipped:
            console.print(f"  SKIPPED: {sentence}", style="bold yellow", highlight=False, markup=False)
        console.print("  " + ", ".join(f"{k}: {v}" for k, v in machine.items()), style="dim", highlight=False)
        console.print()

    def write(self, name: str, machine: Mapping[str, str]) -> Path:
        """Write benchmarks/results/NAME.json."""
        content = {
            "title": self.title,
            "machine": dict(machine),
            "rows": [asdict(row) | {"per_point": row.per_point} for row in self.rows],
            "extra": self.extra,
            "targets": [asdict(target) | {"reached": target.reached} for target in self.targets],
            "skipped": self.skipped,
        }
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{name}.json"
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        return path


def in_time(seconds: float) -> str:
    """Three digits and a unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
