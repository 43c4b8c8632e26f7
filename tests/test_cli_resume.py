"""`dineutrino fit` that is stopped: by Ctrl-C, by SIGTERM, by SIGKILL, in any stage; and goes on."""

import contextlib
import dataclasses
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import xarray
from typer.testing import CliRunner

from dineutrino import report
from dineutrino.analysis import fit as fitting
from dineutrino.analysis import unfinished
from dineutrino.cli import app
from dineutrino.cli.interruption import Interruption
from dineutrino.cli.results_folder import ResultsFolder, complete
from dineutrino.inference import nuts
from dineutrino.io.stored import read_back, store
from dineutrino.report import fit_result

pytestmark = pytest.mark.slow

ANALYSIS = """\
name: a small fit
parameters:
  Re CL_bsnutaunutau: {min: -40, max: 40}
measurements: marzocca2024
nuisances: none
predictions: [BR(B+->Knunu)]
profile: {points: 9}
posterior: {chains: 2, warmup: 100, draws: 600}
"""
NAME = "Re CL_bsnutaunutau"
NUMBERS = {".dineutrino", "analysis.yaml", "predictions.md", "predictions.tex", "references.bib", "results.json"}
NUMBERS |= {"summary.md"}


def run(*arguments):
    return CliRunner().invoke(app, ["fit", *map(str, arguments)])


