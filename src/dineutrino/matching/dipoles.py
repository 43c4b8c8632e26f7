"""Dipoles of down quarks below m_Z, from the Warsaw basis at m_Z: linear, to be tabulated."""

from collections.abc import Callable
from functools import cache

import jax.numpy as jnp

from dineutrino.eft.dipoles import Dipole
from dineutrino.inputs import DS, Inputs, Quarks
from dineutrino.matching.descent import Smeft
from dineutrino.matching.warsaw_chain import left_from_m_z
from dineutrino.running.jms_classes import Dipoles
from dineutrino.running.strong import FOUR, TWO_GEV
from dineutrino.running.warsaw_classes import Warsaw


def dipoles_below(smeft: Smeft, quarks: Quarks) -> Dipole:
    """The sector of one transition at its scale: matched at m_Z, and made by scalars of four quarks on the way down."""
    return smeft.read_through(_at_two_gev if quarks == DS else _at_mu_b, _of(quarks))


def dipole_of(c: Dipoles, quarks: Quarks) -> Dipole:
    """The sector of one transition, of classes of the basis of Jenkins, Manohar and Stoffer."""
    there, back = (quarks.final, quarks.initial), (quarks.initial, quarks.final)
    return Dipole(c.dgamma[there], c.dgamma[back].conj(), c.dG[there], c.dG[back].conj())


def _at_mu_b(c: Warsaw, inputs: Inputs) -> Dipoles:
    return left_from_m_z(c, inputs).dipoles


def _at_two_gev(c: Warsaw, inputs: Inputs) -> Dipoles:
    return left_from_m_z(c, inputs, jnp.asarray(TWO_GEV), FOUR).dipoles


@cache
def _of(quarks: Quarks) -> Callable[[Dipoles, Inputs], Dipole]:
    """One readout for each transition: tables are kept by their identity."""
    return lambda c, inputs: dipole_of(c, quarks)
