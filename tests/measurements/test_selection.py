"""Selection efficiencies against the published number densities, and the spectra of he2024 after selection."""

import os
from functools import cache
from itertools import pairwise
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.measurements.selection import efficiency_names, load_efficiency, mixture
from dineutrino.models import DarkFermion, DarkScalar, DarkVector
from dineutrino.observables import Predictor

RATIO = 5.3
GRID = np.linspace(0.05, 22.85, 229)
MODELS = {"phi": DarkScalar(), "chi": DarkFermion(), "X": DarkVector()}

# case: (peak of the spectrum, normalised spectrum at q2 = 1, 5, ... 21, selected spectrum in the first seven bins,
# mean efficiency of the new part); an independent computation with the form factors of arXiv:2207.12468
CASES = {
    ("phi", "S", 0.3): (11.4, (0.0401, 0.0475, 0.0491, 0.0492, 0.0463, 0.0332),
                        (0.099, 0.110, 0.097, 0.075, 0.053, 0.034, 0.019), 0.063),
    ("phi", "S", 0.7): (13.2, (0.0112, 0.0463, 0.0521, 0.0539, 0.0517, 0.0378),
                        (0.033, 0.107, 0.113, 0.093, 0.068, 0.045, 0.025), 0.050),
    ("phi", "V", 0.3): (6.2, (0.0395, 0.0595, 0.0584, 0.0518, 0.0380, 0.0129),
                        (0.084, 0.116, 0.105, 0.080, 0.055, 0.034, 0.018), 0.075),
    ("phi", "V", 0.7): (10.3, (0.0112, 0.0506, 0.0648, 0.0629, 0.0482, 0.0169),
                        (0.031, 0.076, 0.115, 0.105, 0.079, 0.051, 0.028), 0.054),
    ("chi", "S1", 0.7): (18.9, (0.0112, 0.0209, 0.0377, 0.0552, 0.0699, 0.0654),
                         (0.053, 0.063, 0.082, 0.087, 0.079, 0.063, 0.042), 0.024),
    ("chi", "V1", 0.7): (6.2, (0.0112, 0.0636, 0.0625, 0.0550, 0.0402, 0.0136),
                         (0.026, 0.125, 0.122, 0.093, 0.064, 0.039, 0.020), 0.067),
    ("chi", "V2", 0.7): (6.6, (0.0112, 0.0610, 0.0608, 0.0548, 0.0419, 0.0174),
                         (0.027, 0.123, 0.121, 0.093, 0.064, 0.040, 0.021), 0.065),
    ("chi", "T1", 0.7): (13.4, (0.0112, 0.0414, 0.0569, 0.0640, 0.0567, 0.0226),
                         (0.034, 0.086, 0.104, 0.096, 0.076, 0.053, 0.031), 0.047),
    ("X", "V3", 0.7): (15.2, (0.0112, 0.0281, 0.0503, 0.0659, 0.0665, 0.0348),
                       (0.043, 0.059, 0.088, 0.095, 0.084, 0.064, 0.040), 0.034),
    ("X", "V6", 0.7): (14.1, (0.0112, 0.0360, 0.0550, 0.0659, 0.0610, 0.0250),
                       (0.037, 0.076, 0.098, 0.096, 0.080, 0.058, 0.035), 0.042),
}  # fmt: skip


@cache
def predictor():
    """Spectrum on the grid, at the centres, bin rates, total."""
    eff = load_efficiency("ITA")
    edges = np.asarray(eff.edges)
    points = [*GRID, *np.arange(1.0, 22.0, 4.0), *np.asarray(eff.centres)]
    references = [("dBR/dq2(B+->Knunu)", float(x)) for x in points]
    references += [("<BR>(B+->Knunu)", float(a), float(b)) for a, b in pairwise(edges)]
    return Predictor([*references, "BR(B+->Knunu)"], load_inputs("he2024"))


def parts(values):
    values = np.asarray(values)
    n = len(GRID)
    return {"grid": values[:n], "table": values[n : n + 6], "centres": values[n + 6 : n + 17],
            "bins": values[n + 17 : -1], "total": values[-1:]}  # fmt: skip


@cache
def standard():
    return parts(predictor()(NeutrinoCoefficients.zero()))


@cache
def new_physics(kind, operator, mass):
    point = {"mass": jnp.asarray(mass), f"Re {operator}": jnp.asarray(1.0)}
    found = parts(predictor()(MODELS[kind](point, load_inputs("he2024"))))
    return {name: value - standard()[name] for name, value in found.items()}


def together(kind, operator, mass, where):
    sm, new = standard(), new_physics(kind, operator, mass)
    totals = (jnp.asarray(sm["total"][0]), jnp.asarray(new["total"][0]))
    return np.asarray(mixture(jnp.asarray(sm[where]), jnp.asarray(new[where]), totals, RATIO))


