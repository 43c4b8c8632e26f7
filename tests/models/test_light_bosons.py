"""Models of one light particle: units, transitions, and the command."""

import jax.numpy as jnp
import pytest
from close import approx
from typer.testing import CliRunner

from dineutrino import form_factors
from dineutrino.cli import app
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import DB, DS, SB, load_inputs
from dineutrino.models import ALP, LightScalar, LightVector, load_model, read_model
from dineutrino.observables import get

INPUTS = load_inputs()


def numbers(**given):
    return {name.replace("__", " "): jnp.asarray(float(value)) for name, value in given.items()}


def test_couplings_and_units():
    """Operators of dimension five are divided by the scale, in TeV; only what is coupled is there."""
    wet = ALP(scale=2.0)(numbers(mass=0.3, Re__V_bs=3, Im__V_bs=1, Re__A_sd=5), INPUTS).wet
    assert complex(wet.particle(SB).V) == pytest.approx((3 + 1j) / 2000)
    assert complex(wet.particle(DS).A) == pytest.approx(5 / 2000)
    assert wet.particle(DS).V is None
    assert wet.particle(DB) is None
    assert wet.particle(SB).mass == 0.3
    vector = LightVector(scale=4.0)(numbers(mass=0.3, Re__V_bd=3, Im__T5_bd=2), INPUTS).wet.particle(DB)
    assert (complex(vector.V), complex(vector.T5)) == (3.0, pytest.approx(2j / 4000))
    scalar = LightScalar()(numbers(mass=0.0, Re__P_bs=7), INPUTS).wet.particle(SB)
    assert (complex(scalar.P), scalar.S, scalar.V) == (7.0, None, None)


def test_bad_input():
    assert read_model({"ALP": {"scale": 5}}, INPUTS) == ALP(5.0)
    for options, sentence in (({"scale": 0.0}, "positive and finite"), ({"scal": 1.0}, "did you mean 'scale'")):
        with pytest.raises(DineutrinoError, match=sentence):
            load_model("ALP", INPUTS, options)
    with pytest.raises(DineutrinoError, match="did you mean 'Re V_bs'"):
        ALP().check(["mass", "Re Vbs"])
    with pytest.raises(DineutrinoError, match="needs a value of 'mass', mass of X, GeV"):
        ALP().check(["Re V_bs"])


@pytest.mark.slow
def test_command():
    run = CliRunner().invoke
    given = ["predict", "BR(B+->KX)", "BR(K+->piX)", "--model", "{ALP: {scale: 1e5}}", "--set", "V_bs=1", "--json"]
    found = run(app, [*given, "--set", "mass=0.1", "--set", "V_sd=1e-4j"])
    assert found.exit_code == 0, found.output
    heavy = run(app, [*given, "--set", "mass=5"])
    assert "a particle X of 5 GeV is too heavy for BR(B+->KX) (up to 4.786 GeV)" in heavy.stderr
    wrong = run(app, [*given, "--set", "mass=-1"])
    assert wrong.exit_code == 2
    assert "the mass of the scalar X is -1.0 GeV" in wrong.stderr


def test_the_width_in_closed_form():
    """Gamma = |V/f|^2 (m_B^2 - m_K^2)^2 f_0^2 p/(8 pi m_B^2), the formula of every paper on axion-like particles."""
    m, m_B, m_K = 0.5, float(INPUTS["m_B+"]), float(INPUTS["m_K+"])
    f_0 = float(form_factors.pseudoscalar(jnp.asarray(m**2), INPUTS.form_factors["B->K"]).f_0)
    momentum = ((m_B**2 - m_K**2 - m**2) ** 2 - 4 * m_K**2 * m**2) ** 0.5 / (2 * m_B)
    width = (1 / 1e8) ** 2 * (m_B**2 - m_K**2) ** 2 * f_0**2 * momentum / (8 * 3.141592653589793 * m_B**2)
    theory = ALP(scale=1e5)(numbers(mass=m, Re__V_bs=1), INPUTS)
    assert get("BR(B+->KX)")(theory, INPUTS) == approx(width * INPUTS["tau_B+"], rel=1e-12)
