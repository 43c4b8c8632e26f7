"""smelli at twenty points of SMEFT at 1 TeV, frozen by freeze_smelli.py: predictions, and differences of chi2.

Both run the Warsaw basis down, match and predict; differences of chi2 to the Standard Model are then taken with the
same central values and covariances, ours. What stays, as the change by one coefficient over that of flavio and wilson:

    meson mixing by qd1_2323, qd1_1212, qq1_2323    1.056, 1.044, 1.021     NLO below m_Z, there leading order
    B_s -> mu mu by lq1_2223, ledq_2232             1.028, 1.022            its C_10 has alpha_em of two scales
    B -> X_s gamma by dB_23                         1.0004
    A_e by phil1_11                                 1.006                   A_e itself is 0.4% larger there

smelli tells wilson to run SMEFT with leading logarithms, which makes 1.126 of the 1.044 of qd1_1212 (eps_K).
"""

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from peers import frozen

from dineutrino.inputs import load_inputs, load_prior
from dineutrino.measurements import load_measurements
from dineutrino.models.smeft_point import smeft_point
from dineutrino.observables import Predictor
from dineutrino.theory import Flavours, Wet

pytestmark = pytest.mark.slow

PEER = frozen("smelli")
NAMES = (*PEER["pole"], *PEER["quarks"])
SINES = ("S_psiK", "S_psiphi")
CONJUGATED = ("BR(K+->pinunu)",)
"""flavio conjugates a phase of the CKM matrix there; without that it agrees, tests/observables/test_down_quarks.py."""
ONLY_OURS = {"mW_without_cdf2022", "cms2024_mW", "pdg_W_width", "cms2024_W_to_charm"}
"""Data of the pole for which smelli has older ones."""


@cache
def ours():
    """Predictor with the CKM matrix of flavio, the Standard Model, and all points."""
    predictor = Predictor(NAMES, load_inputs().replace(PEER["ckm"]))
    points = []
    for point in PEER["points"]:
        coefficients = {name: complex(*parts) for name, parts in point["coefficients"].items()}
        points.append(predictor(smeft_point(coefficients, PEER["scale"], predictor.inputs)))
    return predictor, np.asarray(predictor(Wet(Flavours(), Flavours()))), np.asarray(points)


def theirs():
    """The same with changes by new physics as in flavio: relative ones, of sines absolute ones."""
    _, standard, _ = ours()
    none = np.asarray(PEER["standard model"])
    whole = np.asarray([point["values"] for point in PEER["points"]])
    sine = np.isin(NAMES, SINES)
    return np.where(sine, standard + whole - none, standard * whole / np.where(sine, 1.0, none))


def of_peer(part):
    """-2 log L of the points over the Standard Model."""
    return -2 * np.asarray([point["log_likelihoods"][part] for point in PEER["points"]])


def in_pole(measurement):
    return all(len(reference) == 1 and reference[0] in PEER["pole"] for reference in measurement.observables)


def chi2(measurements, values):
    """Of each row over the Standard Model."""
    _, standard, _ = ours()

    def of(row):
        predicted = dict(zip(NAMES, row, strict=True))
        total = 0.0
        for measurement in measurements:
            x = jnp.asarray([predicted[name] for (name,) in measurement.observables])
            total -= 2 * float(measurement.term.log_prob(x, x))
        return total

    return np.asarray([of(row) for row in values]) - of(standard)


def test_predictions_of_the_pole():
    _, standard, found = ours()
    pole = np.isin(NAMES, PEER["pole"])
    change = np.abs(theirs() / standard - 1)
    assert np.all(np.abs((found - theirs()) / standard)[:, pole] < 1e-3 + 0.02 * change[:, pole])


def test_chi2_of_the_pole():
    """All our data of the pole."""
    data = [measurement for measurement in load_measurements("z_pole") if in_pole(measurement)]
    assert len(data) == len(load_measurements("z_pole"))
    _, _, found = ours()
    expected = chi2(data, theirs())
    assert np.all(np.abs(chi2(data, found) - expected) < 0.6 + 0.05 * np.abs(expected))


def test_likelihood_of_smelli_of_the_pole():
    """At its own predictions our data give its likelihood, but for W bosons, where ours are newer.

    Its Standard Model has A_e larger by 0.4%, half a standard deviation: with ours it would be 4 less or 3 more.
    """
    data = [measurement for measurement in load_measurements("z_pole") if measurement.name not in ONLY_OURS]
    values = np.asarray([PEER["standard model"], *(point["values"] for point in PEER["points"])])
    found, expected = chi2(data, values), of_peer("pole") - of_peer("other data of the pole")
    assert found[1:] - found[0] == pytest.approx(expected, abs=0.3)
    assert chi2(data, ours()[2]) == pytest.approx(expected, abs=4.2)


def test_predictions_of_quarks():
    _, standard, found = ours()
    quarks = np.isin(NAMES, PEER["quarks"]) & ~np.isin(NAMES, CONJUGATED)
    change = np.abs(theirs() - standard)
    assert np.all(np.abs(found - theirs())[:, quarks] < (0.015 * np.abs(standard) + 0.25 * change)[:, quarks])


def test_chi2_of_quarks():
    """Each measurement of observables in `fast_likelihood_quarks`: our data and our theoretical covariance."""
    predictor, standard, found = ours()
    none, prior, compared = Wet(Flavours(), Flavours()), load_prior(), set()
    covariance = np.asarray(Predictor(PEER["quarks"], predictor.inputs).covariance(none, prior))
    for measurement in load_measurements("correlated"):
        names = [str(name) for name, *_ in measurement.observables]
        if not set(names) <= set(PEER["quarks"]) - set(CONJUGATED):
            continue
        at, here = [NAMES.index(name) for name in names], [PEER["quarks"].index(name) for name in names]
        curvature = jax.hessian(lambda x, its=measurement.term: its.log_prob(x, x))(jnp.asarray(standard[at]))
        weight = np.linalg.inv(covariance[np.ix_(here, here)] - np.linalg.inv(np.asarray(curvature)))
        centre = np.asarray(measurement.term.measured)

        def chi2_of(values, at=at, weight=weight, centre=centre):
            pulls = values[..., at] - centre
            return np.einsum("...i,ij,...j->...", pulls, weight, pulls)

        none_at_all = chi2_of(standard)
        ours_here, theirs_here = chi2_of(found) - none_at_all, chi2_of(theirs()) - none_at_all
        relative = 0.5 if measurement.name == "pdg_eps_K" else 0.3
        assert ours_here == pytest.approx(theirs_here, rel=relative, abs=0.3), measurement.name
        compared |= set(names)
    assert compared == set(PEER["quarks"]) - set(CONJUGATED)
