"""What a study of many toys found: a table, targets, and a JSON file."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.report import RESULTS, Target


@dataclass
class Study:
    """The outcome of a study.

    Attributes:
        title: of the table.
        headings: of its columns.
        rows: its content.
        targets: what should be reached.
        notes: how to read it, and what went wrong.
        seed: of all random numbers.
    """

    title: str
    headings: tuple[str, ...]
    seed: int
    rows: list[tuple[str, ...]] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Ctrl-C ends what is inside, and what was found until then is reported."""
        try:
            yield
        except KeyboardInterrupt:
            self.notes.append("interrupted: this is what there was until then.")

    def show(self, machine: Mapping[str, str]) -> None:
        """Print everything."""
        console = Console(width=120, highlight=False)
        table = Table(title=self.title, title_justify="left")
        for i, heading in enumerate(self.headings):
            table.add_column(heading, justify="right" if i else "left")
        for row in self.rows:
            table.add_row(*row)
        console.print(table)
        for note in self.notes:
            console.print(f"  {note}", markup=False)
        for target in self.targets:
            sign, verdict = ("≥" if target.at_least else "≤"), ("reached" if target.reached else "MISSED")
            style = "green" if target.reached else "bold red"
            console.print(
                f"  {target.what}: {target.value:.4g} (wanted {sign} {target.bound:g}) {verdict}", style=style
            )
        console.print(f"  seed {self.seed}; " + ", ".join(f"{k}: {v}" for k, v in machine.items()), style="dim")
        console.print()

    def write(self, name: str, machine: Mapping[str, str]) -> Path:
        """Write benchmarks/results/NAME.json."""
        content = {
            "title": self.title,
            "machine": dict(machine),
            "seed": self.seed,
            "rows": [dict(zip(self.headings, row, strict=True)) for row in self.rows],
            "notes": self.notes,
            "targets": [asdict(target) | {"reached": target.reached} for target in self.targets],
        }
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{name}.json"
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return path