@pytest.mark.slow
def test_standard_model():
    sm, eff = standard(), load_efficiency("ITA")
    table = [0.0592, 0.0579, 0.0546, 0.0477, 0.0347, 0.0118]
    assert sm["table"] / sm["total"] == approx(table, abs=7e-5)
    shape = eff.selected(jnp.asarray(sm["centres"]) * eff.widths)
    assert np.asarray(shape)[:7] == approx([0.119, 0.114, 0.096, 0.071, 0.048, 0.029, 0.015], abs=6e-4)
    assert eff.mean(jnp.asarray(sm["centres"])) * sum(sm["centres"] * 2) / sm["total"][0] == approx(0.0816, rel=5e-3)
    assert jnp.sum(shape * eff.widths) == approx(1.0, rel=1e-12)
    hta = load_efficiency("HTA")
    assert hta.mean(jnp.asarray(sm["bins"])) == approx(0.0041, rel=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_spectra_of_dark_pairs(case):
    peak, table, selected, efficiency = CASES[case]
    eff = load_efficiency("ITA")
    assert GRID[np.argmax(together(*case, "grid"))] == pytest.approx(peak, abs=0.11)
    assert together(*case, "table") == approx(table, abs=7e-5)
    rates = jnp.asarray(together(*case, "centres")) * eff.widths
    assert np.asarray(eff.selected(rates))[:7] == approx(selected, abs=6e-4)
    new = new_physics(*case)
    assert np.sum(new["centres"] * 2 * np.asarray(eff.values)) / new["total"][0] == approx(efficiency, abs=1.1e-3)


@pytest.mark.slow
def test_bins_instead_of_centres():
    """The exact integral of each bin differs most where the threshold lies inside of it."""
    eff, case = load_efficiency("ITA"), ("chi", "V1", 0.7)
    centres = eff.selected(jnp.asarray(together(*case, "centres")) * eff.widths)
    exact = eff.selected(jnp.asarray(together(*case, "bins")))
    assert jnp.sum(exact * eff.widths) == approx(1.0, rel=1e-12)
    assert exact[0] != approx(centres[0], rel=0.02)
    assert np.asarray(exact[2:7]) == approx(np.asarray(centres[2:7]), rel=0.03)


@pytest.mark.slow
def test_which_shapes_favour_3_to_7_gev2():
    """he2024: a vector current with a scalar of 300 MeV or a fermion of 700 MeV, and no other."""
    inside = (GRID > 3) & (GRID < 7)
    excess = {case: together(*case, "grid")[inside].mean() / (standard()["grid"][inside] / standard()["total"]).mean()
              for case in CASES}  # fmt: skip
    favoured = {case for case, value in excess.items() if value > 1.0}
    assert favoured == {("phi", "V", 0.3), ("chi", "V1", 0.7), ("chi", "V2", 0.7)}


def test_shapes_are_differentiable_and_batched():
    eff = load_efficiency("ITA")
    rates = jnp.asarray(standard()["bins"]) * 1e6
    step = 1e-6
    exact = jax.jit(jax.jacfwd(eff.selected))(rates)
    numeric = [(eff.selected(rates + h) - eff.selected(rates - h)) / (2 * step) for h in step * jnp.eye(len(rates))]
    assert np.asarray(exact) == approx(np.stack(numeric, axis=1), rel=1e-6, abs=1e-9)
    assert eff.selected(jnp.stack([rates, 2 * rates])) == approx(jnp.stack([eff.selected(rates)] * 2), rel=1e-13)
    assert eff.mean(jnp.stack([rates, 2 * rates])) == approx([float(eff.mean(rates))] * 2, rel=1e-13)


def densities(*names):
    folder = Path(os.environ.get("DINEUTRINO_DATA", Path(__file__).parents[3] / "shared" / "data"))
    folder = folder / "belle2_knunu_2025"
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the published number densities are not in '{folder}'; set DINEUTRINO_DATA")
        pytest.skip("the published number densities are not here; set DINEUTRINO_DATA")
    return sum(np.loadtxt(folder / f"number_density_{name}.csv", delimiter=",").sum(axis=0) for name in names)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "files"), [("ITA", ("ita_regA", "ita_regB")), ("HTA", ("hta",))])
def test_efficiencies_are_those_of_the_published_number_densities(name, files):
    """Selected over produced: 2 x 387e6 x 0.5113 x 4.97e-6 decays with the shape of the Standard Model."""
    selected = densities(*files)[1:]
    edges = np.linspace(0, 22.885, 101)
    produced = Predictor(
        [("<BR>(B+->Knunu)", float(a), float(b)) for a, b in zip(edges[:-1], edges[1:] - 1e-9, strict=True)],
        load_inputs("he2024"),
    )(NeutrinoCoefficients.zero())
    produced = 2 * 387e6 * 0.5113 * 4.97e-6 * np.asarray(produced) / np.sum(produced)
    eff = load_efficiency(name)
    places = np.searchsorted(np.asarray(eff.edges), (edges[1:] + edges[:-1]) / 2) - 1
    found = [selected[places == i].sum() / produced[places == i].sum() for i in range(len(eff.values))]
    assert np.asarray(eff.values) == approx(found, rel=1e-3)


def test_bad_names():
    assert efficiency_names() == ("ITA", "HTA")
    with pytest.raises(DineutrinoError, match="unknown efficiency 'ITB'; did you mean 'ITA'"):
        load_efficiency("ITB")
