"""B_s -> phi nu nubar in the Standard Model and with right-handed quarks, against EOS."""

import equinox as eqx
import jax
import jax.numpy as jnp
import pytest

from dineutrino import form_factors
from dineutrino.hadronic.masses import Masses
from dineutrino.hadronic.to_vector import hadronic_currents
from dineutrino.hadronic.width import flux
from dineutrino.inputs import load_inputs
from dineutrino.invisible import contract, massless_neutrinos
from dineutrino.numerics import integrate

# EOS 1.0.21 with the coefficients of GRvDV2023 and otherwise its default parameters; C_L = -6.613114906357177 in each
# flavour. Its parameters under our names, GeV units:
G_F, ALPHA, LAMBDA_T = 1.1663787e-5, 0.0075187969924812, 0.9991111344469873 * 0.04121212396309175
M_BS, M_PHI, TAU = 5.36688, 1.019461, 1.516e-12 / 6.58211928e-25
C_L = -6.613114906357177
# C_R: [(lower, upper, BR)], F_L of the first bin, [(q2, dBR/dq2)], F_L at q2 = 10
FROZEN = {
    0.0: (
        [(0.0, 18.8, 1.0627066927639978e-05), (4.0, 8.0, 2.2271071361789843e-06)],
        0.5185955023128831,
        [(0.01, 3.3557633701255974e-07), (10.0, 6.697287167835216e-07), (18.0, 4.102685526144991e-07)],
        0.4774772348012832,
    ),
    -2.5: (
        [(0.0, 18.8, 6.302140619734406e-06), (4.0, 8.0, 1.3671810104070683e-06)],
        0.3382856840853002,
        [(0.01, 1.300594580493388e-07), (10.0, 4.3681358184699364e-07), (18.0, 1.9015066646699515e-07)],
        0.2831946240645556,
    ),
}


@pytest.fixture(scope="module")
def fit():
    found = load_inputs("default").form_factors["Bs->phi"]
    # EOS has one parameter for m_B of the z-map and for the resonance m_0-; it only matters for A_0(0) = A_12(0)
    return eqx.tree_at(lambda f: f.constants["m_0-"], found, found.constants["m_B"])


@jax.jit
def differential(q2, fit, C_R):
    """dBR/dq2 for three flavours, of all phi and of the longitudinal ones."""
    masses = Masses(*map(jnp.asarray, (M_BS, M_PHI, 4.2, 0.0)))
    polarised = hadronic_currents(q2, form_factors.vector(q2, fit), masses)
    N = 2**0.5 * G_F * ALPHA / jnp.pi * LAMBDA_T
    rates = []
    for hadronic in (polarised.summed(), polarised.longitudinally_polarised()):
        plus, minus = (contract(hadronic, invisible) for invisible in massless_neutrinos())
        both = (C_L + C_R) ** 2 * plus + (C_L - C_R) ** 2 * minus
        rates.append(3 * N**2 * TAU * flux(q2, masses) * both)
    return jnp.stack(rates)


@jax.jit
def integrated(lower, upper, fit, C_R):
    end = jnp.asarray((M_BS - M_PHI) ** 2)
    return integrate(lambda q2: differential(q2, fit, C_R), jnp.zeros(()), end, lower, upper)


@pytest.mark.parametrize("C_R", FROZEN)
def test_against_eos(C_R, fit):
    bins, polarisation_of_bin, points, polarisation = FROZEN[C_R]
    for i, (lower, upper, expected) in enumerate(bins):
        total, longitudinal = map(float, integrated(jnp.asarray(lower), jnp.asarray(upper), fit, C_R))
        assert total == pytest.approx(expected, rel=1e-7)
        if i == 0:
            assert longitudinal / total == pytest.approx(polarisation_of_bin, rel=1e-7)
    for q2, expected in points:
        total, longitudinal = map(float, differential(jnp.asarray(q2), fit, C_R))
        assert total == pytest.approx(expected, rel=1e-12)
        if q2 == 10:
            assert longitudinal / total == pytest.approx(polarisation, rel=1e-12)
