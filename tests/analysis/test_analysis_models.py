"""Models in the analysis file: read, refused with the line, and fitted."""

import pytest

from dineutrino.analysis import load_analysis
from dineutrino.errors import DineutrinoError
from dineutrino.models import DarkScalar, MasslessNeutrinos

GOOD = """\
model: {DarkScalar: {real: true}}
parameters:
  mass: {min: 0, max: 2.3}
  Re S: {min: 0, max: 1.0e-3}
measurements: belle2_2023_BpKnunu_combination
nuisances: [B->K HPQCD2022]
"""


@pytest.fixture
def write(tmp_path):
    def to(text):
        path = tmp_path / "analysis.yaml"
        path.write_text(text)
        return path

    return to


@pytest.mark.slow
def test_a_model_with_its_options(write):
    analysis = load_analysis(write(GOOD))
    assert analysis.model == DarkScalar(self_conjugate=True)
    likelihood = analysis.likelihood()
    assert likelihood.coefficients == analysis.model
    assert any("f_0" in name for name in likelihood.names)
    assert not any("f_T" in name for name in likelihood.names)
    assert analysis.parameters[0].tex


def test_without_a_model_neutrinos_are_massless():
    assert isinstance(load_analysis().model, MasslessNeutrinos)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("DarkScalar", "DarkScaler", "line 1, model: unknown model 'DarkScaler'; did you mean 'DarkScalar'"),
        ("real: true", "reel: true", "line 1, model: unknown option of DarkScalar 'reel'; did you mean 'real'"),
        ("Re S", "Re Z", "line 4, parameters.Re Z: unknown parameter of DarkScalar 'Re Z'"),
        ("  mass: {min: 0, max: 2.3}\n", "", "parameters: DarkScalar needs a value of 'mass'"),
        ("min: 0, max: 2.3", "min: -1, max: 2.3", "with every parameter at its min: the mass of the scalar is -1.0"),
        ("Re S: {min: 0,", "Lambda S: {min: 0,", "with every parameter at its min: a coefficient or a mass"),
    ],
)
def test_mistakes_are_located(write, old, new, said):
    with pytest.raises(DineutrinoError) as error:
        load_analysis(write(GOOD.replace(old, new)))
    assert said in str(error.value)
