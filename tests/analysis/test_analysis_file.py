"""Analysis files: what they mean, and that all their errors are named at once."""

import math
from pathlib import Path

import numpy as np
import pytest

from dineutrino.analysis import load_analysis, packaged_text, parse_analysis
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_prior
from dineutrino.measurements import load_measurements

MINIMAL = """\
parameters:
  Re CL_bsnutaunutau: {min: -40, max: 40}
measurements: marzocca2024
"""
OWN_MEASUREMENT = """\
mine:
  kind: gaussian
  experiment: me
  observable: [<BR>(B+->Knunu), 4, 8]
  value: 1.0e-6
  uncertainty: 1.0e-7
  source: my notebook
"""


def refusal(text, directory=Path()):
    """Lines of the error, each a problem."""
    with pytest.raises(DineutrinoError) as caught:
        parse_analysis(text, "a.yaml", directory)
    return str(caught.value).splitlines()


def only_problem(extra, directory=Path()):
    (line,) = refusal(MINIMAL + extra, directory)
    return line


@pytest.mark.slow
def test_default_analysis():
    analysis = load_analysis()
    assert [p.name for p in analysis.parameters] == ["Re CL_bsnutaunutau", "Re CR_bsnutaunutau"]
    assert all(p.lower <= -40 and p.upper >= 40 for p in analysis.parameters)
    assert [m.name for m in analysis.measurements] == [m.name for m in load_measurements("default")]
    blocks = {block.name for block in analysis.prior.blocks}
    assert {"B->K HPQCD2022", "B->K* GRvDV2023", "CKM"} <= blocks
    assert analysis.profile is not None
    assert analysis.posterior is not None
    names = {name for name, *_ in analysis.predictions}
    assert {"BR(B+->Knunu)", "BR(B0->KSnunu)", "R(B0->K*nunu)", "FL(B0->K*nunu)"} <= names
    assert analysis.text == packaged_text()


