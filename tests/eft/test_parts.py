"""A complex coefficient by its name or by its parts: the same wherever coefficients are given."""

import json
from pathlib import Path

import jax
import numpy as np
import pytest
from typer.testing import CliRunner

from dineutrino.analysis import parse_analysis
from dineutrino.cli import app
from dineutrino.eft import NeutrinoCoefficients
from dineutrino.eft.names.parts import parts, whole
from dineutrino.eft.smeft import smeft_from_mapping
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_prior
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import load_measurements

NAME = "CL_bsnutaunutau"
BY_PARTS = {f"Re {NAME}": 1.5, f"Im {NAME}": -2.0}


def test_both_ways():
    assert whole(BY_PARTS | {"a": 3}) == {NAME: 1.5 - 2j, "a": 3}
    assert whole({f"Im {NAME}": 2}) == {NAME: 2j}
    assert parts({NAME: 1.5 - 2j, "mass": 1}, [*BY_PARTS, "mass"]) == BY_PARTS | {"mass": 1.0}
    assert parts(BY_PARTS, list(BY_PARTS)) == BY_PARTS
    assert parts({"ll_1111": 3}, ["Re ll_1111"]) == {"Re ll_1111": 3.0}


@pytest.mark.parametrize(
    ("function", "arguments", "said"),
    [
        (whole, ({NAME: 1, f"Re {NAME}": 2},), f"'Re {NAME}' is a part of '{NAME}', which is given as well"),
        (whole, ({f"Re {NAME}": 1j},), f"'Re {NAME}' is a real number, not 1j"),
        (parts, ({NAME: 1, f"Re {NAME}": 2}, list(BY_PARTS)), f"'Re {NAME}' is given twice"),
        (parts, ({"ll_1111": 1j}, ["Re ll_1111"]), "needs 'Im ll_1111', which is not a parameter"),
        (parts, ({"mass": 1j}, ["mass"]), "'mass' is a real number, not 1j"),
        (whole, ({NAME: 1e200},), "is too large to compute with: at most 1e+30"),
        (whole, ({NAME: complex(0, float("inf"))},), "is not finite"),
        (parts, ({"mass": float("nan")}, ["mass"]), "is not finite"),
    ],
)
def test_what_is_refused(function, arguments, said):
    with pytest.raises(DineutrinoError) as error:
        function(*arguments)
    assert said in str(error.value)


def test_in_python():
    one, other = NeutrinoCoefficients.from_mapping({NAME: 1.5 - 2j}), NeutrinoCoefficients.from_mapping(BY_PARTS)
    assert one.to_mapping() == other.to_mapping() == {NAME: 1.5 - 2j}
    smeft = [smeft_from_mapping(values) for values in ({"lq1_3323": 1 - 2j}, {"Re lq1_3323": 1, "Im lq1_3323": -2})]
    assert all(jax.tree.leaves(jax.tree.map(np.array_equal, *smeft)))
    assert smeft[0].lq1[2, 2, 1, 2] == 1 - 2j


@pytest.mark.slow
def test_in_a_likelihood():
    parameters = [Parameter(name, -10, 10) for name in BY_PARTS]
    likelihood = Likelihood(parameters, load_measurements("marzocca2024"), load_prior().restrict(()))
    for values in ({NAME: 1.5 - 2j}, BY_PARTS):
        point = likelihood.origin(values)
        assert {name: float(point[name]) for name in BY_PARTS} == BY_PARTS
    with pytest.raises(DineutrinoError, match="unknown parameter 'CL_bsnutaunuta'; did you mean"):
        likelihood.origin({"CL_bsnutaunuta": 1.0})


@pytest.mark.slow
@pytest.mark.parametrize("model", [(), ("--model", "MasslessNeutrinos")])
def test_on_the_command_line(model):
    def values(*settings):
        given = [word for setting in settings for word in ("--set", setting)]
        done = CliRunner().invoke(app, ["predict", "BR(B+->Knunu)", *model, *given, "--json"])
        assert done.exit_code == 0, done.stderr
        return [row["value"] for row in json.loads(done.stdout)]

    assert values(f"{NAME}=1.5-2j") == values(f"Re {NAME}=1.5", f"Im {NAME}=-2")


def analysis(parameters, more=""):
    return parse_analysis(f"parameters: {{{parameters}}}\nmeasurements: marzocca2024\n{more}", "mine.yaml", Path())


def test_in_an_analysis():
    found = analysis(f"{NAME}: {{min: -1-2j, max: 3+4j, tex: C}}").parameters
    assert [(p.name, p.lower, p.upper) for p in found] == [(f"Re {NAME}", -1, 3), (f"Im {NAME}", -2, 4)]
    assert [p.tex for p in found] == [r"\mathrm{Re}\,C", r"\mathrm{Im}\,C"]
    real = analysis(
        f"{NAME}: {{min: -1, max: 3}}, Im {NAME}: {{min: 0, max: 1}}", f"profile: {{pairs: [[{NAME}, Im {NAME}]]}}"
    )
    assert [(p.name, p.lower, p.upper) for p in real.parameters] == [(f"Re {NAME}", -1, 3), (f"Im {NAME}", 0, 1)]
    assert real.profile.pairs == [[f"Re {NAME}", f"Im {NAME}"]]


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        (f"{NAME}: {{min: 0, max: 1}}, Re {NAME}: {{min: 0, max: 1}}", f"'Re {NAME}' is given twice"),
        (f"{NAME}: {{min: 0, max: 1e200}}", "must be at most 1e+30 in size"),
        (f"{NAME}: {{min: 0, max: 1:30}}", "must be a number, not '1:30'"),
        ("CL_bsnutaunuta: {min: 0, max: 1}", f"did you mean 'Re {NAME}'"),
    ],
)
def test_what_an_analysis_refuses(parameters, said):
    with pytest.raises(DineutrinoError) as error:
        analysis(parameters)
    assert said in str(error.value)
