"""C9_bsmumu and the like: as parameters of every model, with --set and in files."""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from typer.testing import CliRunner

from dineutrino.analysis.predict import theory_at
from dineutrino.cli import app
from dineutrino.cli.new_physics import coefficient_values, points
from dineutrino.eft.leptons import leptons_from_lagrangian
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import DB, DS, SB, load_inputs, normalisation
from dineutrino.inputs.quarks import ALL
from dineutrino.models import MasslessNeutrinos, load_model
from dineutrino.observables import Predictor
from dineutrino.report.labels import coefficient

NAMES = ("BR(Bs->mumu)", "BR(B0->mutau)", "BR(B+->Knunu)")
VALUES = {"C10_bsmumu": -0.75 + 0.2j, "C9p_bdmutau": 2j, "CS_bsmumu": 0.01, "C9_sdmumu": 1.0}


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def theory(inputs):
    return MasslessNeutrinos()(parts(VALUES), inputs)


def parts(values):
    return {f"{part} {name}": jnp.asarray(x) for name, value in values.items()
            for part, x in (("Re", complex(value).real), ("Im", complex(value).imag))}  # fmt: skip


def write(path, content):
    path.write_text(json.dumps(content))
    return path


def record(values, basis="flavio"):
    written = {name: {"Re": complex(x).real, "Im": complex(x).imag} for name, x in values.items()}
    return {"eft": "WET", "basis": basis, "scale": 4.8, "values": written}


def same(one, other):
    for quarks in ALL:
        for a, b in zip(*(jax.tree.leaves(it.leptons(quarks)) for it in (one, other)), strict=True):
            assert a == approx(b, rel=1e-13, abs=1e-25)


def test_parameters_of_every_model(inputs, theory):
    """Coefficients of names are where they belong, and come on top of what the model itself says."""
    found = leptons_from_lagrangian(theory.leptons(SB), inputs)
    assert complex(found.C10[1, 1]) == pytest.approx(-0.75 + 0.2j)
    assert complex(found.CS[1, 1]) == pytest.approx(0.01)
    assert complex(leptons_from_lagrangian(theory.leptons(DB), inputs, DB).C9p[2, 1]) == pytest.approx(2j)
    assert complex(leptons_from_lagrangian(theory.leptons(DS), inputs, DS).C9[1, 1]) == pytest.approx(1.0)
    model = load_model("SterileNeutrino", inputs)
    more = model(parts(VALUES) | {"mass": jnp.asarray(1.0), "Re QN_2311": jnp.asarray(0.01)}, inputs)
    same(more, theory)
    with pytest.raises(DineutrinoError, match="unknown parameter of SterileNeutrino 'Re C9_bsmuu'; did you mean"):
        model.check_name("Re C9_bsmuu")


def test_settings_and_files(tmp_path, inputs, theory):
    """With --set, in a file of the flavio basis, and with one in the place of another."""
    settings = coefficient_values(
        [f"{name}={value}".replace("(", "").replace(")", "") for name, value in VALUES.items()]
    )
    _, states, _ = points(None, settings)
    same(theory_at(states, inputs), theory)
    path = write(tmp_path / "point.json", record(VALUES | {"C10_bsmumu": 5.0, "CVLL_bsbs": 1e-12}))
    _, states, ignored = points(path, {"C10_bsmumu": VALUES["C10_bsmumu"]})
    same(theory_at(states, inputs), theory)
    assert ignored == ("CVLL_bsbs",)


@pytest.mark.slow
def test_a_file_with_many_points(tmp_path, inputs, theory):
    path = write(tmp_path / "points.json", [record({"CL_bsnuenue": 1.0}), record(VALUES)])
    many, states, _ = points(path, {})
    assert many
    batch = jax.vmap(lambda point: theory_at(point, inputs).beyond)(states)
    rates = Predictor(NAMES, inputs).batch(batch)
    predictor = Predictor(NAMES, inputs)
    assert rates[1] == approx(predictor(theory), rel=1e-12)
    assert rates[0, :2] == approx(predictor(MasslessNeutrinos()({}, inputs))[:2], rel=1e-12)
    assert float(rates[0, 2] / rates[1, 2]) < 0.95


def test_the_basis_jms(tmp_path, inputs):
    """Vector currents in GeV^-2: C10_bsmumu from its two chiralities; scalars are said to be left out."""
    scale = complex(normalisation(inputs)) / 2
    values = {"VdeLR_2322": -0.75 * scale, "VedLL_2223": 0.75 * scale, "SedRR_2223": 1e-9}
    _, states, ignored = points(write(tmp_path / "jms.json", record(values, "JMS")), {})
    expected = MasslessNeutrinos()(parts({"C10_bsmumu": -0.75}), inputs)
    same(theory_at(states, inputs), expected)
    assert ignored == ("SedRR_2223",)


@pytest.mark.slow
def test_the_command(tmp_path):
    """marzocca2024 section 3.2: C10 = -0.75 makes 5.1e-9 of B_s -> mu mu; nothing is passed over in silence."""
    path = write(tmp_path / "point.json", record({"C10_bsmumu": -0.75}))
    values = []
    for given in (["--set", "C10_bsmumu=-0.75"], ["--wilson", str(path)], ["--model", "DarkScalar", "--set", "mass=1",
                                                                          "--set", "Re C10_bsmumu=-0.75"]):  # fmt: skip
        done = CliRunner().invoke(app, ["predict", "BR(Bs->mumu)", *given, "--json"])
        assert (done.exit_code, done.stderr) == (0, "")
        values.append(json.loads(done.stdout)[0]["value"])
    assert values == [pytest.approx(values[0], rel=1e-12)] * 3
    assert values[0] == pytest.approx(5.1e-9, rel=0.02)
    done = CliRunner().invoke(app, ["predict", "BR(B+->Knunu)", "--set", "C10_bsmumu=-0.75"])
    assert "BR(B+->Knunu): as in the Standard Model; nothing that was given changes it." in done.stderr


def test_derivatives_by_a_parameter(inputs):
    predictor = Predictor(NAMES[:1], inputs)

    @jax.jit
    def rate(x):
        given = {"Re C10_bsmumu": x[0], "Im CP_bsmumu": x[1]}
        return jnp.log(predictor(MasslessNeutrinos()(given, inputs))[0])

    at = jnp.asarray([-0.5, 0.02])
    numeric = [(rate(at + h) - rate(at - h)) / (2 * np.abs(h).sum()) for h in np.diag([1e-5, 1e-6])]
    assert jax.grad(rate)(at) == approx(numeric, rel=1e-7)


def test_labels():
    assert coefficient("C9_bsmumu") == r"C_{9}^{\mu \mu}"
    assert coefficient("C10p_bdmutau") == r"C_{10}^{\prime\,bd, \tau \mu}"
    assert coefficient("CL_bsnutaunumu").startswith("C_L")
