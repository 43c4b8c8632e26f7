"""Compiled programs that are kept on disk between runs, and what is kept out."""

import os
import subprocess
import sys
from dataclasses import make_dataclass
from types import SimpleNamespace

import jax
import pytest
from jax.experimental.compilation_cache import compilation_cache
from typer.testing import CliRunner

from dineutrino.analysis import fit as stages
from dineutrino.analysis import parse_analysis
from dineutrino.analysis.schema import PosteriorRecord
from dineutrino.cli import app
from dineutrino.errors import NotConverged
from dineutrino.io import compiled

CODE = """
import jax
from dineutrino.io import compiled
compiled.QUICK = 0.0
events = []
jax.monitoring.register_event_listener(lambda name, **_: events.append(name.rsplit("/", 1)[1]))
print(compiled.keep_compiled("1.2"))
jax.jit(lambda x: 2 * x + 1)(3.0)
print(events.count("cache_misses") > 0, events.count("cache_hits") > 0)
"""


@pytest.fixture
def enabled():
    """The cache of the tests as it was, whatever happens."""
    assert jax.config.jax_enable_compilation_cache
    yield
    jax.config.update("jax_enable_compilation_cache", True)
    compilation_cache.reset_cache()


def session(**environment):
    """Folder; whether something was compiled anew and kept; whether something was found."""
    usual = {name: value for name, value in os.environ.items() if name != "JAX_COMPILATION_CACHE_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, env=usual | environment, timeout=120, check=True
    )
    assert done.stderr == ""
    folder, events = done.stdout.splitlines()
    return folder, events


@pytest.mark.slow
def test_the_second_session_finds_what_the_first_compiled(tmp_path):
    folder, events = session(XDG_CACHE_HOME=str(tmp_path))
    assert folder.startswith(str(tmp_path / "dineutrino" / f"compiled-1.2-jax-{jax.__version__}-"))
    assert events == "True False"
    assert os.listdir(folder)
    assert session(XDG_CACHE_HOME=str(tmp_path)) == (folder, "False True")


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "file").touch()
    assert session(XDG_CACHE_HOME=str(tmp_path / "file")) == ("None", "False False")
    assert session(XDG_CACHE_HOME="", HOME=str(tmp_path / "file")) == ("None", "False False")


@pytest.mark.slow
def test_the_folder_of_the_user_is_left_as_it_is(tmp_path):
    own = {"JAX_COMPILATION_CACHE_DIR": str(tmp_path / "own"), "XDG_CACHE_HOME": str(tmp_path / "home")}
    own["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
    assert session(**own) == ("None", "True False")
    assert session(**own, DINEUTRINO_CACHE="0") == ("None", "False False")
    assert os.listdir(tmp_path) == ["own"]


def test_what_was_used_longest_ago_goes_first(tmp_path, monkeypatch):
    monkeypatch.setattr(compiled, "MOST", 250)
    for age, name in enumerate(("new", "old", "older")):
        (tmp_path / name).write_bytes(bytes(100))
        os.utime(tmp_path / name, (1e9 - age, 1e9 - age))
    compiled._forget_oldest(tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["new", "old"]


@pytest.mark.parametrize(
    "command", [("predict", "BR(B+->Knun)"), ("fit", "no.yaml"), ("reproduce", "no")], ids=lambda command: command[0]
)
def test_every_command_that_computes_keeps_unless_told_otherwise(command, monkeypatch):
    called = []
    monkeypatch.setattr(compiled, "keep_compiled", lambda version: called.append("kept"))
    monkeypatch.setattr(compiled, "keep_nothing", lambda: called.append("nothing"))
    for options in ((), ("--no-cache",)):
        assert CliRunner().invoke(app, [*command, *options]).exit_code == 2
    assert called == ["kept", "nothing"]


def test_large_programs_are_not_kept(enabled):
    with compiled.not_kept():
        assert not jax.config.jax_enable_compilation_cache
    with compiled.not_kept(large=False):
        assert jax.config.jax_enable_compilation_cache
    compiled.keep_nothing()
    with compiled.not_kept():
        pass
    assert not jax.config.jax_enable_compilation_cache


@pytest.mark.slow
@pytest.mark.parametrize(("most", "kept"), [(100, True), (0, False)])
def test_samplers_of_many_parameters_are_not_kept(enabled, tmp_path, monkeypatch, most, kept):
    """XLA of jaxlib 0.10 may crash while it writes those of the published likelihood of Belle II."""
    seen = []

    def posterior(*arguments, **settings):
        seen.append(jax.config.jax_enable_compilation_cache)
        raise NotConverged("enough")

    text = "parameters: {Re CL_bsnutaunutau: {min: 0, max: 9}}\nmeasurements: marzocca2024\nnuisances: none\n"
    fit = stages.Fit(parse_analysis(text, "mine.yaml", tmp_path))
    monkeypatch.setattr(stages, "MOST_KEPT", most)
    monkeypatch.setattr(stages, "posterior", posterior)
    monkeypatch.setattr(stages.Fit, "result", lambda fit: SimpleNamespace(provenance=make_dataclass("Nothing", [])))
    monkeypatch.setattr(stages.Fit, "maxima", None)
    assert fit._sample(PosteriorRecord()).untrusted
    assert seen == [kept]
    assert jax.config.jax_enable_compilation_cache
