"""Lambda_b -> Lambda nu nubar in the Standard Model and with right-handed quarks, against EOS."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dineutrino import form_factors
from dineutrino.hadronic.masses import Masses
from dineutrino.hadronic.to_baryon import hadronic_currents, longitudinal_currents
from dineutrino.hadronic.width import flux
from dineutrino.inputs import load_inputs, load_prior
from dineutrino.invisible import contract, massless_neutrinos
from dineutrino.numerics import integrate

# EOS 1.0.21 with the coefficients of DM2016 and otherwise its default parameters; C_L = -6.613114906357177 in each
# flavour. Its parameters under our names, GeV units:
EOS = {
    "G_F": 1.1663787e-5,
    "alpha_em": 0.0075187969924812,
    "|V_tb V_ts*|": 0.9991111344469873 * 0.04121212396309175,
    "m_Lambda_b": 5.6196,
    "m_Lambda": 1.115683,
    "tau_Lambda_b": 1.471e-12 / 6.58211928e-25,
}
C_L = -6.613114906357177
END = (5.6196 - 1.115683) ** 2
# C_R: [(lower, upper, BR)], [(q2, dBR/dq2)], F_L at q2 = 10
FROZEN = {
    0.0: (
        [(0.0, 20.2, 8.203029101185692e-06), (0.0, END, 8.212865036807473e-06), (4.0, 8.0, 9.983848006294954e-07)],
        [(0.01, 9.7556317753841e-08), (10.0, 4.1169978926063213e-07), (18.0, 6.793134183456977e-07)],
        0.5612700732105215,
    ),
    -2.5: (
        [(0.0, 20.2, 8.240561635166597e-06), (0.0, END, 8.244481818533187e-06), (4.0, 8.0, 1.2675737485981704e-06)],
        [(0.01, 1.3675895376522185e-07), (10.0, 4.788552215804732e-07), (18.0, 5.004448005845697e-07)],
        0.580622209317221,
    ),
}


def differential(q2, values, coefficients, C_L, C_R, currents=hadronic_currents):
    """dBR/dq2 for three flavours with the same real C_L and C_R."""
    zero = jnp.zeros(())
    masses = Masses(values["m_Lambda_b"], values["m_Lambda"], zero + 4.2, zero)
    hadronic = currents(q2, form_factors.baryon(q2, coefficients), masses)
    plus, minus = (contract(hadronic, invisible) for invisible in massless_neutrinos())
    N = jnp.sqrt(2.0) * values["G_F"] * values["alpha_em"] / jnp.pi * values["|V_tb V_ts*|"]
    both = (C_L + C_R) ** 2 * plus + (C_L - C_R) ** 2 * minus
    return 3 * N**2 * values["tau_Lambda_b"] * flux(q2, masses) * both


@jax.jit
def branching_ratio(values, coefficients, C_L, C_R, lower, upper):
    end = (values["m_Lambda_b"] - values["m_Lambda"]) ** 2
    return integrate(lambda q2: differential(q2, values, coefficients, C_L, C_R), jnp.zeros(()), end, lower, upper)


@pytest.fixture(scope="module")
def default():
    return load_inputs("default")


@pytest.fixture(scope="module")
def eos(default):
    return default.replace(EOS)


@pytest.mark.slow
@pytest.mark.parametrize("C_R", FROZEN)
def test_against_eos(C_R, eos):
    fit = eos.form_factors["Lambda_b->Lambda"]
    bins, points, longitudinal = FROZEN[C_R]
    couplings = (jnp.asarray(C_L), jnp.asarray(C_R))
    for lower, upper, expected in bins:
        found = branching_ratio(eos.values, fit, *couplings, jnp.asarray(lower), jnp.asarray(upper))
        assert float(found) == pytest.approx(expected, rel=1e-8)  # of its adaptive integral
    for q2, expected in points:
        assert float(differential(jnp.asarray(q2), eos.values, fit, *couplings)) == pytest.approx(expected, rel=1e-12)
    at_10 = [
        differential(jnp.asarray(10.0), eos.values, fit, *couplings, currents=currents)
        for currents in (longitudinal_currents, hadronic_currents)
    ]
    assert float(at_10[0] / at_10[1]) == pytest.approx(longitudinal, rel=1e-12)


@pytest.mark.validation
def test_against_eos_as_installed(eos):
    """Random ranges and coefficients."""
    peer = pytest.importorskip("eos")
    fit, parameters = eos.form_factors["Lambda_b->Lambda"], peer.Parameters.Defaults()
    names = {"f_plus": "long^V", "f_perp": "perp^V", "g_plus": "long^A", "g_perp": "perp^A"}
    for name, theirs in names.items():
        vector = np.asarray(fit.coefficients[name])
        for k, value in enumerate(vector, start=3 - len(vector)):
            parameters[f"Lambda_b->Lambda::a_{k}_{theirs}@DM2016"].set(float(value))
    options = peer.Options(**{"form-factors": "DM2016", "model": "WET"})
    rng = np.random.default_rng(2)
    for _ in range(5):
        left, right, q2 = *rng.uniform(-12, 12, 2), rng.uniform(0.01, 20.0)
        parameters["sbnunu::Re{cVL}"].set(-left)
        parameters["sbnunu::Re{cVR}"].set(-right)
        kinematics = peer.Kinematics(q2=q2)
        expected = peer.Observable.make("Lambda_b->Lambdanunu::dBR/dq2", parameters, kinematics, options).evaluate()
        found = differential(jnp.asarray(q2), eos.values, fit, jnp.asarray(left), jnp.asarray(right))
        assert float(found) == pytest.approx(expected, rel=1e-12)


@pytest.mark.slow
def test_fits_agree_within_the_uncertainty(default):
    """The branching ratio with the higher-order fit is within the total uncertainty of the nominal one, and the single
    Gaussian of DM2016 does not understate the prescription of the source for an observable."""
    ones = [jnp.asarray(x) for x in (-6.32, 0.0, 0.0, END)]

    def value_and_uncertainty(fit):
        prior = load_prior("default", form_factors={"Lambda_b->Lambda": fit})
        name = f"Lambda_b->Lambda {fit}"

        def rate(z):
            return branching_ratio(default.values, prior.inputs({name: z}).form_factors["Lambda_b->Lambda"], *ones)

        value, slope = jax.value_and_grad(rate)(prior.origin()[name])
        return value, jnp.linalg.norm(slope)

    nominal, higher, combined = (value_and_uncertainty("DM2016" + kind) for kind in ("nominal", "HO", ""))
    total = form_factors.total_uncertainty(*nominal, *higher)
    assert abs(float(higher[0] - nominal[0])) < float(total)
    assert float(combined[0]) == pytest.approx(float(nominal[0]), rel=1e-12)
    assert float(total) <= float(combined[1]) < 2 * float(total)
