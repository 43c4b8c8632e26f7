"""Downloads from a local server: complete, broken off and continued, wrong, interrupted."""

import pytest
import synthetic
from file_server import serving

from dineutrino.errors import DineutrinoError
from dineutrino.io.download import Truncated, download_part
from dineutrino.measurements.published.belle2_2025 import check, fetch, fetching
from dineutrino.measurements.published.belle2_2025.manifest import read_manifest

MANIFEST = read_manifest(synthetic.content(), "synthetic.yaml")
CONTENT = {name: text.encode() for name, text in synthetic.FILES.items()}
NAME = "workspace.json"  # the first one
HALF = len(CONTENT[NAME]) // 2


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def server():
    with serving(**CONTENT) as server:
        yield server


def get(server, folder, **options):
    return {file.name: file.status for file in fetch(folder, server.url, MANIFEST, **options)}


def refusal(server, folder, kind=DineutrinoError):
    with pytest.raises(kind) as raised:
        get(server, folder)
    message = str(raised.value)
    assert message.endswith(".")
    assert "\n" not in message
    return message


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_everything(server, tmp_path):
    seen = []
    folder = tmp_path / "new" / "folder"
    assert set(get(server, folder, progress=lambda *step: seen.append(step)).values()) == {"fetched"}
    assert {name: (folder / name).read_bytes() for name in names(folder)} == CONTENT
    assert all(report.ok for report in check(folder, MANIFEST))
    assert {step for step in seen if step[1] == step[2]} == {(name, len(c), len(c)) for name, c in CONTENT.items()}


def test_what_is_there_is_not_fetched_again(server, tmp_path):
    synthetic.write(tmp_path)
    (tmp_path / "second.csv").write_text("0.0,0,0,0")  # other spelling
    (tmp_path / "first.csv").write_text("0,1,2,3\n0,0.5,0.5,0.6\n")
    expected = {NAME: "already there", "first.csv": "replaced", "second.csv": "already there"}
    assert get(server, tmp_path) == expected
    assert [name for name, _ in server.requests] == ["first.csv"]
    assert names(tmp_path) == sorted(CONTENT)


def test_a_truncated_download_goes_on(server, tmp_path):
    server.stop = HALF
    message = refusal(server, tmp_path, Truncated)
    assert f"ended after {HALF} of {len(CONTENT[NAME])} bytes; the same command goes on from there" in message
    assert names(tmp_path) == [f"{NAME}.part"]
    assert (tmp_path / f"{NAME}.part").read_bytes() == CONTENT[NAME][:HALF]
    server.stop, server.requests = None, []
    get(server, tmp_path)
    assert server.requests[0] == (NAME, f"bytes={HALF}-")
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == CONTENT


def test_a_server_without_ranges_sends_everything(server, tmp_path):
    server.ranges = False
    (tmp_path / f"{NAME}.part").write_bytes(b"x" * (2 * len(CONTENT[NAME])))
    get(server, tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == CONTENT


def test_a_complete_part_only_needs_its_name(server, tmp_path):
    """As after an interruption between the last byte and the new name."""
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT[NAME])
    assert get(server, tmp_path)[NAME] == "fetched"
    assert (tmp_path / NAME).read_bytes() == CONTENT[NAME]


def test_a_part_that_is_too_long_begins_anew(server, tmp_path):
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT[NAME] + b"more")
    get(server, tmp_path)
    assert [asked for name, asked in server.requests if name == NAME] == [f"bytes={len(CONTENT[NAME]) + 4}-", None]
    assert (tmp_path / NAME).read_bytes() == CONTENT[NAME]


def test_a_part_of_something_else_is_deleted(server, tmp_path):
    (tmp_path / f"{NAME}.part").write_bytes(b"y" * HALF)
    assert "it was deleted, the same command begins anew" in refusal(server, tmp_path)
    assert names(tmp_path) == []
    get(server, tmp_path)


@pytest.mark.parametrize("content", [b"<html>please log in</html>", CONTENT[NAME].replace(b"6.0", b"6.5"), b""])
def test_other_content(server, tmp_path, content):
    server.files[NAME] = content
    kept = b"what the user had before"
    (tmp_path / NAME).write_bytes(kept)
    assert "is not the published content (" in refusal(server, tmp_path)
    assert names(tmp_path) == [NAME]
    assert (tmp_path / NAME).read_bytes() == kept


def test_another_part_than_asked_for(server, tmp_path):
    part = tmp_path / f"{NAME}.part"
    part.write_bytes(CONTENT[NAME][:HALF])
    server.shift = 1
    assert "sends another part of the file" in refusal(server, tmp_path)
    assert part.read_bytes() == CONTENT[NAME][:HALF]


def test_without_an_announced_length_the_checksum_decides(server, tmp_path):
    server.announced = False
    get(server, tmp_path / "all")
    server.stop = HALF
    assert "is not the published content" in refusal(server, tmp_path / "half")
    assert not (tmp_path / "half").exists()


def test_no_such_file(server, tmp_path):
    del server.files["first.csv"]
    assert "first.csv': the server answers 404 (Not Found)" in refusal(server, tmp_path)
    assert names(tmp_path) == [NAME]  # what was complete stays


def test_no_server(server, tmp_path):
    with pytest.raises(DineutrinoError, match="cannot be reached"):
        fetch(tmp_path, "http://127.0.0.1:1", MANIFEST)
    for address in ("file:///etc", "ftp://127.0.0.1", "data", "http://127.0.0.1:port"):
        with pytest.raises(DineutrinoError, match=r"does not start with https://|cannot be reached"):
            fetch(tmp_path, address, MANIFEST)
    assert names(tmp_path) == []


def test_an_interruption_keeps_what_has_arrived(server, tmp_path):
    def interrupt(*_):
        raise KeyboardInterrupt

    server.stop, server.pause = HALF, 0.2
    with pytest.raises(KeyboardInterrupt):
        get(server, tmp_path, progress=interrupt)
    assert names(tmp_path) == [f"{NAME}.part"]
    assert (tmp_path / f"{NAME}.part").read_bytes() == CONTENT[NAME][:HALF]
    server.stop = None
    get(server, tmp_path)
    assert names(tmp_path) == sorted(CONTENT)


def test_an_interruption_before_the_new_name(server, tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(fetching.os, "replace", interrupt)
        with pytest.raises(KeyboardInterrupt):
            get(server, tmp_path)
    assert names(tmp_path) == [f"{NAME}.part"]
    get(server, tmp_path)
    assert names(tmp_path) == sorted(CONTENT)


def test_places_that_cannot_be_written(server, tmp_path):
    (tmp_path / "file").touch()
    assert "cannot be made" in refusal(server, tmp_path / "file")
    (tmp_path / "folder" / NAME).mkdir(parents=True)
    assert "cannot be written" in refusal(server, tmp_path / "folder")
    (tmp_path / "other" / f"{NAME}.part").mkdir(parents=True)
    assert "cannot be written" in refusal(server, tmp_path / "other")
    with pytest.raises(DineutrinoError, match="cannot be written"):
        download_part(f"{server.url}/{NAME}", tmp_path / "no" / "file")
