"""Heavy fields that are integrated out at their masses: from couplings to SMEFT coefficients, one pure `match` each."""

from dineutrino.models.mediators.ansatz import Ansatz, FlavourFunction, Free, RealParameter
from dineutrino.models.mediators.colourless import COLOURLESS, Vprime, Zprime, ZprimeL, ZprimeR
from dineutrino.models.mediators.directions import RankOne, ThirdFamily
from dineutrino.models.mediators.kappa import EFFECTIVE, Kappa
from dineutrino.models.mediators.mediator import Mediator
from dineutrino.models.mediators.scalar_leptoquarks import R2, S1, S3, SCALAR_LEPTOQUARKS, R2t, S1t
from dineutrino.models.mediators.spurions import U2, MinimalFlavourViolation
from dineutrino.models.mediators.vector_leptoquarks import U1, U3, V2, VECTOR_LEPTOQUARKS, V2t
from dineutrino.models.mediators.vector_like_quarks import Q1, Q5, T1, T2, VECTOR_LIKE_QUARKS, D

MEDIATORS: dict[str, type[Mediator]] = {
    field.name: field
    for field in (*SCALAR_LEPTOQUARKS, *VECTOR_LEPTOQUARKS, *COLOURLESS, *VECTOR_LIKE_QUARKS, *EFFECTIVE)
}
"""Name -> heavy field."""
FLAVOURS: dict[str, Ansatz] = {
    ansatz.name: ansatz
    for ansatz in (
        Free(), RankOne(), RankOne(universal=True), ThirdFamily(), ThirdFamily(universal=True),
        MinimalFlavourViolation(), U2(),
    )
}  # fmt: skip
"""Name -> where the couplings of a field come from."""

__all__ = [
    "FLAVOURS",
    "MEDIATORS",
    "Q1",
    "Q5",
    "R2",
    "S1",
    "S3",
    "T1",
    "T2",
    "U1",
    "U2",
    "U3",
    "V2",
    "Ansatz",
    "D",
    "FlavourFunction",
    "Free",
    "Kappa",
    "Mediator",
    "MinimalFlavourViolation",
    "R2t",
    "RankOne",
    "RealParameter",
    "S1t",
    "ThirdFamily",
    "V2t",
    "Vprime",
    "Zprime",
    "ZprimeL",
    "ZprimeR",
]
