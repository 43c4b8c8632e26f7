"""Prospects: the numbers of arXiv:2404.06533, section 1, and that a point of a model is weighed with them."""

import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import Gaussian, GaussianAroundSM, load_measurements
from dineutrino.models import load_model

RELATIVE = {
    "belle2_5ab_RKplus": ("marzocca2024_RKplus", 0.30),
    "belle2_50ab_RKplus": ("marzocca2024_RKplus", 0.11),
    "belle2_5ab_RKstar": ("marzocca2024_RKstar", 0.30),
    "belle2_50ab_RKstar": ("marzocca2024_RKstar", 0.11),
    "na62_final_Kppinunu": ("marzocca2024_Kppinunu", 0.15),
    "hike_Kppinunu": ("marzocca2024_Kppinunu", 0.05),
}
"""Prospect -> what it is centred on, and the relative error that the paper quotes."""
GLOBAL = {"global": "prospects", "marzocca2024_global": "marzocca2024_prospects"}


@pytest.mark.parametrize("name", RELATIVE)
def test_relative_errors(name):
    """Around what is measured, of the same observable, whose data the prospect holds."""
    now, error = RELATIVE[name]
    [today], [then] = load_measurements(now), load_measurements(name)
    assert isinstance(then.term, Gaussian)
    assert then.observables == today.observables
    assert then.term.value == approx(today.term.value, rel=1e-12)
    assert then.term.sigma == approx(error * today.term.value, rel=1e-12)
    with pytest.raises(DineutrinoError, match="use the same data"):
        load_measurements([now, name])


@pytest.mark.parametrize(("name", "observable", "error"), [
    ("belle2_50ab_RKplus_sm", "R(B+->Knunu)", 0.11), ("na62_final_RKpi_sm", "R(K+->pinunu)", 0.15),
])  # fmt: skip
def test_around_the_standard_model(name, observable, error):
    [then] = load_measurements(name)
    assert then.observables == ((observable,),)
    assert [float(then.term.value[0]), float(then.term.sigma[0])] == approx([1.0, error])


def test_neutral_kaons():
    """95% below 1.8e-10 after stage I; 20% of 3.4e-11, eq. (A6), at stage II."""
    [first], [second] = load_measurements("koto_stage1_KLpinunu"), load_measurements("koto_stage2_KLpinunu")
    assert isinstance(first.term, GaussianAroundSM)
    standard_model = jnp.array([3.4e-11])
    assert float(first.term.pull(jnp.array([1.8e-10]), standard_model)[0]) == approx(1.960, abs=1e-3)
    assert [float(x[0]) for x in (second.term.value, second.term.sigma)] == approx([3.4e-11, 0.2 * 3.4e-11])


@pytest.mark.parametrize("now", GLOBAL)
def test_only_what_is_superseded_is_replaced(now):
    """A global set of prospects is that of today, but for what prospects hold."""
    today, then, prospects = (load_measurements(name) for name in (now, f"{now}_prospects", GLOBAL[now]))
    held = {name for prospect in prospects for name in prospect.contains}
    assert sorted(m.name for m in then) == sorted(
        [m.name for m in prospects] + [m.name for m in today if m.name not in held]
    )


def test_a_leptoquark_is_weighed():
    """chi2 of each prospect by hand from the predictions; without new physics it is zero.

    Events of the tails grow with the luminosity, and their errors with its root.
    """
    prior = load_prior("marzocca2024").restrict(())
    model = load_model("R2t", prior.central, {"flavour": "rank_one", "mass": 2.0, "scale": 1.0})
    free = [Parameter("y2Lt", 0.0, 3.0), Parameter("theta", 0.0, 1.5), Parameter("phi", 4.0, 5.0),
            Parameter("alpha_db", -1.0, 1.0)]  # fmt: skip
    names = ("prospects", "atlas2020_ditau", "marzocca2024_RKplus")
    *then, tails, ratio = (m for name in names for m in load_measurements(name))
    likelihood = Likelihood(free, then, prior, model)
    today = Likelihood(free, [tails, ratio], prior, model)

    def chi2(of, coupling):
        values = {"y2Lt": coupling, "theta": 0.1, "phi": 4.75, "alpha_db": 0.8, "nuisances": {}}
        point = {name: x if name == "nuisances" else jnp.asarray(x) for name, x in values.items()}
        found = {name: -2 * float(x) for name, x in of.log_likelihoods(point).items()}
        return found, {name: float(x) for name, x in of.predict(point).items()}

    without, standard_model = chi2(likelihood, 0.0)
    assert list(without.values()) == approx(np.zeros(5), abs=1e-9)
    found, predicted = chi2(likelihood, 1.2)
    expected = {
        "belle2_50ab_RKplus_sm": ((predicted["R(B+->Knunu)"] - 1) / 0.11) ** 2,
        "belle2_50ab_RKstar": ((predicted["R(B0->K*nunu)"] - 1) / 0.11) ** 2,
        "na62_final_RKpi_sm": ((predicted["R(K+->pinunu)"] - 1) / 0.15) ** 2,
        "koto_stage1_KLpinunu": (
            1.959964 * (predicted["BR(KL->pinunu)"] / standard_model["BR(KL->pinunu)"] - 1)
            / (1.8e-10 / standard_model["BR(KL->pinunu)"] - 1)
        ) ** 2,
    }  # fmt: skip
    assert [found[name] for name in expected] == approx(list(expected.values()), rel=1e-5)
    assert min(found.values()) > 1e-4
    signal = np.array([predicted[name] for (name,) in tails.observables])
    ratio_of_luminosities = 3000 / 139
    background, uncertainty = np.asarray(tails.term.background), np.asarray(tails.term.uncertainty)
    pulls = ratio_of_luminosities**0.5 * signal / np.sqrt(background + uncertainty**2)
    assert found["hllhc_ditau"] == approx(np.sum(pulls**2), rel=1e-6)
    now, _ = chi2(today, 1.2)
    assert found["belle2_50ab_RKplus_sm"] > 10 * now["marzocca2024_RKplus"]
