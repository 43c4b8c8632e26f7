"""Tables and JSON on stdout, remarks on stderr."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

_UNLIMITED = 100_000
"""Width of a table that is piped into another program."""


def print_json(rows: Sequence[Mapping[str, object]]) -> None:
    """Print a list of objects as JSON."""
    typer.echo(json.dumps(rows, indent=2, allow_nan=False, ensure_ascii=False))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[str] = ()) -> None:
    """A table; its first column is never wrapped, and nothing is when the output is not a terminal.

    Args:
        columns: headings.
        rows: cells.
        right: headings of the columns to align on the right.
    """
    terminal = sys.stdout.isatty()
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for i, column in enumerate(columns):
        justify: Literal["left", "right"] = "right" if column in right else "left"
        table.add_column(column, justify=justify, no_wrap=i == 0 or not terminal, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console(width=None if terminal else _UNLIMITED, highlight=False)
    with console.capture() as captured:
        console.print(table)
    typer.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def remark(sentence: str) -> None:
    """Print a sentence as one line on stderr."""
    typer.echo(sentence, err=True)
