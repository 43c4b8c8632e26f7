"""Squared helicity amplitudes of a decay: one function for each kind of daughter, all with the same arguments."""

from dataclasses import fields
from typing import Protocol, runtime_checkable

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino import form_factors
from dineutrino.form_factors import BaryonFormFactors
from dineutrino.hadronic import to_baryon, to_pseudoscalar, to_vector
from dineutrino.hadronic.masses import Masses
from dineutrino.inputs import FormFactorCoefficients
from dineutrino.invisible import Currents


@runtime_checkable
class Amplitudes(Protocol):
    """Squared helicity amplitudes, GeV^4, at q2 on the physical range, GeV^2.

    `longitudinal` keeps only those with a pair of helicity zero, and so a longitudinally polarised vector meson.
    """

    def __call__(
        self, q2: Float[Array, "..."], masses: Masses, fit: FormFactorCoefficients, longitudinal: bool
    ) -> Currents:
        """The amplitudes of a decay with these masses and this fit of its form factors."""
        ...


def pseudoscalar(
    q2: Float[Array, "..."], masses: Masses, fit: FormFactorCoefficients, longitudinal: bool = False
) -> Currents:
    """Of a pseudoscalar meson, which leaves the pair no other helicity than zero."""
    return to_pseudoscalar.hadronic_currents(q2, form_factors.pseudoscalar(q2, fit), masses)


def vector(
    q2: Float[Array, "..."], masses: Masses, fit: FormFactorCoefficients, longitudinal: bool = False
) -> Currents:
    """Of a vector meson, summed over its polarisations."""
    polarised = to_vector.hadronic_currents(q2, form_factors.vector(q2, fit), masses)
    return polarised.longitudinally_polarised() if longitudinal else polarised.summed()


def baryon(
    q2: Float[Array, "..."], masses: Masses, fit: FormFactorCoefficients, longitudinal: bool = False
) -> Currents:
    """Of a baryon of spin 1/2."""
    currents = to_baryon.longitudinal_currents if longitudinal else to_baryon.hadronic_currents
    return currents(q2, form_factors.baryon(q2, fit), masses)


def quark(q2: Float[Array, "..."], masses: Masses, fit: FormFactorCoefficients, longitudinal: bool = False) -> Currents:
    """Of a free quark that turns into another one: a baryon without a form factor."""
    one = jnp.ones_like(q2)
    pointlike = BaryonFormFactors(**dict.fromkeys((field.name for field in fields(BaryonFormFactors)), one))
    currents = to_baryon.longitudinal_currents if longitudinal else to_baryon.hadronic_currents
    return currents(q2, pointlike, masses)


def none(q2: Float[Array, "..."], masses: Masses, fit: FormFactorCoefficients, longitudinal: bool = False) -> Currents:
    """Without a daughter there is no range of q2, and no amplitude on it."""
    return Currents()
