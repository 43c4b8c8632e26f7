"""Tree-level matching of the whole Warsaw basis onto LEFT at m_Z."""

from jaxtyping import Array, Complex, Float

from dineutrino.matching.chirality import dipoles, scalars_and_tensors
from dineutrino.matching.currents import charged_currents, neutral_currents
from dineutrino.running.jms_classes import JMS, from_arrays
from dineutrino.running.warsaw_classes import Warsaw


def match_warsaw(c: Warsaw, V: Complex[Array, "3 3"], s2: Float[Array, ""] | float, v: Float[Array, ""] | float) -> JMS:
    """The parts of LEFT that are linear in the coefficients of dimension six.

    The Fermi constant, alpha_em and m_W are what was measured, so that coefficients that shift the relations between
    them and the couplings of the Standard Model appear in operators that conserve flavour. What rescales masses and
    gauge couplings is part of these, and the exchange of Higgs bosons is of dimension eight.

    Args:
        c: at m_Z in the down-aligned basis there.
        V: CKM matrix at m_Z, rows u, c, t.
        s2: sin^2 of the weak mixing angle, e^2 v^2/(4 m_W^2) at tree level.
        v: (sqrt(2) G_F)^(-1/2), GeV; dipoles are proportional to it.

    Source: arXiv:1709.04486 section 2 and appendix C.
    """
    V = V[:2]
    return from_arrays(
        neutral_currents(c.vectors, V, s2)
        | charged_currents(c, V)
        | scalars_and_tensors(c.chiral, V)
        | dipoles(c.dipoles, V, s2, v)
        | {"G": c.bosons.G, "Gtilde": c.bosons.Gtilde}
    )
