"""`dineutrino data` as a user types it."""

import json
import shutil
import signal
import subprocess
import sys
import time

import pytest
from belle2_files import belle2_folder
from file_server import serving
from typer.testing import CliRunner

from dineutrino.cli import app
from dineutrino.measurements.published.belle2_2025.manifest import published

NAMES = [file.name for file in published().files]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def run(*arguments):
    return CliRunner().invoke(app, ["data", *map(str, arguments)])


def refusal(*arguments):
    result = run(*arguments)
    assert result.exit_code == 2, (result.exit_code, result.stdout, result.stderr)
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line


@pytest.mark.slow
def test_the_published_files_are_fetched_and_checked(tmp_path):
    folder = belle2_folder()
    out = tmp_path / "out"
    with serving(**{name: (folder / name).read_bytes() for name in NAMES}) as server:
        first = run("fetch", "belle2_2025", "--out", out, "--base-url", server.url)
        again = run("fetch", "belle2_2025", "--out", out, "--base-url", server.url)
        assert len(server.requests) == 4
    assert (first.exit_code, again.exit_code) == (0, 0), first.stderr
    assert first.stderr.count(": fetched") == again.stderr.count(": already there") == 4
    assert "hepdata.166082" in first.stderr
    assert f"DINEUTRINO_DATA={out}" in first.stdout
    result = run("check", out, "--json")
    assert result.exit_code == 0
    assert [(row["name"], row["ok"], row["problems"]) for row in json.loads(result.stdout)] == [
        (name, True, []) for name in NAMES
    ]
    table = run("check", out)
    assert table.exit_code == 0
    assert table.stdout.count("  ok") == 4


def test_a_broken_file_is_found(tmp_path):
    shutil.copyfile(belle2_folder() / NAMES[0], tmp_path / NAMES[0])
    (tmp_path / NAMES[1]).write_text("0,1\n")
    result = run("check", tmp_path)
    assert result.exit_code == 1
    assert result.stdout.count("broken") == 3
    assert f"{NAMES[1]}: row 1 has 2 columns, not 101." in result.stderr
    assert result.stderr.count("there is no file") == 2
    rows = json.loads(run("check", tmp_path, "--json").stdout)
    assert [row["ok"] for row in rows] == [True, False, False, False]


def test_bad_input(tmp_path, monkeypatch):
    assert "did you mean 'belle2_2025'?" in refusal("fetch", "belle2_2024")
    assert "holds none of the published files" in refusal("check", tmp_path)
    (tmp_path / "file").touch()
    assert "file' is a file, not a folder with" in refusal("check", tmp_path / "file")
    (tmp_path / "file").unlink()
    assert "does not start with https://" in refusal("fetch", "belle2_2025", "--out", tmp_path, "--base-url", "x")
    assert "cannot be reached" in refusal(
        "fetch", "belle2_2025", "--out", tmp_path / "a" / "b", "--base-url", "http://127.0.0.1:9"
    )
    assert list(tmp_path.iterdir()) == []
    monkeypatch.delenv("DINEUTRINO_DATA", raising=False)
    assert "dineutrino data fetch belle2_2025" in refusal("check")
    with serving(**{NAMES[0]: b"{}"}) as server:
        sentence = refusal("fetch", "belle2_2025", "--out", tmp_path, "--base-url", server.url)
    assert "is not the published content" in sentence
    assert list(tmp_path.iterdir()) == []
    assert run().exit_code == 2


@pytest.mark.slow
def test_interrupted_by_the_user(tmp_path):
    """Control-C in a real process: exit code 130, one sentence, and what has arrived is kept."""
    content = b"{" + b" " * 50_000
    with serving(**{NAMES[0]: content}) as server:
        server.stop, server.pause = 20_000, 30.0
        command = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # also in the background
        command += "from dineutrino.cli import main; main()"
        arguments = ("data", "fetch", "belle2_2025", "--out", tmp_path, "--base-url", server.url)
        process = subprocess.Popen(
            [sys.executable, "-c", command, *map(str, arguments)], stderr=subprocess.PIPE, text=True
        )
        part = tmp_path / f"{NAMES[0]}.part"
        assert server.paused.wait(60)
        while not part.is_file() or part.stat().st_size < 16_384:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert stderr == "interrupted; the same command goes on from there.\n"
    assert [path.name for path in tmp_path.iterdir()] == [part.name]
