"""The published files of Belle II are recognised however they are written, and nothing else is."""

import json
import shutil

import numpy as np
import pytest
import synthetic
from belle2_files import belle2_folder
from close import approx

from dineutrino.errors import DineutrinoError
from dineutrino.measurements.published.belle2_2025 import check, data_directory, q2_gen_edges, read_number_densities
from dineutrino.measurements.published.belle2_2025.manifest import published, read_manifest

MANIFEST = read_manifest(synthetic.content(), "synthetic.yaml")


@pytest.fixture
def folder(tmp_path):
    return synthetic.write(tmp_path / "files")


def problems(folder):
    return {report.name: " ".join(report.problems) for report in check(folder, MANIFEST) if not report.ok}


def refusal(folder):
    with pytest.raises(DineutrinoError) as raised:
        read_number_densities(folder, MANIFEST)
    message = str(raised.value)
    assert message.endswith(".")
    assert "\n" not in message
    return message


# -- the published files ----------------------------------------------------------------------------------------------


def test_the_published_files():
    folder = belle2_folder()
    reports = check(folder)
    assert [report.name for report in reports] == [file.name for file in published().files]
    assert [report.problems for report in reports] == [()] * 4
    assert [report.size for report in reports] == [(folder / report.name).stat().st_size for report in reports]


def test_the_published_number_densities():
    densities = read_number_densities(belle2_folder())
    assert {name: density.shape for name, density in densities.items()} == {
        "A": (9, 101), "B": (3, 101), "sgn1_had": (6, 101),
    }  # fmt: skip
    edges = q2_gen_edges()
    assert (len(edges), edges[0], edges[-1]) == (101, 0.0, 22.885)
    channels = json.loads((belle2_folder() / "combined_likelihood.json").read_text())["channels"]
    yields = [s["data"] for c in channels for s in c["samples"] if s["name"] in ("signal", "sgn_1_had")]
    for density, expected in zip(densities.values(), yields, strict=True):
        assert density.sum(axis=1) == approx(expected, rel=3e-5)
    underflow = {name: density[:, 0].sum() / density.sum() for name, density in densities.items()}
    assert underflow == {"A": 0.0, "B": 0.0, "sgn1_had": pytest.approx(0.00184, abs=1e-5)}


def test_the_size_that_is_written_down_is_that_of_the_authors_copy():
    """The workspace with four spaces per level and a line feed, the densities with nineteen digits."""
    folder = belle2_folder()
    sizes = {file.name: file.size for file in published().files}
    workspace = json.loads((folder / "combined_likelihood.json").read_text())
    assert len(json.dumps(workspace, indent=4)) + 1 == sizes.pop("combined_likelihood.json")
    for name, size in sizes.items():
        table = np.loadtxt(folder / name, delimiter=",")
        assert sum(len(f"{value:.18e}") + 1 for value in table.flat) == size


def test_a_changed_digit_of_the_published_files_is_seen(tmp_path):
    folder = tmp_path / "files"
    shutil.copytree(belle2_folder(), folder)
    folder.chmod(0o755)
    for name, old, new in (
        ("combined_likelihood.json", "15.854724", "15.854725"),
        ("number_density_hta.csv", "2.95608115e-03", "2.95608116e-03"),
    ):
        text = (folder / name).read_text()
        (folder / name).chmod(0o644)
        (folder / name).write_text(text.replace(old, new, 1))
    assert [report.ok for report in check(folder)] == [False, True, True, False]


# -- the same content in other words ----------------------------------------------------------------------------------


def test_as_fetched(folder):
    reports = check(folder, MANIFEST)
    assert all(report.ok and not report.note for report in reports)
    densities = read_number_densities(folder, MANIFEST)
    assert densities["A"].tolist() == [[0.0, 1.0, 2.000000000001, 3.0], [0.0, 0.5, 0.5, 0.5]]
    assert densities["B"].tolist() == [[0.0] * 4]


def test_whitespace_order_and_digits_do_not_count(folder):
    text = json.dumps(synthetic.WORKSPACE, sort_keys=True, indent=1).replace("6.0", "6.00").replace("9.0", "9")
    (folder / "workspace.json").write_text(text)
    (folder / "first.csv").write_text(" 0, 1 ,2,3.0\r\n-0.0,5e-1,.5,0.50000000000001\r\n\n")
    reports = check(folder, MANIFEST)
    assert all(report.ok for report in reports)
    assert [bool(report.note) for report in reports] == [True, True, False]
    assert not np.signbit(read_number_densities(folder, MANIFEST)["A"]).any()


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("0,1,2", "first.csv: row 1 has 3 columns, not 4"),
        ("0,1,2,3,", "first.csv: row 1 has 5 columns, not 4"),
        ("", "first.csv: row 1 has 1 columns, not 4"),
        ("0,1,two,3", "first.csv: row 1, column 3: 'two' is not a number"),
        ("0,1,,3", "first.csv: row 1, column 3: '' is not a number"),
        ("0,1,2_0,3", "first.csv: row 1, column 3: '2_0' is not a number"),
        ("0,nan,2,3", "first.csv: row 1, column 2: nan is not a finite number"),
        ("0,1,2,inf", "first.csv: row 1, column 4: inf is not a finite number"),
        ("0,1,1e999,3", "first.csv: row 1, column 3: 1e999 is not a finite number"),
        ("-1e-9,1,2,3", "first.csv: row 1, column 1: -1e-9 is negative"),
        ("0,1,2,3.01", "first.csv: row 1 adds up to 6.01, not to the 6 of sample 'signal' in workspace.json"),
        ("0,1,2,3\n0,1,2,3", "first.csv has 3 rows for the 2 bins of channel A"),
    ],
)
def test_a_bad_row(folder, line, message):
    rest = synthetic.FILES["first.csv"].split("\n", 1)[1]
    (folder / "first.csv").write_text(f"{line}\n{rest}")
    assert message in refusal(folder)
    assert message in problems(folder)["first.csv"]


