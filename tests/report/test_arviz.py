"""The posterior in the hands of ArviZ, of whatever version is installed: below 1 and above."""

import subprocess
import sys

import arviz
import numpy as np
import pytest
import xarray

from dineutrino.inference import diagnose, marginal_density
from dineutrino.report.posterior_file import write_posterior

pytestmark = pytest.mark.slow

CL = "Re CL_bsnutaunutau"


def test_arviz_reads_and_summarises_the_file(two_modes, tmp_path):
    path = write_posterior(two_modes.posterior, tmp_path / "posterior.nc")
    draws = two_modes.posterior.posterior[CL].values
    read = arviz.from_netcdf(str(path))
    np.testing.assert_array_equal(read.posterior[CL].values, draws)
    np.testing.assert_array_equal(read.sample_stats["diverging"].values, two_modes.posterior.sample_stats["diverging"])
    summary = arviz.summary(read, var_names=[CL], round_to="none")
    assert summary.loc[CL, "mean"] == pytest.approx(draws.mean(), rel=1e-6)
    assert arviz.loo(read, var_name="log_likelihood").n_data_points == read.log_likelihood.sizes["measurement"]


def test_what_arviz_read_is_taken_where_a_posterior_is(two_modes, tmp_path):
    read = arviz.from_netcdf(str(write_posterior(two_modes.posterior, tmp_path / "posterior.nc")))
    assert diagnose(read).sizes == diagnose(two_modes.posterior).sizes
    found, expected = (marginal_density(two_modes.likelihood, drawn, CL) for drawn in (read, two_modes.posterior))
    assert np.array_equal(found.height, expected.height)


@pytest.mark.skipif(not arviz.__version__.startswith("0."), reason="ArviZ 1 writes no such files")
def test_files_of_earlier_versions_open(two_modes, tmp_path):
    """They were written from an InferenceData of ArviZ below 1."""
    earlier = {name: group.to_dataset() for name, group in two_modes.posterior.children.items()}
    attributes = {key: value for key, value in two_modes.posterior.attrs.items() if isinstance(value, str | int)}
    arviz.InferenceData(**earlier, attrs=attributes).to_netcdf(str(tmp_path / "posterior.nc"), engine="h5netcdf")
    read = xarray.open_datatree(tmp_path / "posterior.nc", engine="h5netcdf")
    assert set(read.children) == set(two_modes.posterior.children)
    np.testing.assert_array_equal(read.posterior[CL].values, two_modes.posterior.posterior[CL].values)
    assert read.attrs["method"] == two_modes.posterior.attrs["method"]


def test_nothing_that_is_launched_warns_of_the_future():
    """All modules of the package, and the command."""
    program = (
        "import importlib, pkgutil, dineutrino\n"
        "from dineutrino.cli.fit import _import_ahead\n"
        "_import_ahead()\n"
        "for module in pkgutil.walk_packages(dineutrino.__path__, 'dineutrino.'):\n"
        "    importlib.import_module(module.name)\n"
        "from dineutrino.cli import app\n"
        "app(['predict', 'BR(B+->Knunu)'], standalone_mode=False)\n"
    )
    command = [sys.executable, "-W", "error::FutureWarning", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "BR(B+->Knunu)" in done.stdout
