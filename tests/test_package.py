"""What importing the package does, and does not do."""

import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec

import pytest

from dineutrino.moved import MOVED

PROBE = """
import builtins, pathlib, sys
opened = []
original = builtins.open
def spy(file, *a, **k):
    opened.append(str(file))
    return original(file, *a, **k)
builtins.open = spy
import io; io.open = spy
read_bytes, read_text = pathlib.Path.read_bytes, pathlib.Path.read_text
import jax
compiled = []
jax.monitoring.register_event_duration_secs_listener(lambda name, *a, **k: compiled.append(name))
import dineutrino
heavy = {"numpyro", "arviz", "matplotlib", "scipy.stats", "xarray", "pydantic", "blackjax", "pandas"}
print("YAML", [name for name in opened if name.endswith((".yaml", ".yml"))])
print("COMPILED", compiled)
print("HEAVY", sorted(heavy & set(sys.modules)))
print("X64", jax.config.jax_enable_x64)
"""


def probe(**environment):
    done = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=True, env={"PATH": "", **environment}
    )
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())


@pytest.mark.slow
def test_import_does_no_work():
    found = probe()
    assert found["YAML"] == "[]"
    assert found["COMPILED"] == "[]"
    assert found["HEAVY"] == "[]"


@pytest.mark.slow
def test_import_enables_double_precision_unless_told_otherwise():
    assert probe()["X64"] == "True"
    assert probe(DINEUTRINO_ENABLE_X64="0")["X64"] == "False"


def test_the_public_names_exist():
    import dineutrino

    for name in dineutrino.__all__:
        assert getattr(dineutrino, name) is not None


@pytest.mark.parametrize("old", MOVED)
def test_modules_that_moved_say_where_they_are(old):
    assert find_spec(f"dineutrino.{MOVED[old]}") is not None
    with pytest.raises(ModuleNotFoundError, match=f"^dineutrino.{old} is no more; use dineutrino.{MOVED[old]}.$"):
        import_module(f"dineutrino.{old}")


def test_modules_that_never_were_are_not_found():
    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'dineutrino\.eft\.nonsense'$"):
        import_module("dineutrino.eft.nonsense")
