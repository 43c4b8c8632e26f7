"""`dineutrino fit`: what it leaves behind, also when something goes wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from dineutrino import report
from dineutrino.analysis import Analysis, load_analysis, parse_analysis
from dineutrino.analysis import fit as fitting
from dineutrino.analysis.fit import Fit, Stage
from dineutrino.cli import app
from dineutrino.cli.results_folder import ResultsFolder
from dineutrino.errors import DineutrinoError, NotConverged
from dineutrino.inference import Checkpoint

pytestmark = pytest.mark.slow

ANALYSIS = """\
name: a small fit
parameters:
  Re CL_bsnutaunutau: {min: -40, max: 40}
measurements: marzocca2024
nuisances: none
predictions: [BR(B+->Knunu)]
profile: {points: 9}
posterior: {chains: 2, warmup: 200, draws: 1500}
"""
NAME = "Re CL_bsnutaunutau"


def run(*arguments):
    return CliRunner().invoke(app, ["fit", *map(str, arguments)])


def refusal(*arguments):
    """The one sentence of a refused fit."""
    result = run(*arguments)
    assert result.exit_code == 2, (result.exit_code, result.stdout, result.stderr)
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


def holds(folder):
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture
def stubbed(monkeypatch):
    """A fit that computes nothing; what it does can be changed."""
    behaviour = SimpleNamespace(
        stages=[Stage("maximum", lambda: "found")], result="result", untrusted=[], files=["a.png"]
    )

    class Stub:
        begun = SimpleNamespace(write=lambda folder: (folder / "begun.npz").write_text(""))

        def __init__(self, analysis: Analysis, seed: int | None, progress: bool, checkpoint: Checkpoint):
            self.analysis, self.untrusted, self.interrupted = analysis, behaviour.untrusted, False

        def stages(self):
            return iter(behaviour.stages)

        def keep(self, title, files):
            (files.folder / f"{title}.npz").write_text(title)

        def result(self, figures=False):
            return behaviour.result

    def write_numbers(result, folder):
        (folder / "results.json").write_text(json.dumps({"untrusted": behaviour.untrusted}))
        write_summary(result, folder)

    def draw(result, folder):
        for name in behaviour.files:
            (folder / name).write_text(name)
        return [folder / name for name in behaviour.files], []

    def write_summary(result, folder, drawn=(), not_drawn=()):
        (folder / "summary.md").write_text("# stub\n\n## Best fit\n\nhere\n\n## To cite\n\nnobody\n")

    monkeypatch.setattr(fitting, "Fit", Stub)
    for replacement in (write_numbers, draw, write_summary):
        monkeypatch.setattr(report, replacement.__name__, replacement)
    monkeypatch.setattr("dineutrino.cli.fit._import_ahead", lambda: None)
    return behaviour


def raising(error):
    def compute(*arguments):
        raise error

    return compute


# -- the whole way --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """A real fit: the result of the command, and the folder above DIR."""
    folder = tmp_path_factory.mktemp("fit")
    (folder / "small.yaml").write_text(ANALYSIS)
    return run(folder / "small.yaml", "--out", folder / "new" / "out", "--seed", 3), folder


def test_fit_writes_everything(fitted):
    result, folder = fitted
    assert result.exit_code == 0, result.stderr
    out = folder / "new" / "out"
    assert {"results.json", "posterior.nc", "summary.md", "predictions.md", "corner.png", "corner.pdf"} <= set(
        holds(out)
    )
    assert (out / "analysis.yaml").read_text() == ANALYSIS
    assert holds(folder) == ["new", "small.yaml"]
    assert holds(out.parent) == ["out"]
    content = json.loads((out / "results.json").read_text(), parse_constant=lambda name: pytest.fail(name))
    assert content["untrusted"] == []
    assert oct(out.stat().st_mode) == oct(out.parent.stat().st_mode)


def test_fit_prints_what_it_found(fitted):
    result, folder = fitted
    assert result.stdout.startswith("# a small fit\n")
    for section in ("Best fit", "Confidence intervals", "Posterior", "Predictions"):
        assert f"\n## {section}\n" in result.stdout
    assert "To cite" not in result.stdout
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == [
        "maximum",
        f"profile of {NAME}",
        "posterior",
        "tables and plots",
        f"everything is in {folder / 'new' / 'out'}",
    ]


def test_fit_does_not_touch_what_exists(fitted):
    _, folder = fitted
    out = folder / "new" / "out"
    before = {entry.name: entry.stat().st_mtime_ns for entry in out.iterdir()}
    assert "is not empty; choose another --out, or replace a fit with --force" in refusal("--out", out)
    assert {entry.name: entry.stat().st_mtime_ns for entry in out.iterdir()} == before


def test_example_is_the_default_analysis(tmp_path, stubbed):
    result = run("--example")
    assert result.exit_code == 0
    (tmp_path / "mine.yaml").write_text(result.stdout)
    assert run(tmp_path / "mine.yaml", "--out", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out" / "analysis.yaml").read_text() == result.stdout


# -- stages that fail -----------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path):
    (tmp_path / "small.yaml").write_text(ANALYSIS)
    return tmp_path / "small.yaml"


def test_what_must_not_be_trusted_is_said(tmp_path, stubbed):
    stubbed.untrusted = ["posterior, R-hat: too large."]
    result = run("--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "not to be trusted: posterior, R-hat: too large.\n" in result.stderr
    assert "results.json" in holds(tmp_path / "out")


def test_a_maximum_that_is_not_found(tmp_path, stubbed):
    stubbed.stages = [Stage("maximum", raising(NotConverged("no search converged.")))]
    result = run("--out", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr == "not converged: no search converged.\n"
    assert holds(tmp_path) == []


def test_interruption_before_there_is_a_result(tmp_path, stubbed):
    stubbed.stages = [Stage("maximum", raising(KeyboardInterrupt()))]
    stubbed.result = None
    result = run("--out", tmp_path / "out")
    assert result.exit_code == 130
    assert result.stderr == "interrupted before the maximum was found: nothing is written.\n"
    assert holds(tmp_path) == []


def test_interruption_of_a_later_stage(tmp_path, stubbed):
    stubbed.stages.append(Stage("posterior", raising(KeyboardInterrupt())))
    result = run("--out", tmp_path / "out")
    assert result.exit_code == 130
    assert f"interrupted; what was finished is in {tmp_path / 'out'}" in result.stderr
    assert "results.json" in holds(tmp_path / "out")


@pytest.mark.parametrize("part", ["draw", "write_summary"])
def test_interruption_while_drawing_leaves_the_numbers(tmp_path, stubbed, monkeypatch, part):
    monkeypatch.setattr(report, part, raising(KeyboardInterrupt()))
    result = run("--out", tmp_path / "out")
    assert result.exit_code == 130
    left = [".dineutrino", "analysis.yaml", "results.json", "summary.md", "unfinished"]
    assert holds(tmp_path / "out") == left


def test_a_full_disk(tmp_path, stubbed, monkeypatch):
    def write_numbers(result, folder):
        (folder / "results.json").write_text("{}")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(report, "write_numbers", write_numbers)
    result = run("--out", tmp_path / "out")
    assert result.exit_code == 2
    line = result.stderr.splitlines()[-1]
    assert line == f"the results cannot be written to '{tmp_path / 'out'}': No space left on device."
    assert holds(tmp_path) == []


def test_a_disk_that_fills_up_while_drawing_does_not_cost_the_numbers(tmp_path, stubbed, monkeypatch):
    monkeypatch.setattr(report, "draw", raising(OSError(28, "No space left on device")))
    result = run("--out", tmp_path / "out")
    assert result.stderr.splitlines()[-1].endswith("No space left on device.")
    assert "results.json" in holds(tmp_path / "out")


def test_stages_that_do_not_converge_are_kept_and_flagged(monkeypatch):

    text = ANALYSIS.replace("posterior: {chains: 2, warmup: 200, draws: 1500}", "posterior: true")
    fit = Fit(parse_analysis(text, "a.yaml", Path()), seed=2)
    assert fit.result() is None
    maximum, profile, posterior = fit.stages()
    maxima = fitting.maximum(fit.likelihood, fit._keys[0])

    def not_converged(result):
        def compute(*arguments, **options):
            raise NotConverged("it did not converge.", result=result)

        return compute

    monkeypatch.setattr(fitting, "maximum", not_converged(None))
    with pytest.raises(NotConverged):
        maximum.compute()
    monkeypatch.setattr(fitting, "maximum", not_converged(maxima))
    assert maximum.compute().startswith("2 maxima; chi2 = ")
    assert fit.result().maxima is maxima
    monkeypatch.setattr(fitting, "profile", not_converged(None))
    assert profile.compute() == "not converged"
    monkeypatch.setattr(fitting, "posterior", not_converged(None))
    assert posterior.compute() == "not converged"
    assert fit.untrusted == ["it did not converge."] * 3
    assert fit.result().untrusted == tuple(fit.untrusted)
    assert not fit.result().profiles


def test_pairs_of_parameters():

    default = load_analysis()
    two = Fit(default)
    assert two.pairs(default.profile) == [("Re CL_bsnutaunutau", "Re CR_bsnutaunutau")]
    names = [f"{part} C{x}_bsnuenue" for part in ("Re", "Im") for x in "LR"]
    parameters = "".join(f"  {name}: {{min: -1, max: 1}}\n" for name in names)
    text = f"parameters:\n{parameters}measurements: marzocca2024\nnuisances: none\n"
    four = parse_analysis(text, "a.yaml", Path())
    assert Fit(four).pairs(four.profile) == []
    named = parse_analysis(f"{text}profile: {{pairs: [[{names[0]}, {names[3]}]]}}\n", "a.yaml", Path())
    assert Fit(named).pairs(named.profile) == [(names[0], names[3])]


# -- where the results go -------------------------------------------------------------------------------------------


def test_force_replaces_the_results_of_a_fit_only(tmp_path, stubbed):
    out = tmp_path / "out"
    assert run("--out", out).exit_code == 0
    (out / "notes.txt").write_text("mine")
    stubbed.files = ["b.png"]
    assert run("--out", out, "--force").exit_code == 0
    expected = [".dineutrino", "analysis.yaml", "b.png", "notes.txt", "results.json", "summary.md"]
    assert holds(out) == expected
    assert (out / "notes.txt").read_text() == "mine"
    assert holds(tmp_path) == ["out"]


def test_force_does_not_replace_other_folders(tmp_path, stubbed):
    (tmp_path / "thesis.tex").write_text("mine")
    assert "holds no results of a fit, so --force does not replace it" in refusal("--out", tmp_path, "--force")
    assert holds(tmp_path) == ["thesis.tex"]


def test_an_empty_folder_is_used(tmp_path, stubbed):
    assert run("--out", tmp_path).exit_code == 0
    assert holds(tmp_path) == [".dineutrino", "a.png", "analysis.yaml", "results.json", "summary.md"]


@pytest.mark.parametrize("place", ["file", "file/out", "file/deep/out", "link"])
def test_unwritable_folders_are_refused_before_anything_is_computed(tmp_path, stubbed, place):
    (tmp_path / "file").write_text("a regular file")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    stubbed.stages = [Stage("maximum", raising(AssertionError("computed")))]
    refusal("--out", tmp_path / place)
    refusal("--out", tmp_path / place, "--force")
    assert holds(tmp_path) == ["file", "link"]


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc, which nobody can write to")
def test_a_folder_that_not_even_root_can_write(stubbed):
    assert "the folder '/proc/nothing/out' cannot be written" in refusal("--out", "/proc/nothing/out")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path, stubbed):
    (tmp_path / "closed").mkdir(mode=0o500)
    assert "cannot be written: Permission denied" in refusal("--out", tmp_path / "closed" / "out")


def test_two_commands_do_not_work_in_one_folder(tmp_path):
    with ResultsFolder(tmp_path / "out"):
        with pytest.raises(DineutrinoError, match="is not empty"):
            ResultsFolder(tmp_path / "out")
        with pytest.raises(DineutrinoError, match=r"another command is at work in '.*out'; wait for it"):
            ResultsFolder(tmp_path / "out", force=True)
        with pytest.raises(DineutrinoError, match="another command is at work in"):
            ResultsFolder(tmp_path / "out", resume=True)
    assert holds(tmp_path) == []


# -- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"marzocca2024": "marzoca2024"}, "line 4, measurements: unknown measurement or set of measurements"),
        ({"Re CL_bsnutaunutau": "Re CL_bsnutautau"}, "line 3, parameters.Re CL_bsnutautau: unknown parameter"),
        ({"BR(B+->Knunu)": "BR(B+->Knun)"}, "line 6, predictions[0]: unknown observable"),
        ({"BR(B+->Knunu)": "[<BR>(B+->Knunu), 8, 4]"}, "line 6, predictions[0]: the q2 bin [8, 4]"),
        ({"min: -40": "min: .nan"}, "line 3, parameters.Re CL_bsnutaunutau.min: must be a finite number"),
        ({"max: 40}": "max: 40"}, "not readable as YAML"),
        ({"name: a small fit": "inputs: defalt"}, "line 1, inputs: unknown input set 'defalt'"),
    ],
)
def test_wrong_analysis_files(tmp_path, stubbed, change, said):
    text = ANALYSIS
    for old, new in change.items():
        text = text.replace(old, new)
    path = tmp_path / "wrong.yaml"
    path.write_text(text)
    line = refusal(path, "--out", tmp_path / "out")
    assert line.startswith(f"{path}, line ")
    assert said in line
    assert holds(tmp_path) == ["wrong.yaml"]


def test_a_missing_analysis_file(tmp_path, stubbed):
    assert "there is no file" in refusal(tmp_path / "nothing.yaml", "--out", tmp_path / "out")
    assert holds(tmp_path) == []


def test_single_precision_is_refused(small, tmp_path):
    code = "from dineutrino.cli import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", code, "fit", str(small), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        env={**os.environ, "DINEUTRINO_ENABLE_X64": "0"},
        timeout=120,
        check=False,
    )
    assert result.returncode == 2, result.stderr
    (line,) = result.stderr.splitlines()
    assert "x64 disabled" in line
    assert result.stdout == ""
    assert holds(tmp_path) == ["small.yaml"]
