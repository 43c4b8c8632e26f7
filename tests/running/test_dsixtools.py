"""DsixTools' running of the Warsaw basis, another program than wilson: its example from 10 TeV to 160 GeV."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dineutrino.eft.names.warsaw import wcxf_class
from dineutrino.running.couplings import Couplings
from dineutrino.running.flow import Point
from dineutrino.running.many import run_many
from dineutrino.running.warsaw_classes import CLASSES, arrays, from_arrays, indices
from dineutrino.running.warsaw_slope import warsaw_slope

PUBLISHED = json.loads(Path(__file__).with_name("dsixtools.json").read_text(encoding="utf-8"))
OURS = {wcxf_class(name): name for name in CLASSES}
MU_START, MU = 1e4, 160.0
DIGIT = 1e-6
"""The last digit of the published file."""
MASS_TERM = 1e-3
"""DsixTools keeps the mass term of the Higgs in the running; the steps of both programs are finite."""


@pytest.fixture(scope="module")
def low():
    couplings = Couplings(
        **{
            name: jnp.asarray(np.asarray(value) @ (1, 1j) if isinstance(value, list) else value)
            for name, value in PUBLISHED["couplings"].items()
        }
    )
    start = {name: np.zeros((3,) * indices(name), complex) for name in CLASSES}
    start[OURS["phiBtilde"]] = np.asarray(1 + 0j)
    start[OURS["dphi"]] = 1j * np.array([[0.1, 0.2, 0.3], [0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
    start[OURS["phiq3"]][[0, 2], [2, 0]] = 1
    start[OURS["dd"]][[1, 2], [2, 1], [1, 2], [2, 1]] = 1
    one = from_arrays({name: jnp.asarray(value) for name, value in start.items()})
    one = jax.tree.map(lambda leaf: leaf[None], one)
    end = run_many(warsaw_slope, Point(one, couplings), MU_START, MU, steps=32)
    return Point(jax.tree.map(lambda leaf: jnp.asarray(leaf[0]), end.coefficients), end.couplings)


@pytest.mark.slow
def test_couplings(low):
    found = {name: float(getattr(low.couplings, name)) for name in PUBLISHED["couplings_at_160"]}
    assert found == pytest.approx(PUBLISHED["couplings_at_160"], abs=2e-5)


@pytest.mark.slow
def test_coefficients(low):
    """Imaginary parts of Hermitian operators are not compared: the file has them one place further than their names."""
    found = {wcxf_class(name): np.asarray(value) for name, value in arrays(low.coefficients).items()}
    assert len(PUBLISHED["coefficients"]) == 135
    for name, flavours, part, expected in PUBLISHED["coefficients"]:
        value = found[name][tuple(int(flavour) - 1 for flavour in flavours)]
        ours = value.real if part == "Re" else value.imag
        assert ours == pytest.approx(expected, rel=MASS_TERM, abs=DIGIT), (name, flavours, part)