def test_a_sum_within_the_tolerance_is_read_and_still_not_as_published(folder):
    (folder / "first.csv").write_text("0,1,2,3.005\n0,0.5,0.5,0.5\n")
    assert read_number_densities(folder, MANIFEST)["A"][0, 3] == 3.005
    assert problems(folder)["first.csv"].startswith("not the published content: the sha256 of its canonical form is")


def test_an_empty_bin_must_be_empty(folder):
    (folder / "second.csv").write_text("0,0,1e-12,0\n")
    assert "adds up to 1e-12, not to the 0" in refusal(folder)


def test_empty_binary_and_missing_files(folder):
    (folder / "first.csv").write_text("\n")
    assert "first.csv is empty" in refusal(folder)
    (folder / "first.csv").write_bytes(b"\xff\xfe")
    assert "cannot be read" in refusal(folder)
    assert "is not a text file" in problems(folder)["first.csv"]
    (folder / "first.csv").unlink()
    assert "dineutrino data fetch belle2_2025 --out" in refusal(folder)
    (report,) = (report for report in check(folder, MANIFEST) if not report.ok)
    assert (report.name, report.size, report.sha256) == ("first.csv", None, None)


@pytest.mark.parametrize("text", ["{", "[]", '{"channels": NaN}'])
def test_a_workspace_that_cannot_be_used(folder, text):
    (folder / "workspace.json").write_text(text)
    assert "workspace.json" in refusal(folder)


@pytest.mark.parametrize("text", ["{", "[]", '{"channels": NaN}', "[" * 100_000, '{"channels": 3}'])
def test_a_workspace_that_is_not_as_published(folder, text):
    (folder / "workspace.json").write_text(text)
    assert list(problems(folder)) == ["workspace.json"]
    assert "sums of rows not compared" in check(folder, MANIFEST)[1].note


@pytest.mark.parametrize(("old", "new"), [("first", "frist"), ("signal", "singal")])
def test_a_workspace_without_the_signal(folder, old, new):
    (folder / "workspace.json").write_text(synthetic.FILES["workspace.json"].replace(f'"{old}"', f'"{new}"'))
    assert f"'{old}'; did you mean '{new}'?" in refusal(folder)


def test_no_folder(tmp_path):
    with pytest.raises(DineutrinoError, match="there is no folder"):
        check(tmp_path / "no", MANIFEST)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c["files"].pop("workspace.json"), "must be one file of the form json"),
        (lambda c: c["files"]["first.csv"].pop("channel"), "'first.csv': channel is missing"),
        (lambda c: c["files"]["first.csv"].update(form="cvs"), "did you mean 'csv'"),
        (lambda c: c["files"]["first.csv"].update(size=None), "'first.csv': size must be a finite number"),
        (lambda c: c.pop("q2_gen"), "q2_gen must be a mapping"),
        (lambda c: c.update(source=""), "source is missing"),
    ],
)
def test_a_bad_manifest(change, message):
    content = synthetic.content()
    change(content)
    with pytest.raises(DineutrinoError, match=message):
        read_manifest(content, "synthetic.yaml")


# -- where the files are ----------------------------------------------------------------------------------------------


@pytest.fixture
def variable(monkeypatch):
    def set_to(value):
        if value is None:
            monkeypatch.delenv("DINEUTRINO_DATA", raising=False)
        else:
            monkeypatch.setenv("DINEUTRINO_DATA", str(value))

    return set_to


def holding(folder):
    folder.mkdir(parents=True)
    (folder / published().workspace.name).touch()
    return folder


@pytest.mark.parametrize("inside", ["", "belle2_knunu_2025", "belle2_2025"])
def test_the_folder_or_what_holds_it(tmp_path, variable, inside):
    expected = holding(tmp_path / "data" / inside)
    variable(tmp_path / "data")
    assert data_directory() == expected
    assert data_directory(tmp_path / "data") == expected
    variable(None)
    assert data_directory(str(tmp_path / "data")) == expected


def test_a_given_folder_wins(tmp_path, variable):
    variable(holding(tmp_path / "from the variable"))
    given = holding(tmp_path / "given")
    assert data_directory(given) == given
    with pytest.raises(DineutrinoError, match="does not exist"):
        data_directory(tmp_path / "no")


@pytest.mark.parametrize("value", [None, ""])
def test_no_folder_is_named(variable, value):
    variable(value)
    with pytest.raises(DineutrinoError, match=r"dineutrino data fetch belle2_2025'.* or set DINEUTRINO_DATA"):
        data_directory()


def test_a_folder_without_the_files(tmp_path, variable):
    variable(tmp_path)
    with pytest.raises(DineutrinoError, match=r"of DINEUTRINO_DATA holds none .*dineutrino data fetch belle2_2025"):
        data_directory()
