"""`dineutrino reproduce` that is stopped, and figures that cannot be drawn."""

import errno
import json
from functools import partial

import numpy as np
import pytest
from typer.testing import CliRunner

from dineutrino import reproduce
from dineutrino.cli import app
from dineutrino.reproduce.figure import Figure, Line, Panel


def figure(name, title="a title"):
    x = np.linspace(0.0, 1.0, 5)
    return Figure(name, "arXiv", "caption", [Panel(title, "x", "y", [Line("a line", x, x)])])


def interrupted():
    raise KeyboardInterrupt


@pytest.fixture
def run(monkeypatch, tmp_path):
    def run(figures, *options):
        monkeypatch.setattr(reproduce, "figures", lambda *arguments: figures)
        return CliRunner().invoke(app, ["reproduce", "felkl2023", "--out", str(tmp_path / "out"), *options])

    return run


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


ONE = {f"felkl2023-figure-1{suffix}" for suffix in (".json", ".png", ".pdf")}
TWO = {name.replace("-1", "-2") for name in ONE}


@pytest.mark.slow
def test_what_is_finished_is_kept_and_replaced_at_the_end_only(run, tmp_path):
    out, first = tmp_path / "out", partial(figure, "first")
    assert run({1: interrupted, 2: first}).exit_code == 130
    assert not list(tmp_path.iterdir())

    result = run({1: first, 2: interrupted})
    assert result.exit_code == 130
    assert f"interrupted; what was finished is in {out}." in result.stderr
    assert set(content(out)) == {".dineutrino", *ONE}
    assert not (out / "unfinished").exists()

    before = content(out)
    result = run({2: partial(figure, "second"), 3: interrupted}, "--force")
    assert result.exit_code == 130
    assert f"interrupted; what was finished is in {out / 'unfinished' / 'results'}." in result.stderr
    assert content(out) == before
    assert set(content(out / "unfinished" / "results")) == {".dineutrino", *TWO}

    assert run({2: partial(figure, "third")}, "--force").exit_code == 0
    assert set(content(out)) == {".dineutrino", *TWO}
    assert json.loads((out / "felkl2023-figure-2.json").read_text())["name"] == "third"
    assert not (out / "unfinished").exists()


def test_a_full_disk_ends_it(run, tmp_path, monkeypatch):
    """While the numbers are written, and while the drawing is."""

    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    sentence = f"the results cannot be written to '{tmp_path / 'out'}': No space left on device.\n"
    for part in ("save", "write_numbers"):
        monkeypatch.setattr(reproduce, part, full)
        result = run({1: partial(figure, "first")})
        assert (result.exit_code, result.stderr) == (2, sentence)
        assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_figure_that_cannot_be_drawn_costs_itself(run, tmp_path):
    result = run({1: partial(figure, "first", r"$\nonsense{$"), 2: partial(figure, "second")})
    assert result.exit_code == 0
    assert "figure 1 could not be drawn: " in result.stderr
    assert set(content(tmp_path / "out")) == {".dineutrino", "felkl2023-figure-1.json", *TWO}
