"""What slow tests depend on, so that they are skipped only where nothing of it has changed."""

import shutil
from pathlib import Path

import pytest
import unchanged

import dineutrino

ROOT = Path(dineutrino.__file__).parent


def sources(file):
    return unchanged._sources(unchanged._modules(unchanged._neighbours(unchanged.TESTS / file)))


def test_tests_of_inference_depend_on_no_physics():
    found = sources("inference/test_audit.py")
    assert ROOT / "inference/tempering.py" in found
    assert ROOT / "inference/coordinates.py" in found
    assert not any(path.parent in (ROOT / "running", ROOT / "observables", ROOT / "inputs/data") for path in found)


def test_numbers_are_depended_on():
    found = sources("models/test_smeft_model.py")
    assert ROOT / "inputs/data/scalars.yaml" in found
    assert found >= {path for path in (ROOT / "eft/data").rglob("*") if path.is_file()}
    golden = unchanged._neighbours(unchanged.TESTS / "golden/test_golden.py")
    assert [path.name for path in unchanged._data_beside(golden)] == ["golden.npz"]


@pytest.mark.parametrize("file", ["test_cli_resume.py", "test_package.py"])
def test_who_starts_the_command_depends_on_everything(file):
    assert sources(file) >= set(ROOT.rglob("*.py"))


def test_what_lies_beside_a_test_is_depended_on():
    files = unchanged._neighbours(unchanged.TESTS / "inference/test_audit.py")
    assert files >= {unchanged.TESTS / "inference/toys.py", unchanged.TESTS.parent / "benchmarks/modes.py"}


def test_a_digest_changes_with_what_is_depended_on(monkeypatch, tmp_path):
    """And only with that; without a change it stays."""
    (tmp_path / "conftest.py").write_text("")
    test = tmp_path / "test_one.py"
    test.write_text("import helper\nfrom dineutrino.numerics import kinematics\n")
    (tmp_path / "helper.py").write_text("PATH = 'numbers.json'\n")
    (tmp_path / "numbers.json").write_text("1")
    (tmp_path / "others.json").write_text("1")
    monkeypatch.setattr(unchanged, "TESTS", tmp_path)
    monkeypatch.setattr(unchanged, "RECORD", tmp_path / "passed.json")

    def now():
        unchanged.digest.cache_clear()
        unchanged._imported.cache_clear()
        return unchanged.digest("test_one.py")

    before = now()
    (tmp_path / "others.json").write_text("2")
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(ROOT, elsewhere / "dineutrino")
    with monkeypatch.context() as there:
        there.setattr(dineutrino, "__file__", str(elsewhere / "dineutrino/__init__.py"))
        assert now() == before
    assert now() == before
    for name, text in (
        ("numbers.json", "2"),
        ("helper.py", "PATH = 'numbers.json'\nX = 1\n"),
        ("conftest.py", "X = 1\n"),
    ):
        (tmp_path / name).write_text(text)
        assert now() != before
        before = now()
    version = unchanged.version
    monkeypatch.setattr(unchanged, "version", lambda name: "0" if name == "jax" else version(name))
    assert now() != before


def test_a_record_keeps_other_files_and_forgets_those_that_are_gone(monkeypatch, tmp_path):
    (tmp_path / "conftest.py").write_text("")
    for name in ("test_a.py", "test_b.py"):
        (tmp_path / name).write_text("")
    record = tmp_path / "passed.json"
    record.write_text('{"test_a.py": "old", "test_c.py": "gone"}')
    monkeypatch.setattr(unchanged, "TESTS", tmp_path)
    monkeypatch.setattr(unchanged, "RECORD", record)
    unchanged.digest.cache_clear()
    unchanged.record(["test_b.py"])
    assert unchanged.passed() == {"test_a.py": "old", "test_b.py": unchanged.digest("test_b.py")}
    unchanged.digest.cache_clear()
