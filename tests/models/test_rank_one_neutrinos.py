"""Currents of rank one against arXiv:2404.06533 and against the same coefficients by name."""

import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import DB, DS, SB, load_inputs, normalisation
from dineutrino.models import MasslessNeutrinos, RankOneNeutrinos, load_model
from dineutrino.observables import Predictor

NAMES = ("R(B+->Knunu)", "R(B0->K*nunu)", "BR(K+->pinunu)", "BR(B+->pinunu)", "BR(B+->rhonunu)", "BR(KL->pinunu)")


@pytest.fixture(scope="module")
def predictor():
    return Predictor(NAMES, load_inputs("marzocca2024"))


def point(scale, theta, phi, **phases):
    """Of |C|^(-1/2) in TeV."""
    values = {"C": scale**-2, "theta": theta, "phi": phi} | phases
    return {name: jnp.asarray(value) for name, value in values.items()}


@pytest.mark.parametrize(
    ("quarks", "universal", "values", "expected"),
    [
        ("right", False, (2.409, 0.1, 1.4), (3.516e-10, 8.92e-8, 1.067e-6)),
        ("left", False, (2.878, 0.1, 1.4), (2.409e-10, 8.34e-8, 3.42e-7)),
        ("right", True, (2.161, 0.05, 3 * np.pi / 4), (1.222e-10, 2.203e-6, 3.574e-6)),
    ],
)
def test_points_of_the_paper(predictor, quarks, universal, values, expected):
    """Eqs. (A4), (A8) of arXiv:2404.06533 by hand; C_SM of kaons is X_t/s_W^2 there, 6.41, that of B mesons 6.32."""
    model = RankOneNeutrinos(quarks, universal)
    found = predictor(model(point(*values), predictor.inputs))
    kaon = Predictor(["BR(K+->pinunu)"], load_inputs("marzocca2024", C_L_SM="X_t/s2_w"))
    new, old = (float(kaon(model(point(C, *values[1:]), kaon.inputs))[0]) for C in (values[0], 1e9))
    assert new / old == approx(expected[0] / 8.64e-11, rel=0.01)
    assert found[3:5] == approx(expected[1:], rel=0.005)
    assert found[5] == approx(3.4e-11, rel=1e-4)  # real couplings: K_L sees nothing


@pytest.mark.parametrize(("quarks", "universal"), [("left", True), ("right", False), ("vector", False)])
def test_by_name(predictor, quarks, universal):
    """C_L and C_R of every transition and flavour, L = N C, with both phases."""
    inputs = predictor.inputs
    values = point(3.0, 0.3, 2.0, alpha_db=0.4, alpha_sb=-0.7)
    n = np.array([np.sin(0.3) * np.cos(2) * np.exp(0.4j), np.sin(0.3) * np.sin(2) * np.exp(-0.7j), np.cos(0.3)])
    named = {}
    for transition, final, initial in ((SB, 1, 2), (DB, 0, 2), (DS, 0, 1)):
        c = n[final] * n[initial].conj() / 9e6 / complex(normalisation(inputs, transition))
        c = c / 2 if quarks == "vector" else c
        lower = {"sb": "bs", "db": "bd", "ds": "sd"}[transition.name]
        for flavour in ("e", "mu", "tau") if universal else ("tau",):
            for side in {"left": "L", "right": "R", "vector": "LR"}[quarks]:
                name = f"C{side}_{lower}nu{flavour}nu{flavour}"
                named |= {f"Re {name}": jnp.asarray(c.real), f"Im {name}": jnp.asarray(c.imag)}
    found = predictor(RankOneNeutrinos(quarks, universal)(values, inputs))
    assert found == approx(predictor(MasslessNeutrinos()(named, inputs)), rel=1e-11)
    assert abs(float(found[5]) / 3.4e-11 - 1) > 0.1


def test_options():
    inputs = load_inputs()
    assert load_model("RankOneNeutrinos", inputs, {"quarks": "right"}) == RankOneNeutrinos("right")
    with pytest.raises(DineutrinoError, match="option quarks of RankOneNeutrinos: 'rigth'; did you mean 'right'"):
        load_model("RankOneNeutrinos", inputs, {"quarks": "rigth"})
    with pytest.raises(DineutrinoError, match=r"'theta' of RankOneNeutrinos, .* must stay in"):
        RankOneNeutrinos().check_range("theta", 0.0, 3.0)
    with pytest.raises(DineutrinoError, match="'c'; did you mean 'C'"):
        RankOneNeutrinos().check_name("c")
