"""Small real fits that the tests of the report share: two modes with a posterior, and one parameter without."""

import warnings

import jax
import pytest
from report_names import CL, CR, LEVELS

from dineutrino.inference import Caution, diagnose, maximum, posterior, profile
from dineutrino.inputs import load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import load_measurements
from dineutrino.report import FitResult


@pytest.fixture(scope="session")
def two_modes():
    """C_L and C_R of the tau, two nuisances, the default measurements: a pair of sign-degenerate maxima."""
    return fit(nuisances=("C_L_SM", "ckm_A"))


@pytest.fixture(scope="session")
def fixed_inputs():
    """The same without nuisances, which compiles faster."""
    return fit(nuisances=())


def fit(nuisances):
    likelihood = Likelihood(
        [Parameter(CL, -40, 40, 10), Parameter(CR, -40, 40, 10)],
        load_measurements("default"),
        load_prior("default").restrict(nuisances),
        predictions=["R(B+->Knunu)", "FL(B0->K*nunu)", ("<dBR/dq2>(B+->Knunu)", 4.0, 8.0)],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Caution)
        maxima = maximum(likelihood, jax.random.key(1), starts=16)
        profiles = {name: profile(likelihood, name, maxima, confidence_levels=LEVELS, points=21) for name in (CL, CR)}
        contours = {(CL, CR): profile(likelihood, (CL, CR), maxima, confidence_levels=LEVELS, points=21)}
        drawn = posterior(
            likelihood, jax.random.key(2), maxima=maxima, chains=2, warmup=100, draws=1000, progress=False
        )
    return FitResult(
        likelihood=likelihood,
        maxima=maxima,
        profiles=profiles,
        contours=contours,
        posterior=drawn,
        diagnostics=diagnose(drawn),
        seed=1,
        analysis="two modes",
        description="a test",
    )


@pytest.fixture(scope="session")
def one_parameter():
    """C_L of the tau, inputs fixed, one measurement: no degrees of freedom, no posterior, no contours."""
    likelihood = Likelihood(
        [Parameter(CL, 1.0, 40, 10, tex=r"\kappa")],
        load_measurements(["belle2_2023_BpKnunu_combination"]),
        load_prior("default").restrict(()),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Caution)
        maxima = maximum(likelihood, jax.random.key(1), starts=8)
        profiles = {CL: profile(likelihood, CL, maxima, points=11)}
    return FitResult(likelihood=likelihood, maxima=maxima, profiles=profiles, untrusted=("a test of a warning.",))
