"""Heavy fields that are integrated out at their masses: from couplings to SMEFT coefficients, one pure `match` each."""

from dineutrino.models.mediators.colourless import COLOURLESS, Vprime, Zprime, ZprimeL, ZprimeR
from dineutrino.models.mediators.mediator import Mediator
from dineutrino.models.mediators.scalar_leptoquarks import R2, S1, S3, SCALAR_LEPTOQUARKS, R2t, S1t
from dineutrino.models.mediators.vector_leptoquarks import U1, U3, V2, VECTOR_LEPTOQUARKS, V2t
from dineutrino.models.mediators.vector_like_quarks import Q1, Q5, T1, T2, VECTOR_LIKE_QUARKS, D

MEDIATORS: dict[str, type[Mediator]] = {
    field.name: field for field in (*SCALAR_LEPTOQUARKS, *VECTOR_LEPTOQUARKS, *COLOURLESS, *VECTOR_LIKE_QUARKS)
}
"""Name -> heavy field."""

__all__ = [
    "MEDIATORS",
    "Q1",
    "Q5",
    "R2",
    "S1",
    "S3",
    "T1",
    "T2",
    "U1",
    "U3",
    "V2",
    "D",
    "Mediator",
    "R2t",
    "S1t",
    "V2t",
    "Vprime",
    "Zprime",
    "ZprimeL",
    "ZprimeR",
]
