"""Currents of charged leptons and down quarks below m_Z, from the Warsaw basis at m_Z: linear, to be tabulated."""

from collections.abc import Callable
from functools import cache

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.eft.leptons import LL
from dineutrino.inputs import DS, Inputs, Quarks, ckm_matrix
from dineutrino.matching.currents import neutral_currents
from dineutrino.matching.descent import Smeft
from dineutrino.running.jms import FIVE
from dineutrino.running.jms_classes import Four, Two
from dineutrino.running.jms_pairs import Currents, pack, unpack
from dineutrino.running.jms_parts import DownScalars, run_down_scalars_from_m_z, run_neutral_from_m_z
from dineutrino.running.strong import FOUR, TWO_GEV
from dineutrino.running.warsaw_classes import Warsaw


class LowCurrents(eqx.Module):
    """What does not change the charge of quarks or leptons, at one low scale: also penguins and meson mixing need it.

    Attributes:
        neutral: products of two neutral currents.
        scalars: scalar and tensor currents of charged leptons and down quarks.
    """

    neutral: Currents
    scalars: DownScalars


def at_mu_b(c: Warsaw, inputs: Inputs) -> LowCurrents:
    """At mu_b, with five flavours."""
    return _at(c, inputs, inputs["mu_b"], FIVE)


def at_two_gev(c: Warsaw, inputs: Inputs) -> LowCurrents:
    """At 2 GeV, with four flavours."""
    return _at(c, inputs, jnp.asarray(TWO_GEV), FOUR)


def leptons_below(smeft: Smeft, quarks: Quarks) -> LL:
    """The sector of one transition at its scale, as all coefficients at m_Z make it."""
    return smeft.read_through(at_two_gev if quarks == DS else at_mu_b, _of(quarks))


def leptons_of(low: LowCurrents, quarks: Quarks) -> LL:
    """The sector of one transition, of classes of the basis of Jenkins, Manohar and Stoffer."""
    i, j = quarks.final, quarks.initial
    vectors, scalars = unpack(low.neutral), low.scalars

    def conjugate(array: Four) -> Two:
        """Of the operator with both currents turned round, at the place of the transition."""
        return array[:, :, j, i].conj().T

    return LL(
        VLL=vectors["VedLL"][:, :, i, j],
        VLR=vectors["VdeLR"][i, j],
        VRL=vectors["VedLR"][:, :, i, j],
        VRR=vectors["VedRR"][:, :, i, j],
        SLL=conjugate(scalars.SedRR),
        SLR=scalars.SedRL[:, :, i, j],
        SRL=conjugate(scalars.SedRL),
        SRR=scalars.SedRR[:, :, i, j],
        TLL=conjugate(scalars.TedRR),
        TRR=scalars.TedRR[:, :, i, j],
    )


def _at(c: Warsaw, inputs: Inputs, mu: Float[Array, ""], flavours: int) -> LowCurrents:
    neutral = pack(neutral_currents(c.vectors, ckm_matrix(inputs)[:2], inputs["s2_w"]))
    none = jnp.zeros((3, 3, 3, 3), complex)
    scalars = DownScalars(SedRL=c.chiral.ledq, SedRR=none, TedRR=none)
    return LowCurrents(
        run_neutral_from_m_z(neutral, mu, inputs, flavours), run_down_scalars_from_m_z(scalars, mu, inputs, flavours)
    )


@cache
def _of(quarks: Quarks) -> Callable[[LowCurrents, Inputs], LL]:
    """One readout for each transition: tables are kept by their identity."""
    return lambda low, inputs: leptons_of(low, quarks)
