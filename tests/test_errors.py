"""The error for an unknown name: what a person needs to find the right one."""

import pytest

from dineutrino.errors import unknown
from dineutrino.observables import names

SMEFT = [
    f"{operator}_{i}{j}23"
    for operator in ("lq1", "lq3", "ld", "lu", "ed", "eu", "qd1", "ud1")
    for i in (1, 2, 3)
    for j in (1, 2, 3)
]


@pytest.mark.parametrize(
    ("name", "allowed", "said"),
    [
        ("LQ1_3323", SMEFT, "unknown thing 'LQ1_3323'; did you mean 'lq1_3323'? Allowed: lq1_3323, "),
        (
            "Re  CL",
            ["Re CL", "Im CL"],
            "unknown thing 'Re  CL'; did you mean 'Re CL'? Spaces count. Allowed: Im CL, Re CL.",
        ),
        ("mass ", ["mass", "scale"], "unknown thing 'mass '; did you mean 'mass'? Spaces count. Allowed: mass, scale."),
        ("br(B+->Knunu)", names(), "did you mean 'BR(B+->Knunu)'?"),
        ("R(D)", names(), "did you mean 'R(B->Dtaunu)'? Allowed: R(B->Dtaunu), R(B->D*taunu), "),
        ("R(D*)", names(), "did you mean 'R(B->D*taunu)'?"),
        ("BR(B->Knunu)", names(), "did you mean 'BR(B0->Knunu)'? Allowed: BR(B0->Knunu), BR(B+->Knunu), "),
        ("D_L", ["L_D", "C_L", "D_xL"], "did you mean 'D_xL'?"),
        ("ckm_B", ["ckm_A", "ckm_rhobar"], "did you mean 'ckm_A'?"),
        ("zzz", ["a", "b"], "unknown thing 'zzz'. Allowed: a, b."),
    ],
)
def test_the_nearest_name(name, allowed, said):
    assert said in str(unknown("thing", name, allowed))


def test_of_many_names_the_closest_are_listed():
    message = str(unknown("observable", "BR(Lambdab->Lamdanunu)", names()))
    assert "BR(Lambdab->Lambdanunu), " in message
    assert message.endswith(f", ... ({len(names())} in all).")


def test_nineteen_names_are_all_listed():
    allowed = [f"name_{i}" for i in range(19)]
    message = str(unknown("thing", "x", allowed))
    assert all(name in message for name in allowed)
    assert "in all" not in message
