"""One-loop running of LEFT in QCD and QED from m_Z down, quarks leaving the theory on the way."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.inputs import Inputs
from dineutrino.numerics.ode import rk4
from dineutrino.running.jms_classes import CLASSES, JMS, SIZE, Dipoles, from_arrays, legs, shape
from dineutrino.running.jms_dipoles import LowCouplings, Masses
from dineutrino.running.jms_slope import Packed, packed, packed_slope, unpacked
from dineutrino.running.standard_model import quark_mass_from
from dineutrino.running.theories import Theories, checked_flavours, theories

STEPS = 8
FIVE = 5
MASS_EXPONENT = 4.0
"""Quark masses go like alpha_s to the power of this over beta_0."""
Real = Float[Array, ""]
Part = TypeVar("Part")


class Stretch(eqx.Module):
    """Scales between which the number of flavours stays, by what QCD is at both ends.

    Attributes:
        alpha_s_high: where the coefficients are given.
        alpha_s_low: where they are wanted.
        mass_factor: of quark masses, low over high.
        masses: where the coefficients are given, GeV.
        flavours: 5 for u to b; 4 without b; 3 without b, c and tau.
    """

    alpha_s_high: Real
    alpha_s_low: Real
    mass_factor: Real
    masses: Masses
    flavours: int = eqx.field(static=True)


def run_jms(coefficients: JMS, stretch: Stretch, alpha_em: Real | float, steps: int = STEPS) -> JMS:
    """Coefficients at the lower end from those at the upper end; linear in them.

    The integration variable is a linear function of ln(alpha_s), with one loop in between; alpha_s and quark masses at
    both ends have as many loops as they were given with. Dipoles of quarks run as their masses do, times leading
    logarithms. alpha_em and lepton masses do not run; alpha_em = 0 switches QED off.

    Coefficients with a field that the theory does not have are zero at the lower end.

    Source: arXiv:1711.05270.
    """
    along = _along(stretch, alpha_em)
    length = jnp.log(stretch.alpha_s_low) - jnp.log(stretch.alpha_s_high)
    beyond = jnp.log(stretch.mass_factor) - MASS_EXPONENT / beta_0(stretch.flavours) * length

    def slope(part: Real, c: Packed) -> Packed:
        sm, by_part = along(part)
        slopes = jax.tree.map(lambda slope: by_part * slope, packed_slope(c, sm))
        d, here = slopes.dipoles, c.dipoles
        with_masses = Dipoles(
            egamma=d.egamma,
            ugamma=d.ugamma + beyond * here.ugamma,
            dgamma=d.dgamma + beyond * here.dgamma,
            uG=d.uG + beyond * here.uG,
            dG=d.dG + beyond * here.dG,
        )
        return _restricted(replace(slopes, dipoles=with_masses), stretch.flavours)

    start = _restricted(packed(coefficients), stretch.flavours)
    return unpacked(rk4(slope, start, 0.0, 1.0, steps, rolled=True))


def run_alone(
    start: Part,
    select: Callable[[Packed], Part],
    slope_of: Callable[[Part, LowCouplings], Part],
    stretch: Stretch,
    alpha_em: Real | float,
    steps: int = STEPS,
) -> Part:
    """A part of the coefficients that runs without the others, as `run_jms` runs it: a program that compiles soon.

    Args:
        start: at the upper end.
        select: the same part of all coefficients.
        slope_of: dC/dln(mu), linear in the part.
        stretch: between the two scales.
        alpha_em: as for `run_jms`.
        steps: of the integration.
    """
    along = _along(stretch, alpha_em)
    light_fields = select(jax.tree.map(lambda kept: jnp.asarray(kept, complex), _present(stretch.flavours)))

    def light(c: Part) -> Part:
        return c if stretch.flavours == FIVE else jax.tree.map(jnp.multiply, c, light_fields)

    def slope(part: Real, c: Part) -> Part:
        sm, by_part = along(part)
        return light(jax.tree.map(lambda slope: by_part * slope, slope_of(c, sm)))

    return rk4(slope, light(start), 0.0, 1.0, steps, rolled=True)


def _along(stretch: Stretch, alpha_em: Real | float) -> Callable[[Real], tuple[LowCouplings, Real]]:
    """Couplings at a part, from 0 to 1, of the way down, and ln(mu) by that part there."""
    checked_flavours(stretch.flavours)
    b = beta_0(stretch.flavours)
    e = jnp.sqrt(4 * jnp.pi * jnp.asarray(alpha_em))
    log_start = jnp.log(stretch.alpha_s_high)
    length = jnp.log(stretch.alpha_s_low) - log_start
    log_mass = jnp.log(stretch.mass_factor)

    def at(part: Real) -> tuple[LowCouplings, Real]:
        alpha_s = jnp.exp(log_start + part * length)
        masses = quarks_scaled(stretch.masses, jnp.exp(part * log_mass))
        return LowCouplings(jnp.sqrt(4 * jnp.pi * alpha_s), e, masses, b), -2 * jnp.pi / (b * alpha_s) * length

    return at


def beta_0(flavours: int) -> float:
    """Of QCD with one loop."""
    return 11 - 2 * flavours / 3


def run_jms_from_m_z(coefficients: JMS, mu: Real | float, inputs: Inputs, flavours: int = FIVE) -> JMS:
    """Coefficients at mu, GeV, in the theory with that many flavours, from those at m_Z.

    With five flavours mu is of the size of m_b. With four, b is left behind at its threshold m_b(m_b), with three, c
    and tau at m_c(m_c), all by tree-level matching: what remains does not change. alpha_s and masses have four loops.

    Raises:
        DineutrinoError: other flavours than 3, 4 or 5.
    """
    for stretch in stretches(mu, inputs, flavours):
        coefficients = run_jms(coefficients, stretch, inputs["alpha_em"])
    return coefficients


def stretches(mu: Real | float, inputs: Inputs, flavours: int) -> tuple[Stretch, ...]:
    """From m_Z to mu in the theory with that many flavours."""
    checked_flavours(flavours)
    qcd = theories(inputs)
    limits = {FIVE: qcd.thresholds.bottom, 4: qcd.thresholds.charm}
    start: Real | float = inputs["m_Z"]
    found = []
    for n_f in range(FIVE, flavours - 1, -1):
        end = mu if n_f == flavours else limits[n_f]
        high, low = qcd.at(start, n_f), qcd.at(end, n_f)
        factor = jnp.exp(low.log_mass - high.log_mass)
        found.append(Stretch(high.alpha_s, low.alpha_s, factor, _masses(qcd, start, n_f, inputs), n_f))
        start = end
    return tuple(found)


def _masses(qcd: Theories, mu: Real | float, flavours: int, inputs: Inputs) -> Masses:
    there = qcd.at(mu, flavours)

    def masses(*names: str) -> Float[Array, " n"]:
        return jnp.stack([quark_mass_from(qcd, name, there, inputs) for name in names])

    leptons = jnp.stack([inputs[name] for name in ("m_e", "m_mu", "m_tau")])
    return Masses(masses("m_u", "m_c"), masses("m_d", "m_s", "m_b"), leptons)


def quarks_scaled(masses: Masses, factor: Real) -> Masses:
    """With quark masses that are larger by a factor."""
    return Masses(factor * masses.up, factor * masses.down, masses.lepton)


def _restricted(c: Packed, flavours: int) -> Packed:
    """Without coefficients of fields that are too heavy for a theory with that many flavours."""
    if flavours == FIVE:
        return c
    return jax.tree.map(lambda value, kept: jnp.where(kept, value, 0), c, _present(flavours))


@lru_cache
def _present(flavours: int) -> Packed:
    """Which coefficients have none but light fields."""
    light = {"n": 3, "e": 3, "u": 2, "d": 2} if flavours == 4 else {"n": 3, "e": 2, "u": 1, "d": 2}
    found = {}
    for name in CLASSES:
        kept = np.ones(shape(name), complex)
        for place, field in enumerate(legs(name)):
            here = np.arange(SIZE[field]) < light[field]
            kept *= here.reshape([-1 if i == place else 1 for i in range(kept.ndim)])
        found[name] = kept
    with jax.ensure_compile_time_eval():
        ones = packed(from_arrays({name: jnp.asarray(kept) for name, kept in found.items()}))
        return jax.tree.map(lambda value: np.asarray(value != 0), ones)