def test_minimal_file_takes_documented_defaults(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(MINIMAL)
    analysis = load_analysis(path)
    assert analysis.name == "mine"
    assert analysis.seed == 0
    assert analysis.inputs == "default"
    (parameter,) = analysis.parameters
    assert (parameter.lower, parameter.upper, parameter.scale) == (-40, 40, 20)


def test_everything_can_be_said(tmp_path):
    (tmp_path / "data.yaml").write_text(OWN_MEASUREMENT)
    (tmp_path / "set.yaml").write_text("source: me\noverrides: {s2_w: {value: 0.25, unit: '1', source: me}}\n")
    text = """\
name: all of it
description: with everything
inputs: set.yaml
form_factors: {B->K: GRvDV2023}
choices: {lambda_t: direct, C_L_SM: X_t/s2_w}
overrides:
  m_B+: {value: 5279.0, uncertainty: 0.5, unit: MeV, source: me}
parameters:
  Re CL_bsnutaunutau: {min: -4, max: 4e1, scale: 3, tex: C_L}
  Im CR_bsnuenumu: {min: -1, max: 1}
upper_limits: truncated
measurements: [belle2_2023_BpKnunu_combination, belle2017_B0Kstarnunu]
measurement_files: [data.yaml]
nuisances: [C_L_SM, B->K GRvDV2023]
predictions: [BR(B0->Knunu), [FL(B0->K*nunu), 3], [<dBR/dq2>(B+->Knunu), 4, 8]]
profile: {points: 11, contour_points: 9, confidence_levels: [0.9], pairs: [[Re CL_bsnutaunutau, Im CR_bsnuenumu]]}
posterior: false
seed: 7
"""
    analysis = parse_analysis(text, "a.yaml", tmp_path)
    central = analysis.prior.central
    assert float(central["s2_w"]) == 0.25
    assert float(central["m_B+"]) == pytest.approx(5.279)
    assert central.choices["lambda_t"] == "direct"
    assert central.form_factors["B->K"].name == "GRvDV2023"
    assert {block.name for block in analysis.prior.blocks} == {"short distance", "B->K GRvDV2023"}
    assert [m.name for m in analysis.measurements] == [
        "belle2_2023_BpKnunu_combination",
        "belle2017_B0Kstarnunu",
        "mine",
    ]
    assert type(analysis.measurements[1].term).__name__ == "TruncatedGaussian"
    assert analysis.predictions == (("BR(B0->Knunu)",), ("FL(B0->K*nunu)", 3.0), ("<dBR/dq2>(B+->Knunu)", 4.0, 8.0))
    assert analysis.posterior is None
    assert analysis.profile.confidence_levels == [0.9]
    assert analysis.parameters[0].tex == "C_L"


@pytest.mark.slow
def test_likelihood_of_a_file_is_the_one_of_its_parts():
    analysis = parse_analysis(MINIMAL + "nuisances: none\npredictions: [BR(B+->Knunu)]\n", "a.yaml", Path())
    likelihood = analysis.likelihood()
    assert likelihood.names == ("Re CL_bsnutaunutau",)
    point = likelihood.origin({"Re CL_bsnutaunutau": 3.0})
    assert "BR(B+->Knunu)" in likelihood.predict(point)
    assert math.isfinite(likelihood.log_prob(point))
    assert np.allclose(likelihood.prior.central["G_F"], load_prior().central["G_F"])


def test_all_errors_are_named_at_once():
    text = """\
name: 2024-01-01
inputs: defalt
form_factors: {B->K: HPQCD2023, B->Kstar: x}
choices: {lambda_t: guess, K*_with: narrow}
parametres: {}
parameters:
  Re CL_bsnutautau: {min: -1, max: 2}
  Re CL_bsnutaunutau: {min: 4, max: 2}
  Re CR_bsnutaunutau: {min: .nan, max: abc, scal: 3}
  Re CR_bsnuenue: {min: 1, scale: -1}
overrides:
  m_b: {value: -.inf, uncertainty: -1, unit: GeV, source: me}
  G_F: {value: 1, uncertainty: -1, unit: GeV^-2, source: me}
  m_bottom: {value: 4}
upper_limits: truncted
measurements: [default, belle2017_B0Knunu]
measurement_files: [nowhere.yaml]
predictions:
  - BR(B+->Knun)
  - [<dBR/dq2>(B+->Knunu), 8, 4]
  - [<dBR/dq2>(B+->Knunu), 4, 40]
  - [dBR/dq2(B+->Knunu), .nan]
  - [dBR/dq2(B+->Knunu), .inf]
  - [dBR/dq2(B+->Knunu)]
  - 5
seed: 1.5
seed: -1
profile: {points: 2, confidence_levels: [1.5]}
posterior: {chains: 1e5, chians: 3, draws: .nan}
nuisances: [G_F, m_charm]
"""
    expected = [
        (1, "name", "must be text"),
        (2, "inputs", "unknown input set 'defalt'; did you mean 'default'?"),
        (3, "form_factors.B->K", "did you mean 'HPQCD2022'?"),
        (3, "form_factors.B->Kstar", "unknown transition 'B->Kstar'; did you mean 'B->K'?"),
        (4, "choices.lambda_t", "'guess'"),
        (4, "choices.K*_with", "did you mean 'K*_width'?"),
        (5, "parametres", "unknown key 'parametres'; did you mean 'parameters'?"),
        (7, "parameters.Re CL_bsnutautau", "did you mean 'Re CL_bsnutaunutau'?"),
        (8, "parameters.Re CL_bsnutaunutau.max", "must be larger than min = 4, not 2"),
        (9, "parameters.Re CR_bsnutaunutau.min", "must be a finite number, not nan"),
        (9, "parameters.Re CR_bsnutaunutau.max", "must be a number, not 'abc'"),
        (9, "parameters.Re CR_bsnutaunutau.scal", "did you mean 'scale'?"),
        (10, "parameters.Re CR_bsnuenue.max", "this key is missing"),
        (10, "parameters.Re CR_bsnuenue.scale", "greater than 0"),
        (12, "overrides.m_b", "must be a finite number, not -inf"),
        (13, "overrides.G_F", "must not be negative"),
        (14, "overrides.m_bottom", "unknown input 'm_bottom'"),
        (15, "upper_limits", "did you mean 'truncated'?"),
        (16, "measurements[1]", "did you mean 'belle2017_B0KSnunu'?"),
        (17, "measurement_files[0]", "there is no file 'nowhere.yaml'"),
        (19, "predictions[0]", "did you mean 'BR(B+->Knunu)'?"),
        (20, "predictions[1]", "empty or reversed"),
        (21, "predictions[2]", "outside the kinematic range"),
        (22, "predictions[3]", "must be numbers, not nan"),
        (23, "predictions[4]", "outside the kinematic range"),
        (24, "predictions[5]", "takes the arguments: q2; 0 given"),
        (25, "predictions[6]", "must be the name of an observable"),
        (27, "seed", "this key appears twice"),
        (27, "seed", "greater than or equal to 0"),
        (28, "profile.points", "greater than or equal to 5"),
        (28, "profile.confidence_levels[0]", "less than 1"),
        (29, "posterior.chains", "must be a whole number"),
        (29, "posterior.draws", "must be a whole number"),
        (29, "posterior.chians", "did you mean 'chains'?"),
        (30, "nuisances[1]", "unknown uncertain input 'm_charm'"),
    ]
    found = refusal(text)
    for line, key, said in expected:
        matching = [problem for problem in found if problem.startswith(f"a.yaml, line {line}, {key}: ")]
        assert any(said in problem for problem in matching), (line, key, said, matching)
    assert len(found) == len(expected)
    assert [int(problem.split("line ")[1].split(",")[0]) for problem in found] == sorted(line for line, *_ in expected)


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("measurement_files: data.yaml\n", "line 4, measurement_files: must be a list, not 'data.yaml'"),
        ("nuisances: some\n", "line 4, nuisances: must be 'all', 'none', or a list of uncertain inputs"),
        ("profile: 3\n", "line 4, profile: must be a mapping"),
        ("profile: {pairs: [[Re CL_bsnutaunutau, Re CR]]}\n", "line 4, profile.pairs[0][1]: unknown parameter"),
        ("profile: {pairs: [[Re CL_bsnutaunutau, Re CL_bsnutaunutau]]}\n", "needs two different parameters"),
        ("profile: {pairs: [[Re CL_bsnutaunutau]]}\n", "line 4, profile.pairs[0]: "),
        ("posterior: {chains: true}\n", "line 4, posterior.chains: must be a whole number, not True"),
        ("seed: one\n", "line 4, seed: must be a whole number, not 'one'"),
        ("predictions: BR(B+->Knunu)\n", "line 4, predictions: must be a list"),
        ("predictions: [[BR(B+->Knunu), x]]\n", "must be numbers, not 'x'"),
        ("inputs: 3\n", "line 4, inputs: must be a name or the path of a YAML file, not 3"),
        ("inputs: nowhere.yaml\n", "there is no file 'nowhere.yaml'"),
        ("form_factors: {B->K: nowhere.yaml}\n", "line 4, form_factors.B->K: there is no file 'nowhere.yaml'"),
        ("profile: {points: 100000000}\n", "line 4, profile.points: input should be less than or equal to 10001"),
        ("profile: {contour_points: 5000}\n", "line 4, profile.contour_points: input should be less than"),
        ("posterior: {draws: 100000000}\n", "line 4, posterior.draws: input should be less than or equal to 1000000"),
        ("toys: 100000000\n", "line 4, toys: input should be less than or equal to 10000000"),
        (f"predictions: [{', '.join(['BR(B+->Knunu)'] * 500)}]\n", "must have at most 200 entries, not 500."),
        (f"nuisances: {'x' * 100_000}\n", "line 4, nuisances: must be 'all', 'none', or a list"),
        ("5: 3\n", "line 4, 5: "),
    ],
)
def test_single_errors(extra, said):
    problem = only_problem(extra)
    assert problem.startswith("a.yaml, line 4, ")
    assert len(problem) < 300
    assert said in problem


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"uncertainty: 1.0e-7": "uncertainty: 0"}, "'uncertainty' must be positive"),
        ({"uncertainty: 1.0e-7": "uncertainty: -1.0e-7"}, "'uncertainty' must be positive"),
        ({"value: 1.0e-6": "value: .nan"}, "'value' must be a finite number"),
        ({"value: 1.0e-6": "value: [1.0e-6, 2.0e-6]"}, "'value' must be a finite number"),
        ({"4, 8]": "8, 4]"}, "empty or reversed"),
        ({"4, 8]": "4, 80]"}, "outside the kinematic range"),
        ({"<BR>(B+->Knunu)": "<BR>(B+->Kuu)"}, "did you mean '<BR>(B+->Knunu)'"),
        ({"kind: gaussian": "kind: gausian"}, "did you mean 'gaussian'"),
        ({"mine": "belle2017_B0KSnunu"}, "already the name of a measurement"),
    ],
)
def test_errors_of_measurement_files_are_located(tmp_path, change, said):
    text = OWN_MEASUREMENT
    for old, new in change.items():
        text = text.replace(old, new)
    (tmp_path / "data.yaml").write_text(text)
    problem = only_problem("measurement_files: [data.yaml]\n", tmp_path)
    assert problem.startswith("a.yaml, line 4, measurement_files[0]: ")
    assert said in problem


