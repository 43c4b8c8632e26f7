"""Models of pairs in transitions other than b -> s: which decays they touch, names, units, and the command."""

import jax.numpy as jnp
import pytest
from close import approx
from typer.testing import CliRunner

from dineutrino.cli import app
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import DB, DS, SB, c_l_sm, load_inputs, normalisation
from dineutrino.models import SterileNeutrino, load_model, read_model
from dineutrino.observables import Predictor
from dineutrino.running import tensor_factor
from dineutrino.theory import Flavours, Wet

INPUTS = load_inputs()
NAMES = ("BR(B+->Knunu)", "BR(B+->pinunu)", "BR(K+->pinunu)")
OF = {SB: 0, DB: 1, DS: 2}


def numbers(**given):
    return {name.replace("__", " "): jnp.asarray(float(value)) for name, value in given.items()}


@pytest.fixture(scope="module")
def predictor():
    return Predictor([*NAMES, "BR(KL->pinunu)"], INPUTS)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["DarkScalar", "DarkFermion", "DarkVector", "SterileNeutrino"])
def test_a_pair_touches_its_own_transition(predictor, name):
    coefficient = {"SterileNeutrino": "QN_{}11", "DarkFermion": "V2"}.get(name, "S")
    alone = predictor(Wet(Flavours(), Flavours()))
    for quarks, generations in ((SB, "23"), (DB, "13"), (DS, "12")):
        model = read_model({name: {"transition": quarks.name}}, INPUTS)
        values = numbers(**{"mass": 0.1, f"Re__{coefficient.format(generations)}": 1e-3})
        theory = model(values, INPUTS)
        assert {q: len(theory.wet.pairs(q)) for q in OF} == {q: int(q == quarks) for q in OF}
        assert ((predictor(theory) != alone)[:3]).tolist() == [place == OF[quarks] for place in range(3)]


def test_the_same_numbers_in_every_transition():
    """Coefficients do not know the quarks; tensors of s -> d run to 2 GeV, where their form factor is given."""
    found = {}
    for quarks, one, other in ((SB, "23", "32"), (DB, "13", "31"), (DS, "12", "21")):
        model = load_model("SterileNeutrino", INPUTS, {"transition": quarks.name, "steriles": 2})
        given = {f"Re__QN_{one}12": 1, f"Im__dN_{one}21": 2, f"Re__LNQd_11{one}": 3, f"Im__LNQd_22{other}": 4,
                 f"Re__LNQdT_31{other}": 5}  # fmt: skip
        (found[quarks],) = model(numbers(mass_1=0.1, mass_2=0.2, **given), INPUTS).wet.dark.named.values()
    to_two_gev = tensor_factor(1e3, 2.0, INPUTS) / tensor_factor(1e3, INPUTS["mu_b"], INPUTS)
    assert to_two_gev != approx(1.0, rel=0.02)
    for of_sb, of_db, of_ds in zip(*found.values(), strict=True):
        for name, value in vars(of_sb.couplings).items():
            assert getattr(of_db.couplings, name) == value
            factor = to_two_gev if name.startswith("T") else 1.0
            assert getattr(of_ds.couplings, name) == approx(factor * value, rel=1e-12)
    assert len(found[SB]) == 4


@pytest.mark.slow
def test_universal_currents_of_massless_neutrinos(predictor):
    """cVL has the whole Standard Model in it; without, scalars and tensors come on top."""
    nothing = numbers(cVL=0)
    for quarks, place in OF.items():
        model = load_model("WET", INPUTS, {"transition": quarks.name})
        alone = predictor(model({}, INPUTS))
        assert alone == approx(predictor(Wet(Flavours(), Flavours())), rel=1e-13)
        assert predictor(model(nothing, INPUTS))[place] == approx(0.0, abs=1e-13 * float(alone[place]))
        scalars = predictor(model(numbers(cVL=0, cSL=2), INPUTS))[place]
        doubled = predictor(model(numbers(cVL=0, cSL=2, cSR=2), INPUTS))[place]
        assert doubled == approx(4 * float(scalars), rel=1e-12)
        assert predictor(model(numbers(cSL=2), INPUTS))[place] == approx(float(alone[place] + scalars), rel=1e-12)
    as_in_sb = load_model("WET", INPUTS, {"transition": "db"})(numbers(cVL=-2), INPUTS).wet.neutrinos(DB)
    expected = (2 - c_l_sm(INPUTS)) * normalisation(INPUTS, DB)
    assert as_in_sb.left == approx(expected * jnp.eye(3), rel=1e-12)


def test_wrong_transitions_and_names_are_refused():
    for name in ("WET", "SterileNeutrino", "DarkScalar", "DarkFermion", "DarkVector"):
        with pytest.raises(DineutrinoError, match=r"unknown transition 'sd'.*Allowed: db, ds, sb"):
            load_model(name, INPUTS, {"transition": "sd"})
        with pytest.raises(DineutrinoError, match=f"option 'transition' of {name} must be text, not 3"):
            load_model(name, INPUTS, {"transition": 3})
    with pytest.raises(DineutrinoError, match="did you mean 'Re QN_1211'"):
        SterileNeutrino.from_inputs(INPUTS, transition="ds").check(["mass", "Re QN_2311"])
    with pytest.raises(DineutrinoError, match="unknown option of LightVector"):
        load_model("LightVector", INPUTS, {"transition": "ds"})


@pytest.mark.slow
def test_command():
    run = CliRunner().invoke
    given = [
        "predict",
        "BR(K+->pinunu)",
        "BR(B+->Knunu)",
        "--model",
        "{DarkFermion: {transition: ds}}",
        "--set",
        "V1=1e-3j",
    ]
    found = run(app, [*given, "--set", "mass=0.1"])
    assert found.exit_code == 0, found.output
    assert "BR(B+->Knunu): as in the Standard Model" in found.stderr
    heavy = run(app, [*given, "--set", "mass=0.2"])
    assert "a pair of 0.4 GeV in all is too heavy for BR(K+->pinunu) (up to 0.3541 GeV)" in heavy.stderr
    wrong = run(app, [*given[:4], "{DarkFermion: {transition: sd}}", "--set", "mass=0.1"])
    assert wrong.exit_code == 2
    assert "unknown transition 'sd'" in wrong.stderr
