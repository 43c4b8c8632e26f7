import pytest

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.observables import check, get, label, names

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
        assert observable.unit in ("1", "GeV^-2")
        assert "arXiv" in observable.source
        assert observable.description
        assert observable.tex


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
