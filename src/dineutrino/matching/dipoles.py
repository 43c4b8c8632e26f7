"""Dipoles of down quarks below m_Z, from the Warsaw basis at m_Z: linear, to be tabulated."""

from collections.abc import Callable

import jax.numpy as jnp

from dineutrino.eft.dipoles import Dipole
from dineutrino.eft.leptons import FOUR, TWO_GEV
from dineutrino.inputs import DB, DS, SB, Inputs, Quarks
from dineutrino.matching.descent import Smeft
from dineutrino.matching.warsaw_chain import left_from_m_z
from dineutrino.running.jms_classes import Dipoles
from dineutrino.running.warsaw_classes import Warsaw


def dipoles_below(smeft: Smeft, quarks: Quarks) -> Dipole:
    """The sector of one transition at its scale: matched at m_Z, and made by scalars of four quarks on the way down."""
    first, then = _WAYS[quarks]
    return smeft.read_through(first, then)


def dipole_of(c: Dipoles, quarks: Quarks) -> Dipole:
    """The sector of one transition, of classes of the basis of Jenkins, Manohar and Stoffer."""
    there, back = (quarks.final, quarks.initial), (quarks.initial, quarks.final)
    return Dipole(c.dgamma[there], c.dgamma[back].conj(), c.dG[there], c.dG[back].conj())


def _at_mu_b(c: Warsaw, inputs: Inputs) -> Dipoles:
    return left_from_m_z(c, inputs).dipoles


def _at_two_gev(c: Warsaw, inputs: Inputs) -> Dipoles:
    return left_from_m_z(c, inputs, jnp.asarray(TWO_GEV), FOUR).dipoles


def _sb(c: Dipoles, inputs: Inputs) -> Dipole:
    return dipole_of(c, SB)


def _db(c: Dipoles, inputs: Inputs) -> Dipole:
    return dipole_of(c, DB)


def _ds(c: Dipoles, inputs: Inputs) -> Dipole:
    return dipole_of(c, DS)


_WAYS: dict[Quarks, tuple[Callable[[Warsaw, Inputs], Dipoles], Callable[[Dipoles, Inputs], Dipole]]] = {
    SB: (_at_mu_b, _sb),
    DB: (_at_mu_b, _db),
    DS: (_at_two_gev, _ds),
}
