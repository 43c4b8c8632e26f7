"""Figures, and everything that is written into a directory."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import matplotlib
import numpy as np
import pytest
import xarray
from matplotlib.backends.backend_agg import FigureCanvasAgg
from report_names import CL, CR

from dineutrino import report
from dineutrino.inference import Caution
from dineutrino.report import files, plots
from dineutrino.report.plots.contours import rounded
from dineutrino.report.posterior_file import write_posterior

pytestmark = pytest.mark.slow

SIGNATURES = {".png": b"\x89PNG", ".pdf": b"%PDF", ".nc": b"\x89HDF"}


@pytest.fixture(scope="module")
def directory(fixed_inputs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "new" / "fit"
    paths = report.write(fixed_inputs, folder)
    assert sorted(paths) == sorted(folder.iterdir())
    return folder


def test_every_file_is_there_and_is_what_its_name_says(directory):
    stems = {
        "contour_Re_CL_bsnutaunutau_Re_CR_bsnutaunutau",
        "corner",
        "profile_Re_CL_bsnutaunutau",
        "profile_Re_CR_bsnutaunutau",
        "pulls",
        "predictions",
    }
    expected = {stem + suffix for stem in stems for suffix in (".png", ".pdf")}
    expected |= {"results.json", "posterior.nc", "predictions.md", "predictions.tex", "references.bib", "summary.md"}
    assert {path.name for path in directory.iterdir()} == expected
    for path in directory.iterdir():
        content = path.read_bytes()
        assert len(content) > 300
        assert content.startswith(SIGNATURES.get(path.suffix, b""))


def test_the_summary_shows_the_figures_that_are_there(directory):
    text = (directory / "summary.md").read_text(encoding="utf-8")
    for path in directory.glob("*.png"):
        assert f"]({path.name})" in text
    json.loads((directory / "results.json").read_text(encoding="utf-8"))


def test_a_figure_that_cannot_be_drawn_costs_itself(one_parameter, tmp_path, monkeypatch):
    def mistaken(fit):
        raise ZeroDivisionError("a mistake\nin two lines")

    sentence = "the figure 'pulls' could not be drawn: ZeroDivisionError: in two lines"
    monkeypatch.setattr(plots, "pulls", mistaken)
    with pytest.warns(Caution, match=sentence):
        paths = report.write(one_parameter, tmp_path)
    assert sorted(paths) == sorted(tmp_path.iterdir())
    names = {path.name for path in paths}
    assert {"results.json", "predictions.png", "summary.md"} <= names
    assert not any(name.startswith("pulls") for name in names)
    assert f"- {sentence}\n" in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_the_posterior_can_be_read_back(fixed_inputs, directory):
    read = xarray.open_datatree(directory / "posterior.nc", engine="h5netcdf")
    assert set(read.children) == set(fixed_inputs.posterior.children)
    for group in read.children:
        for name, variable in fixed_inputs.posterior[group].data_vars.items():
            assert np.array_equal(read[group][name].values, variable.values)
    assert read.posterior.attrs["diagnostics"] == str(fixed_inputs.diagnostics)
    assert read.attrs["method"] == fixed_inputs.posterior.attrs["method"]


def test_attributes_that_netcdf_cannot_hold_are_encoded(tmp_path):
    draws = xarray.Dataset({"x": (("chain", "draw"), np.zeros((2, 5)))})
    drawn = xarray.DataTree.from_dict({"posterior": draws})
    attributes = {"passed": True, "choices": {"a": "b"}, "nothing": None, "list": ["a", 1], "array": np.arange(3.0)}
    drawn.posterior.attrs.update(attributes)
    drawn.attrs.update(attributes)
    read = xarray.open_datatree(write_posterior(drawn, tmp_path / "posterior.nc"), engine="h5netcdf")
    for found in (read.attrs, read.posterior.attrs):
        assert found["passed"] == 1
        assert json.loads(found["choices"]) == {"a": "b"}
        assert json.loads(found["nothing"]) is None
        assert json.loads(found["list"]) == ["a", 1]
        assert list(found["array"]) == [0, 1, 2]
    assert drawn.posterior.attrs["passed"] is True


def test_a_file_that_could_not_be_written_leaves_no_trace(fixed_inputs, tmp_path, monkeypatch):
    (tmp_path / "corner.png").write_text("old")

    print_png = FigureCanvasAgg.print_png

    def broken(self, path, *args, **options):
        if not isinstance(path, Path):  # text is measured with a picture in memory
            return print_png(self, path, *args, **options)
        path.write_bytes(b"half")
        raise OSError("no space left on device")

    monkeypatch.setattr(FigureCanvasAgg, "print_png", broken)
    with pytest.raises(OSError, match="no space"):
        plots.save(plots.corner(fixed_inputs), tmp_path / "corner")
    assert [path.name for path in tmp_path.iterdir()] == ["corner.png"]
    assert (tmp_path / "corner.png").read_text() == "old"


def test_one_parameter_without_posterior(one_parameter, tmp_path):
    paths = report.write(one_parameter, tmp_path)
    names = {path.name for path in paths}
    assert {"profile_Re_CL_bsnutaunutau.png", "pulls.pdf", "predictions.png", "results.json"} <= names
    assert not {"posterior.nc", "corner.png"} & names
    assert not any(name.startswith("contour") for name in names)


def test_the_same_figure_gives_the_same_bytes(one_parameter, tmp_path):
    for name in ("a", "b"):
        plots.save(plots.profile(one_parameter, CL), tmp_path / name)
    for suffix in (".png", ".pdf"):
        assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_drawing_leaves_the_settings_of_the_user_alone(fixed_inputs):
    matplotlib.rcParams["font.size"] = 17
    before = dict(matplotlib.rcParams)
    for _, draw in files.figures(fixed_inputs):
        draw()
    assert dict(matplotlib.rcParams) == before


def test_the_contour_shows_all_maxima_and_the_standard_model(fixed_inputs):
    axes = plots.contour(fixed_inputs, CL, CR).axes[0]
    lines = {line.get_label(): line.get_xydata() for line in axes.get_lines()}
    assert len(lines["maxima"]) == len(fixed_inputs.maxima.within(6))
    assert np.allclose(lines["Standard Model"], [[0, 0]])
    assert axes.get_xlabel() == r"$\mathrm{Re}\,C_L^{\tau\tau}$"


def test_regions_that_end_at_the_edge_are_filled_up_to_it(fixed_inputs):
    found = fixed_inputs.contours[CL, CR]
    half = dataclasses.replace(
        found,
        y=found.y[:11],
        delta_chi2=found.delta_chi2[:, :11],
        vectors=found.vectors[:, :11],
        converged=found.converged[:, :11],
        contours=tuple(
            dataclasses.replace(
                one, lines=tuple(line[: len(line) // 2] for line in one.lines), closed=(False,) * len(one.lines)
            )
            for one in found.contours
        ),
    )
    drawn = plots.contour(dataclasses.replace(fixed_inputs, contours={(CL, CR): half}), CL, CR)
    lowest = min(np.ptp(patch.get_path().vertices[:, 1]) for patch in drawn.axes[0].patches)
    assert lowest > 0
    assert len(drawn.axes[0].patches) == len(half.contours)


def test_a_smooth_line_passes_through_its_vertices():
    angle = np.linspace(0, 2 * np.pi, 25)
    line = np.stack([3 * np.cos(angle), np.sin(angle)], axis=1)
    line[-1] = line[0]
    fine = rounded(line)
    distances = np.min(np.linalg.norm(fine[:, None] - line[None], axis=2), axis=0)
    assert np.max(distances) < 0.06
    assert np.max(np.abs((fine[:, 0] / 3) ** 2 + fine[:, 1] ** 2 - 1)) < 2e-3
    assert np.array_equal(rounded(line[:3]), line[:3])


def test_importing_the_report_loads_no_plotting_library():
    heavy = ("matplotlib", "arviz", "xarray", "numpyro", "rich")
    program = f"import sys, dineutrino.report; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
