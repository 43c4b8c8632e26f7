"""Which fermions a coupling connects, and how its indices turn when their families are rotated."""

from dataclasses import dataclass
from enum import Enum


class Fermion(Enum):
    """The five kinds of fermions of the Standard Model; their values are the names of the Warsaw basis."""

    q = "q"
    u = "u"
    d = "d"
    l = "l"  # noqa: E741
    e = "e"

    @property
    def is_quark(self) -> bool:
        """Whether it has colour."""
        return self in (Fermion.q, Fermion.u, Fermion.d)

    @property
    def states(self) -> int:
        """Number of colours times that of weak isospin."""
        return (3 if self.is_quark else 1) * (2 if self in (Fermion.q, Fermion.l) else 1)


@dataclass(frozen=True)
class Leg:
    """An index of a coupling.

    Attributes:
        fermion: whose families it counts.
        barred: whether the Lagrangian has the field psibar_i, whose index turns like the families themselves; that of
            psi_i, and of psibar^c_i = (psi^T C)_i, turns like their complex conjugate.
    """

    fermion: Fermion
    barred: bool


def legs(written: str) -> tuple[Leg, ...]:
    """The legs of "qbar l" or "q l", in the order of the indices."""
    fields = written.split()
    return tuple(Leg(Fermion(field.removesuffix("bar")), field.endswith("bar")) for field in fields)