def content(folder):
    """All files of a folder, byte by byte, but those of an unfinished fit."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def results(folder):
    found = json.loads((folder / "results.json").read_text())
    del found["provenance"]
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A fit in one go, and its analysis beside it."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "small.yaml").write_text(ANALYSIS)
    assert run(folder / "small.yaml", "--out", folder / "out").exit_code == 0
    return folder


@contextlib.contextmanager
def stopped_in(stage, error=KeyboardInterrupt, draws=False):
    """A stage, by the name of the function that computes it, is interrupted; plots cost time, and may be left out."""

    def compute(*arguments, **options):
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting, stage, compute)
        if not draws:
            patch.setattr(report, "draw", lambda result, folder: ([], []))
        yield


@pytest.fixture(scope="module")
def begun(whole, tmp_path_factory):
    """A fit that was interrupted in its posterior, after the maximum and the profile."""
    out = tmp_path_factory.mktemp("begun") / "out"
    with stopped_in("posterior", draws=True):
        result = run(whole / "small.yaml", "--out", out)
    assert result.exit_code == 130
    assert "predictions.png" in content(out)
    assert result.stderr.splitlines()[-2:] == [
        f"interrupted; what was finished is in {out}",
        f"to go on: dineutrino fit --resume {out}",
    ]
    return out


@pytest.fixture
def stopped(begun, tmp_path):
    """A copy of it."""
    return shutil.copytree(begun, tmp_path / "out")


# -- results after each stage ---------------------------------------------------------------------------------------


def test_after_each_stage_there_are_results(whole, tmp_path):
    out = tmp_path / "out"
    with stopped_in("profile"):
        assert run(whole / "small.yaml", "--out", out).exit_code == 130
    assert set(content(out)) == NUMBERS
    found = results(out)
    assert found["best_fits"] == results(whole / "out")["best_fits"]
    assert found["intervals"] == {}
    assert found["missing"] == [f"profile of {NAME}", "posterior"]
    text = (out / "summary.md").read_text()
    assert f"## Unfinished\n\nThis fit has not finished. Still missing: profile of {NAME}, posterior.\n" in text
    assert "Unfinished" not in (whole / "out" / "summary.md").read_text()


def test_a_mistake_in_a_stage_leaves_the_earlier_ones(whole, tmp_path, monkeypatch):
    """What depends on the maxima only is calculated once, however often results are written."""
    out, calls = tmp_path / "out", []

    def counted(function):
        return lambda *arguments: calls.append(function.__name__) or function(*arguments)

    for function in (fit_result.standard_model, fit_result.evaluator):
        monkeypatch.setattr(fit_result, function.__name__, counted(function))
    with stopped_in("posterior", RuntimeError("a mistake")):
        result = run(whole / "small.yaml", "--out", out)
    assert str(result.exception) == "a mistake"
    assert results(out)["missing"] == ["posterior", "figures"]
    assert results(out)["intervals"] == results(whole / "out")["intervals"]
    assert sorted(calls) == ["evaluator", "standard_model"]


# -- going on -------------------------------------------------------------------------------------------------------


def test_a_resumed_fit_has_the_numbers_of_one_in_one_go(whole, stopped):
    with stopped_in("maximum", AssertionError, True), stopped_in("profile", AssertionError, True):
        result = run("--resume", stopped)
    assert result.exit_code == 0, result.stderr
    assert [line.endswith("(read back)") for line in result.stderr.splitlines()[:3]] == [True, True, False]
    same_fit(stopped, whole / "out")


def test_ctrl_c_while_sampling(whole, tmp_path, monkeypatch):
    """The draws up to then are there, and said not to be all."""
    out, advance, look = tmp_path / "out", nuts._advance, Interruption.check
    calls, noticed = itertools.count(), threading.Event()

    def until_interrupted(*arguments):
        call = next(calls)
        if call == 18:  # the pilot run takes the first nine; then two chains begin
            os.kill(os.getpid(), signal.SIGINT)
        if call > 18:
            noticed.wait(60)
        return advance(*arguments)

    def check(interruption):
        if interruption.asked is not None:
            noticed.set()
        return look(interruption)

    with monkeypatch.context() as patch:
        patch.setattr(nuts, "_advance", until_interrupted)
        patch.setattr(Interruption, "check", check)
        patch.setattr(report, "draw", lambda result, folder: ([], []))
        result = run(whole / "small.yaml", "--out", out)
    assert result.exit_code == 130
    assert results(out)["missing"] == ["the rest of the posterior"]
    assert 0 < results(out)["posterior"]["draws"] < 600
    assert any("the run was interrupted" in sentence for sentence in results(out)["untrusted"])
    assert run("--resume", out).exit_code == 0
    same_fit(out, whole / "out")


def same_fit(one, other):
    assert results(one) == results(other)
    assert set(content(one)) == set(content(other))
    assert not (one / "unfinished").exists()
    draws, expected = (xarray.open_datatree(folder / "posterior.nc") for folder in (one, other))
    for group in ("posterior", "sample_stats", "predictions"):
        for name, variable in expected[group].data_vars.items():
            np.testing.assert_array_equal(draws[group][name].values, variable.values)


def test_nothing_is_left_of_a_finished_fit(whole):
    before = content(whole / "out")
    result = run("--resume", whole / "out")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"nothing is left to do: the fit in {whole / 'out'} is complete\n"
    assert content(whole / "out") == before


def test_a_finished_fit_exits_as_it_did(whole, tmp_path):
    out = shutil.copytree(whole / "out", tmp_path / "out")
    found = json.loads((out / "results.json").read_text())
    (out / "results.json").write_text(json.dumps(found | {"untrusted": ["a sentence."]}))
    assert run("--resume", out).exit_code == 1


def refusal(*arguments):
    result = run(*arguments)
    assert result.exit_code == 2, result.stderr
    *earlier, line = result.stderr.splitlines()
    assert all(said.endswith("(read back)") for said in earlier)
    return line


def test_what_differs_is_refused(whole, stopped, tmp_path, monkeypatch):
    before = content(stopped)
    (tmp_path / "other.yaml").write_text(ANALYSIS.replace("draws: 600", "draws: 700"))
    assert "is not that of" in refusal(tmp_path / "other.yaml", "--resume", stopped)
    assert "has seed 0, so it cannot go on with seed 7" in refusal("--resume", stopped, "--seed", 7)
    assert "goes with neither --out nor --force" in refusal("--resume", stopped, "--force")
    assert "goes with neither --out nor --force" in refusal("--resume", stopped, "--out", tmp_path / "new")
    monkeypatch.setattr(unfinished.dineutrino, "__version__", "7.0")
    assert "the fit began with dineutrino 0.1.0 and cannot go on with 7.0" in refusal("--resume", stopped)
    monkeypatch.undo()
    (stopped / "analysis.yaml").write_text(ANALYSIS + "seed: 3\n")
    assert "analysis.yaml' has changed since the fit began" in refusal("--resume", stopped)
    (stopped / "analysis.yaml").write_text(ANALYSIS)
    assert content(stopped) == before


def test_other_inputs_are_refused(stopped, monkeypatch):
    path = stopped / "unfinished" / "begun.npz"
    store(dataclasses.replace(read_back(path), likelihood="of other inputs"), path)
    assert "the inputs or measurements of the fit have changed since it began" in refusal("--resume", stopped)


def test_nothing_to_go_on_with(tmp_path, whole):
    assert "there is no folder" in refusal("--resume", tmp_path / "nowhere")
    (tmp_path / "thesis.tex").write_text("mine")
    assert "holds no fit that could go on" in refusal("--resume", tmp_path)
    assert "exists and is not a folder" in refusal("--resume", tmp_path / "thesis.tex")
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize("pattern", ["maximum-*.npz", "profile*.npz", "begun.npz"])
def test_damaged_files_are_refused(stopped, pattern):
    (path,) = (stopped / "unfinished").glob(pattern)
    path.write_bytes(path.read_bytes()[:100])
    line = refusal("--resume", stopped)
    assert str(path) in line
    assert "damaged" in line


# -- --force --------------------------------------------------------------------------------------------------------


@pytest.fixture
def earlier(whole, tmp_path):
    """An earlier fit with a plot that the new one does not draw, and a file of the user."""
    out = shutil.copytree(whole / "out", tmp_path / "out")
    (out / "old.png").write_text("old")
    with (out / ".dineutrino").open("a") as file:
        file.write("old.png\n")
    (out / "notes.txt").write_text("mine")
    return out


@pytest.mark.parametrize("stage", ["maximum", "profile"])
def test_force_leaves_the_earlier_fit_until_the_new_one_is_complete(whole, earlier, stage):
    before = content(earlier)
    with stopped_in(stage):
        result = run(whole / "small.yaml", "--out", earlier, "--force")
    assert result.exit_code == 130
    assert content(earlier) == before
    new = earlier / "unfinished" / "results"
    if stage == "maximum":
        assert not (earlier / "unfinished").exists()
        return
    assert f"what was finished is in {new}" in result.stderr
    assert "old.png" not in content(new)
    assert results(new)["missing"]


def test_a_kill_while_the_earlier_fit_is_replaced(tmp_path, monkeypatch):
    """After any number of steps: no new file beside an old one, and the next command completes it."""

    class Killed(BaseException):
        pass

    def put(folder, names):
        for name in names:
            (folder.staging / name).write_text(f"{names}")
        folder.publish()

    old, new = ("a.png", "numbers", "old.png"), ("a.png", "new.png", "numbers")
    for allowed in range(12):
        out = tmp_path / str(allowed)
        with ResultsFolder(out) as folder:
            put(folder, old)
            folder.finish()
        steps = iter(range(allowed))

        def step(call, steps=steps):
            def counted(*arguments, **options):
                if next(steps, None) is None:
                    raise Killed
                return call(*arguments, **options)

            return counted

        folder = ResultsFolder(out, force=True)
        put(folder, new)
        with monkeypatch.context() as patch, contextlib.suppress(Killed):
            patch.setattr(os, "replace", step(os.replace))
            patch.setattr(type(out), "unlink", step(type(out).unlink))
            folder.finish()
        folder._lock.close()
        mixed = {path.read_text() for path in out.iterdir() if path.is_file() and path.name != ".dineutrino"}
        assert mixed in ({f"{old}"}, {f"{new}"}, set())
        assert complete(out)
        left = {name: text.decode() for name, text in content(out).items() if name != ".dineutrino"}
        assert left == dict.fromkeys(new, f"{new}")
        assert (out / ".dineutrino").read_text().split() == [*new]
    assert next(steps, None) is not None, "more steps than were tried"


def test_an_unfinished_fit_is_given_up_only_for_a_better_one(whole, stopped):
    assert "replace a fit with --force or go on with --resume" in refusal(whole / "small.yaml", "--out", stopped)
    with stopped_in("maximum"):
        assert run(whole / "small.yaml", "--out", stopped, "--force").exit_code == 130
    assert "--force or go on with --resume" in refusal(whole / "small.yaml", "--out", stopped)
    with stopped_in("profile"):
        assert run(whole / "small.yaml", "--out", stopped, "--force").exit_code == 130
    assert results(stopped)["missing"] == ["posterior"]
    assert results(stopped / "unfinished" / "results")["missing"] == [f"profile of {NAME}", "posterior"]
    for _ in range(2):  # of several that are given up, the one whose results are in the folder can still go on
        with stopped_in("maximum"):
            assert run(whole / "small.yaml", "--out", stopped, "--force").exit_code == 130
    with stopped_in("posterior"):
        assert run("--resume", stopped).exit_code == 130
    assert results(stopped)["missing"] == ["posterior"]
    (stopped / "unfinished" / "begun.npz").unlink()
    assert "holds no fit that could go on" in refusal("--resume", stopped)


# -- processes ------------------------------------------------------------------------------------------------------


class Command:
    """A process of the command."""

    def __init__(self, *arguments, options=(), **environment):
        code = "from dineutrino_command import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, *options, "-c", code, "fit", *map(str, arguments)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        self.said = ""

    def wait_for_line(self, *parts):
        for line in self.process.stderr:
            self.said += line
            if all(part in line for part in parts):
                return
        pytest.fail(f"no line with {parts} in: {self.said}")

    def wait_for_file(self, path):
        while not path.exists():
            assert self.process.poll() is None, self.process.stderr.read()
            time.sleep(0.01)

    def stop(self, number):
        """Send a signal; the exit code."""
        self.process.send_signal(number)
        self.said += self.process.communicate(timeout=300)[1]
        assert "Traceback" not in self.said
        return self.process.returncode


posix = pytest.mark.skipif(sys.platform == "win32", reason="no signals for one process")


@posix
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_python_imports(tmp_path, number, code):
    command = Command("--out", tmp_path / "out", options=("-X", "importtime"))
    command.wait_for_line("import time:", "jax.numpy")
    assert command.stop(number) == code
    assert not list(tmp_path.iterdir())


@posix
def test_a_fit_that_is_stopped_in_every_stage_ends_as_in_one_go(whole, earlier):
    """Each signal follows an event; what compiles is not kept, so that the signals come while it compiles."""
    before, new = content(earlier), earlier / "unfinished" / "results"
    compiling = {"JAX_ENABLE_COMPILATION_CACHE": "0", "JAX_LOG_COMPILES": "1"}

    command = Command(whole / "small.yaml", "--out", earlier, "--force", **compiling)
    command.wait_for_line("Compiling", "_log_probs")  # the search has yet to be compiled, which takes seconds
    assert command.stop(signal.SIGINT) == 130
    assert "interrupted before the maximum was found: nothing is written." in command.said
    assert content(earlier) == before
    assert not (earlier / "unfinished").exists()

    command = Command(whole / "small.yaml", "--out", earlier, "--force")
    command.wait_for_line("maximum: ")
    assert command.stop(signal.SIGTERM) == 143
    assert content(earlier) == before
    assert set(content(new)) == NUMBERS
    assert "posterior" in results(new)["missing"]

    command = Command("--resume", earlier, **compiling)
    command.wait_for_line("Compiling", "_advance")
    assert command.stop(signal.SIGINT) == 130
    assert "maximum: 2 maxima; chi2" in command.said
    assert f"interrupted; what was finished is in {new}" in command.said
    assert results(new)["missing"] == ["posterior"]
    assert "predictions.png" in content(new)
    assert content(earlier) == before

    command = Command("--resume", earlier)
    command.wait_for_file(earlier / "unfinished" / "pilot.npz")
    assert command.stop(signal.SIGKILL) == -signal.SIGKILL
    assert content(earlier) == before

    assert run("--resume", earlier).exit_code == 0
    (earlier / "notes.txt").unlink()
    same_fit(earlier, whole / "out")


def test_a_hostile_environment_costs_no_numbers(tmp_path):
    """A home folder that cannot be written, an unknown backend of matplotlib, and a label that is no TeX."""
    analysis = ANALYSIS.replace("max: 40", r"max: 40, tex: '\nonsense{'")
    (tmp_path / "small.yaml").write_text(analysis)
    home = tmp_path / "small.yaml" / "home"
    environment = {"HOME": str(home), "XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": "", "MPLBACKEND": "nonsense"}
    command = Command(tmp_path / "small.yaml", "--out", tmp_path / "out", **environment)
    command.wait_for_line("posterior: ")
    command.said += command.process.communicate(timeout=300)[1]
    assert command.process.returncode == 0, command.said
    lost = f"the figure 'profile_{NAME.replace(' ', '_')}' could not be drawn: "
    assert lost in command.said
    assert lost in (tmp_path / "out" / "summary.md").read_text()
    assert {"posterior.nc", "predictions.png", *NUMBERS} <= set(content(tmp_path / "out"))
    assert not list((tmp_path / "out").glob("profile_*"))
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["out", "small.yaml"]