def test_wrong_shapes_in_measurement_files(tmp_path):
    (tmp_path / "data.yaml").write_text(
        "mine: {kind: correlated_gaussian, experiment: me, source: me, observables: [R(B+->Knunu), R(B0->K*nunu)],"
        " values: [1, 2], uncertainties: [1, 1], correlation: [[1, 0, 0], [0, 1, 0]]}"
    )
    assert "must be 2 x 2, it is 2 x 3" in only_problem("measurement_files: [data.yaml]\n", tmp_path)


def test_data_are_not_counted_twice(tmp_path):
    twice = "parameters: {Re CL_bsnutaunutau: {min: -1, max: 1}}\nmeasurements: [default, belle2017_B0KSnunu]\n"
    assert "is used twice" in refusal(twice)[0]
    text = OWN_MEASUREMENT + "  contains: [belle2_2023_BpKnunu_combination]\n"
    (tmp_path / "data.yaml").write_text(text)
    both = MINIMAL.replace("marzocca2024", "default") + "measurement_files: [data.yaml]\n"
    assert "use the same data" in refusal(both, tmp_path)[0]


def test_an_analysis_needs_parameters_and_measurements():
    assert "parameters: this key is missing" in refusal("measurements: default\n")[0]
    assert "at least one parameter" in refusal("parameters: {}\nmeasurements: default\n")[0]
    assert "at least one measurement" in refusal("parameters: {Re CL_bsnutaunutau: {min: -1, max: 1}}\n")[0]


@pytest.mark.parametrize("text", ["", "- a\n", "3\n"])
def test_a_file_without_keys_is_refused(text):
    assert refusal(text) == ["a.yaml: the file must hold a mapping with the keys of an analysis, such as 'parameters'."]


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(DineutrinoError, match="there is no file"):
        load_analysis(tmp_path / "nothing.yaml")
    with pytest.raises(DineutrinoError, match="cannot be read"):
        load_analysis(tmp_path)
    (tmp_path / "latin.yaml").write_bytes(b"name: \xe9\n")
    with pytest.raises(DineutrinoError, match="cannot be read"):
        load_analysis(tmp_path / "latin.yaml")
