"""alpha_s: numbers of RunDec, the derivative, thresholds, and what is refused."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.running import Thresholds, alpha_s
from dineutrino.running.decoupling import coupling_factor, log_mass_factor

MASSES = {"m_Z": 91.1876, "m_b(m_b)": 4.18, "m_c(m_c)": 1.28, "m_t(m_t)": 163.0}
WHERE = ((5, 10), (5, 4.8), (5, 4.18), (4, 4.18), (4, 2), (4, 1.28), (3, 2), (5, 163), (6, 163), (6, 1000), (6, 3000))
# RunDec 3 (arXiv:1703.03751), integrated differential equation, threshold masses as above
TABLE = {
    (0.1180, 3): "178145 215406 224340 224514 300100 381447 293427 108497 108477 088517 079672",
    (0.1180, 4): "178231 215634 224616 224843 301496 385550 294575 108493 108471 088510 079666",
    (0.1180, 5): "178234 215644 224629 224861 301648 386166 294589 108493 108471 088510 079666",
    (0.1185, 3): "179317 217149 226238 226417 303662 387511 296788 108918 108898 088795 079897",
    (0.1185, 4): "179405 217385 226525 226759 305130 391896 297988 108914 108892 088788 079891",
    (0.1185, 5): "179408 217395 226538 226777 305293 392566 298000 108914 108892 088788 079891",
}


@pytest.fixture(scope="module")
def inputs():
    return load_inputs().replace({"alpha_s": 0.1180} | MASSES)


@pytest.mark.parametrize(("at_m_Z", "loops"), TABLE)
def test_table(inputs, at_m_Z, loops):
    inputs = inputs.replace({"alpha_s": at_m_Z})
    found = [float(alpha_s(mu, inputs, n_f, loops=loops)) for n_f, mu in WHERE]
    assert found == pytest.approx([float(f"0.{digits}") for digits in TABLE[at_m_Z, loops].split()], abs=1e-6)


def test_one_loop_is_a_closed_form(inputs):
    a, b_0 = 0.1180, 11 - 10 / 3
    expected = a / (1 + a * b_0 / (2 * np.pi) * np.log(10 / 91.1876))
    assert float(alpha_s(10.0, inputs, loops=1)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("loops", [2, 3, 4, 5])
def test_decoupling_away_from_the_mass_of_the_quark(loops):
    """Numbers of RunDec 3 for m_b(m_b) = 4.18 GeV at 5 GeV; its mass factor is a series, ours an exponential."""
    a, log = jnp.asarray(0.2265 / np.pi), jnp.asarray(2 * np.log(5.0 / 4.18))
    coupling = {2: 0.22552495305101208, 3: 0.22537510691002863, 4: 0.2253266160938097, 5: 0.22530537102753753}
    masses = {2: 1.0, 3: 1.00086784, 4: 1.00138074, 5: 1.00138135}
    assert float(0.2265 * coupling_factor(a, log, 4, loops - 1)) == pytest.approx(coupling[loops], rel=1e-8)
    assert float(jnp.exp(log_mass_factor(a, log, 4, loops - 1))) == pytest.approx(masses[loops], abs=1.5e-6)


@pytest.mark.slow
def test_thresholds_hardly_matter_at_high_order(inputs):
    elsewhere = Thresholds(1.6, 6.0, 250.0)
    for mu in (1.0, 3.0, 1000.0):
        change = [
            abs(alpha_s(mu, inputs, loops=n, thresholds=elsewhere) / alpha_s(mu, inputs, loops=n) - 1) for n in (1, 4)
        ]
        assert change[1] < 0.1 * change[0]
        assert change[1] < (1e-2 if mu < 2 else 1e-3)
    at_masses = Thresholds(MASSES["m_c(m_c)"], MASSES["m_b(m_b)"], MASSES["m_t(m_t)"])
    assert alpha_s(3.0, inputs, thresholds=at_masses) == alpha_s(3.0, inputs)


@pytest.mark.slow
def test_number_of_flavours_follows_the_scale(inputs):
    mu = jnp.asarray([1.0, 2.0, 10.0, 500.0])
    assert alpha_s(mu, inputs) == approx([float(alpha_s(m, inputs, n)) for n, m in zip((3, 4, 5, 6), mu, strict=True)])


@pytest.mark.slow
def test_derivative(inputs):
    """3.488 at 4.8 GeV; reverse, forward and finite differences."""

    def at(x, mu=4.8):
        return alpha_s(mu, inputs.replace({"alpha_s": x}))

    assert float(jax.grad(at)(0.1180)) == pytest.approx(3.488, abs=1e-3)
    mu, step = jnp.asarray([1.0, 4.8, 91.0, 2000.0]), 1e-5
    slope = jax.vmap(jax.grad(at), (None, 0))(0.1180, mu)
    assert slope == approx((at(0.1180 + step, mu) - at(0.1180 - step, mu)) / (2 * step), rel=1e-6)
    assert slope == approx(jax.jacfwd(at)(0.1180, mu), rel=1e-12)
    by = jax.grad(lambda x: alpha_s(1000.0, inputs.replace({"m_t(m_t)": x})))(163.0)
    up, down = (alpha_s(1000.0, inputs.replace({"m_t(m_t)": 163.0 + s})) for s in (0.01, -0.01))
    assert float(by) == pytest.approx(float((up - down) / 0.02), rel=1e-5)


@pytest.mark.slow
def test_jit_and_vmap(inputs):
    mu = jnp.linspace(1.1, 3000.0, 7)
    eager = [float(alpha_s(m, inputs)) for m in mu]
    assert jax.jit(alpha_s)(mu, inputs) == approx(eager, rel=1e-13)
    assert jax.vmap(alpha_s, (0, None))(mu, inputs) == approx(eager, rel=1e-13)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"flavours": 7}, "3, 4, 5 or 6 flavours, not 7"),
        ({"loops": 6}, "1 to 5 loops, not 6"),
        ({"loops": 0}, "1 to 5 loops, not 0"),
    ],
)
def test_alpha_s_refuses(inputs, options, message):
    with pytest.raises(DineutrinoError, match=message):
        alpha_s(10.0, inputs, **options)
