"""The transitions of down quarks: each is one row, and nothing else in the code tells them apart."""

from dataclasses import dataclass

from dineutrino.errors import unknown

D, S, B = range(3)
"""Columns of the CKM matrix."""


@dataclass(frozen=True)
class Quarks:
    """The quarks of one transition: operators are (final-bar ... initial), as in sbar gamma_mu P_L b.

    Attributes:
        name: as in WCxf and in `dineutrino.theory.Flavours`, "sb".
        final, initial: columns of the CKM matrix.
        masses: names of the inputs for the initial and the final quark in scalar currents.
        product: name of the input for |V_tj V_ti*|, where the choice "lambda_t: direct" has one.
        charm: whether the loop with a charm quark counts beside that with top, whose CKM elements are small.
    """

    name: str
    final: int
    initial: int
    masses: tuple[str, str]
    product: str | None = None
    charm: bool = False


SB = Quarks("sb", S, B, ("m_b", "m_s"), product="|V_tb V_ts*|")
DB = Quarks("db", D, B, ("m_b", "m_d"))
DS = Quarks("ds", D, S, ("m_s", "m_d"), charm=True)
ALL = (SB, DB, DS)


def by_name(name: str) -> Quarks:
    """The transition with this name, "sb".

    Raises:
        DineutrinoError: unknown name, with the closest one.
    """
    for quarks in ALL:
        if quarks.name == name:
            return quarks
    raise unknown("transition", name, [quarks.name for quarks in ALL])
