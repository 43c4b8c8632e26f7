"""Files of the di-tau tails: found, checked, fetched from a server, refused."""

import json
import shutil
from pathlib import Path

import pytest
from file_server import serving
from published_files import published_folder
from typer.testing import CliRunner

from dineutrino.cli import app
from dineutrino.errors import DineutrinoError
from dineutrino.measurements.published.atlas2020_ditau import NAME, check, fetch, files, published


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture(scope="module")
def folder():
    return published_folder("atlas_ditau_2002_12223")


@pytest.fixture
def copied(folder, tmp_path):
    copy = tmp_path / "atlas_ditau_2002_12223"
    shutil.copytree(folder, copy, copy_function=lambda a, b: Path(b).write_bytes(Path(a).read_bytes()))
    for path in copy.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    copy.chmod(0o755)
    return copy


def run(*arguments):
    return CliRunner().invoke(app, ["data", *map(str, arguments)])


def test_the_files_are_the_published_ones(folder):
    reports = check(folder)
    assert [report.name for report in reports] == [
        "di-tau_ATLAS_2002_12223.csv", "kernels", "parton_luminosities_PDF4LHC15",
    ]  # fmt: skip
    assert all(report.ok for report in reports), reports
    assert len(published().files) == 1 + 188 + 26


def test_what_is_wrong_is_named(copied):
    """By name of the file; other ends of lines do not count."""
    (copied / "kernels" / "FVLL_00_bb_tata_Reg_Reg.dat").unlink()
    broken = copied / "parton_luminosities_PDF4LHC15" / "b_bbar.dat"
    broken.write_text(broken.read_text().replace("1", "2", 1))
    table = copied / "di-tau_ATLAS_2002_12223.csv"
    table.write_bytes(table.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    of_table, kernels, luminosities = check(copied)
    assert of_table.ok
    assert kernels.problems == ("'FVLL_00_bb_tata_Reg_Reg.dat' is missing.",)
    assert luminosities.problems == ("'b_bbar.dat' is not the published file.",)
    result = run("check", copied.parent, "--json")
    assert result.exit_code == 1
    assert [row["ok"] for row in json.loads(result.stdout)] == [True, False, False]


def test_where_they_are(folder, copied, monkeypatch):
    assert files().directory(copied) == files().directory(copied.parent) == copied
    monkeypatch.setenv("DINEUTRINO_DATA", str(copied.parent))
    assert files().directory() == copied
    result = run("check")
    assert result.exit_code == 0, result.stderr
    assert "188 files" in result.stdout
    monkeypatch.delenv("DINEUTRINO_DATA")
    with pytest.raises(DineutrinoError, match="no folder with the files of the di-tau tails is named"):
        files().directory()
    with pytest.raises(DineutrinoError, match="does not exist, so it holds none of the files of the di-tau tails"):
        files().directory(copied.parent / "nowhere")


@pytest.mark.slow
def test_fetching(folder, tmp_path):
    """All of them, once; what is broken is fetched anew, and what the server sends wrongly is deleted."""
    served = {file.path: (folder / file.folder / file.name).read_bytes() for file in published().files}
    out = tmp_path / NAME
    with serving(**served) as server:
        first = run("fetch", NAME, "--out", out, "--base-url", server.url)
        assert first.exit_code == 0, first.stderr
        assert first.stderr.count(": fetched") == len(server.requests) == 215
        assert "arXiv:2207.10756" in first.stderr
        (out / "kernels" / "FVLL_00_bb_tata_Reg_Reg.dat").write_text("")
        assert [done.status for done in fetch(out, server.url)].count("replaced") == 1
        assert len(server.requests) == 216
        wrong = published().files[-1]
        server.files[wrong.path] = b"other"
        (out / wrong.folder / wrong.name).unlink()
        with pytest.raises(DineutrinoError, match="is not the published file; it was deleted"):
            fetch(out, server.url)
    assert not list(out.rglob("*.part"))
    assert sum(not report.ok for report in check(out)) == 1


def test_unknown_names():
    result = run("fetch", "atlas2020_dita")
    assert result.exit_code == 2
    assert "'atlas2020_ditau'" in result.stderr
