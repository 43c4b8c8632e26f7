import jax
import pytest
from close import approx

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.observables import Predictor, check, get, label, names
from dineutrino.theory import theory_of

FLAVIO = (  # names in flavio 2.7.1
    "BR(B+->Knunu)", "BR(B0->Knunu)", "BR(B+->K*nunu)", "BR(B0->K*nunu)",
    "dBR/dq2(B+->Knunu)", "dBR/dq2(B0->Knunu)", "dBR/dq2(B+->K*nunu)", "dBR/dq2(B0->K*nunu)",
    "<dBR/dq2>(B+->Knunu)", "<dBR/dq2>(B0->Knunu)", "<dBR/dq2>(B+->K*nunu)", "<dBR/dq2>(B0->K*nunu)",
    "FL(B0->K*nunu)", "FL(B+->K*nunu)", "<FL>(B0->K*nunu)", "<FL>(B+->K*nunu)",
)  # fmt: skip


def test_names_of_others_carry_over():
    assert set(FLAVIO) <= set(names())
    assert "R(B+->Knunu)" in names()
    assert "BR(B0->KSnunu)" in names()


def test_every_observable_says_what_it_is():
    for name in names():
        observable = get(name)
        assert observable.name == name
        assert observable.unit in ("1", "GeV", "GeV^-2")
        assert "arXiv" in observable.source
        assert observable.description
        assert observable.tex


@pytest.mark.slow
def test_prepare_and_value_are_what_a_predictor_does():
    """For all kinds of arguments: none, one q2, a narrow bin."""
    inputs = load_inputs()
    references = (("FL(B0->K*nunu)",), ("FL(B0->K*nunu)", 9.0), ("<BR>(B+->Knunu)", 10.0, 10.4))
    theory = theory_of(NeutrinoCoefficients.from_mapping({"CR_bsnuenumu": 3.0 - 1j}), inputs)

    @jax.jit
    def values(inputs):
        found = [(get(name), arguments) for name, *arguments in references]
        return [observable.value(observable.prepare(inputs, *given), theory) for observable, given in found]

    assert Predictor(references, inputs)(theory) == approx(values(inputs), rel=1e-12)


def test_observables_of_a_family_are_prepared_together():
    rate, ratio, other = get("<BR>(B+->Knunu)"), get("<R>(B+->Knunu)"), get("<BR>(B0->Knunu)")
    assert rate.family(1.0, 6.0) == ratio.family(1.0, 6.0)
    assert rate.family(1.0, 6.0).key == other.family(2.0, 8.0).key
    assert rate.family(1.0, 6.0).member != other.family(1.0, 6.0).member
    assert rate.family(1.0, 6.0).key != rate.family(10.0, 10.4).key
    assert rate.family(1.0, 6.0).key != get("<BR>(B0->K*nunu)").family(1.0, 6.0).key


def test_labels():
    assert label(("BR(B+->Knunu)",)) == "BR(B+->Knunu)"
    assert label(("<dBR/dq2>(B+->Knunu)", 4.0, 8.5)) == "<dBR/dq2>(B+->Knunu)[4, 8.5]"


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        (("BR(B+->Knuu)",), r"unknown observable 'BR\(B\+->Knuu\)'; did you mean 'BR\(B\+->Knunu\)'"),
        (("BR(B+->Knunu)", 1.0), "takes the arguments: none; 1 given"),
        (("dBR/dq2(B+->Knunu)",), "takes the arguments: q2; 0 given"),
        (("FL(B0->K*nunu)", 1.0, 2.0), "takes the arguments: q2; 2 given"),
        (("dBR/dq2(B+->Knunu)", -0.1), "outside the kinematic range"),
        (("dBR/dq2(B+->Knunu)", 23.0), "outside the kinematic range"),
        (("dBR/dq2(B+->Knunu)", float("nan")), "outside the kinematic range"),
        (("<dBR/dq2>(B0->K*nunu)", 8.0, 4.0), "empty or reversed"),
        (("<dBR/dq2>(B0->K*nunu)", 4.0, 4.0), "empty or reversed"),
        (("<dBR/dq2>(B0->K*nunu)", 4.0, 22.0), "0 to 19.2"),
    ],
)
def test_bad_references_are_refused(reference, message):
    with pytest.raises(DineutrinoError, match=message):
        check([reference], load_inputs("default"))
