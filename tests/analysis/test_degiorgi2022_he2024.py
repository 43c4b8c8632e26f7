"""Analyses of two papers: what they measure, and chi2 at known points."""

import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from typer.testing import CliRunner

from dineutrino.analysis import load_analysis, packaged_text
from dineutrino.cli import app
from dineutrino.observables import Predictor

COMBINED = "belle2017_RKstar_combined"


@pytest.mark.parametrize(("name", "measured"), [
    ("degiorgi2022_U1", {"degiorgi2022_RD", "degiorgi2022_RDstar", "belle2017_RK_combined", COMBINED}),
    ("he2024_regions", {"he2024_RKplus", COMBINED}),
])  # fmt: skip
def test_what_they_hold(name, measured):
    """The measurements of the paper, couplings within unitarity, and the file that the command prints."""
    analysis = load_analysis(name)
    assert {measurement.name for measurement in analysis.measurements} == measured
    assert analysis.cautions() == []
    result = CliRunner().invoke(app, ["fit", name, "--example"])
    assert (result.exit_code, result.stdout) == (0, packaged_text(name))


@pytest.mark.slow
def test_chi2_of_a_leptoquark_behind_charged_currents():
    """R(D) and R(D*) are |1 + C_VL|^2 times their Standard Model, with C_VL = v^2/(2 m^2) sum V_cj x_j3 x_33/V_cb."""
    analysis = load_analysis("degiorgi2022_U1")
    inputs, likelihood = analysis.prior.central, analysis.likelihood()
    values = {"Re x1L_33": 1.3, "Re x1L_23": 0.9}
    names = ["Rtaul(B->Dlnu)", "Rtaul(B->D*lnu)", "R(B+->Knunu)", "R(B0->K*nunu)"]
    predictor = Predictor(names, inputs)
    theory = analysis.model({name: jnp.asarray(value) for name, value in values.items()}, inputs)
    found = np.asarray(predictor(theory))
    known = np.asarray(predictor(analysis.model({}, inputs)))
    lam, A, v2 = (float(inputs[x]) for x in ("ckm_lambda", "ckm_A", "G_F"))
    tree = 1 / (np.sqrt(2) * v2) / (2 * 4000**2) * 1.3 * (0.9 * (1 - lam**2 / 2) / (A * lam**2) + 1.3)
    assert np.sqrt(found[:2] / known[:2]) - 1 == approx(np.full(2, tree), rel=0.1)  # running from 4 TeV
    limits = np.array([3.9, 2.7]) / 1.6448536269514722
    chi2 = ((found[0] - 0.358) / 0.028) ** 2 + ((found[1] - 0.285) / 0.013) ** 2 + np.sum((found[2:] / limits) ** 2)
    assert -2 * sum(map(float, likelihood.log_likelihoods(likelihood.origin(values)).values())) == approx(
        chi2, rel=1e-6
    )


@pytest.mark.slow
def test_chi2_of_right_handed_quarks():
    """At a point of figure 2: both ratios by eq. (10) of arXiv:2309.12741."""
    analysis = load_analysis("he2024_regions")
    likelihood = analysis.likelihood()
    taus, other, eta, C = -14.0, 4.0, 0.6369, -6.352
    kaon = 1 + 2 * taus / (3 * C) + (taus**2 + other**2) / (3 * C**2)
    vector = 1 - 2 * eta * taus / (3 * C) + (taus**2 + other**2) / (3 * C**2)
    chi2 = ((kaon - 5.3) / 1.7) ** 2 + (vector / (2.7 / 1.6448536269514722)) ** 2
    point = {"Re CR_bsnutaunutau": taus, "Re CR_bsnumunutau": other}
    assert -2 * sum(map(float, likelihood.log_likelihoods(likelihood.origin(point)).values())) == approx(chi2, rel=1e-3)
