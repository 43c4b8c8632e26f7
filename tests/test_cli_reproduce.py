"""`dineutrino reproduce` that is stopped, and figures that cannot be drawn."""

import errno
import json
from functools import partial

import numpy as np
import pytest
from typer.testing import CliRunner

from dineutrino import reproduce
from dineutrino.cli import app
from dineutrino.reproduce import Comparison, Comparisons
from dineutrino.reproduce.figure import Figure, Line, Panel


def figure(name, title="a title"):
    x = np.linspace(0.0, 1.0, 5)
    return Figure(name, "arXiv", "caption", [Panel(title, "x", "y", [Line("a line", x, x)])])


def interrupted():
    raise KeyboardInterrupt


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.delitem(reproduce.NUMBERS, "felkl2023")

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
    assert f"interrupted; what was finished is in {out}; the same with --resume goes on." in result.stderr
    assert set(content(out)) == {".dineutrino", *ONE}

    before = content(out)
    result = run({2: partial(figure, "second"), 3: interrupted}, "--force")
    assert result.exit_code == 130
    assert f"interrupted; what was finished is in {out / 'unfinished' / 'results'}; " in result.stderr
    assert content(out) == before
    assert set(content(out / "unfinished" / "results")) == {".dineutrino", *TWO}

    assert run({2: partial(figure, "third")}, "--force").exit_code == 0
    assert set(content(out)) == {".dineutrino", *TWO}
    assert json.loads((out / "felkl2023-figure-2.json").read_text())["name"] == "third"
    assert not (out / "unfinished").exists()


@pytest.mark.slow
def test_it_goes_on(run, tmp_path):
    """What is there stays as it is, the rest follows; with another question it is refused."""
    out = tmp_path / "out"
    assert run({1: partial(figure, "first"), 2: interrupted}).exit_code == 130
    before = content(out)
    result = run({1: interrupted, 2: partial(figure, "second")}, "--resume", "--fast")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "does not hold the beginning of this (another paper, figure, --fast or version)" in result.stderr
    result = run({1: interrupted, 2: partial(figure, "second")}, "--resume")
    assert result.exit_code == 0, result.stderr
    assert "figure 1: there already" in result.stderr
    assert set(content(out)) == {".dineutrino", *ONE, *TWO}
    assert {name: content(out)[name] for name in ONE} == {name: before[name] for name in ONE}
    assert not (out / "unfinished").exists()
    assert "holds no fit that could go on" in run({1: interrupted}, "--resume").stderr
    assert "--force begins anew and --resume goes on" in run({1: interrupted}, "--resume", "--force").stderr


def test_numbers_come_with_all_figures(run, tmp_path, monkeypatch):
    """Printed, and written with the remark on the difference; not with one figure alone."""
    rows = [
        Comparison("eq. (1)", "a number", "1.2(3)", 1.25, "GeV", "It is a|b."),
        Comparison("eq. (2)", "words", "", "none", "1", ""),
    ]
    asked = []
    made = Comparisons("felkl2023", "arXiv:1", rows)
    monkeypatch.setitem(reproduce.NUMBERS, "felkl2023", lambda fast: asked.append(fast) or made)
    assert run({}, "--fast").exit_code == 0
    assert run({}, "--figure", "1", "--force").exit_code == 0
    assert asked == [True]
    result = run({}, "--force")
    assert "eq. (1)" in result.stdout
    written = tmp_path / "out" / "felkl2023-numbers.json"
    assert json.loads(written.read_text())["rows"][0]["ours"] == 1.25
    assert r"| eq. (1) | a number | GeV | 1.2(3) | 1.25 | It is a\|b. |" in written.with_suffix(".md").read_text()


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
