"""What the dark pairs have in common: operators known by name, a mass in its range, and the velocity of the pair."""

from collections.abc import Mapping
from dataclasses import fields
from typing import ClassVar, TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.numerics import sqrt_or_zero

Coefficient = Complex[Array, ""] | Float[Array, ""] | complex | None
Kind = TypeVar("Kind", bound="Operators")


class Operators(eqx.Module):
    """Coefficients of the operators with one kind of pair. An operator that is not there is None and costs nothing.

    Attributes:
        particle: the pair, for messages.
        self_conjugate: what the particle is called if it is its own antiparticle.
        vanishing: names of the operators that vanish in that case.
        real_seen: names of the operators of whose coefficients K_L -> pi0 sees the real parts.
        imaginary_seen: names of those of whose coefficients it sees the imaginary parts, which violate CP.
    """

    particle: ClassVar[str]
    self_conjugate: ClassVar[str]
    vanishing: ClassVar[tuple[str, ...]]
    real_seen: ClassVar[tuple[str, ...]]
    imaginary_seen: ClassVar[tuple[str, ...]]

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of all operators."""
        return tuple(field.name for field in fields(cls))

    def count(self, self_conjugate: bool) -> int:
        """Rate over that of a pair of distinct particles: amplitudes double for identical ones, phase space halves.

        Raises:
            DineutrinoError: for an operator that vanishes.
        """
        if not self_conjugate:
            return 1
        given = [name for name in self.vanishing if getattr(self, name) is not None]
        if given:
            left = ", ".join(name for name in self.names() if name not in self.vanishing)
            raise DineutrinoError(f"operator {given[0]} vanishes for {self.self_conjugate}; use one of {left}.")
        return 2

    def seen_by_k_long(self: Kind) -> Kind:
        """The part that turns K_L into pi0 and a pair: (c + eta zeta c^*)/2 of each coefficient c.

        The quark current has eta = 1 (scalar) or -1 (vector, tensor) under charge conjugation, that of the pair is
        zeta times its Hermitian conjugate; pions have no pseudoscalar and no axial vector current.
        """
        real = {name: real_part(getattr(self, name)) for name in self.real_seen}
        return type(self)(**real, **{name: imaginary_part(getattr(self, name)) for name in self.imaginary_seen})


def real_part(c: Coefficient) -> Coefficient:
    """Re c as a complex number."""
    return None if c is None else jnp.real(jnp.asarray(c)) + 0j


def imaginary_part(c: Coefficient) -> Coefficient:
    """i Im c."""
    return None if c is None else 1j * jnp.imag(jnp.asarray(c))


def from_names(kind: type[Kind], coefficients: Mapping[str, complex]) -> Kind:
    """Operators of one kind from names and values, powers of GeV: `from_names(ScalarOperators, {"S": 1e-8})`.

    Raises:
        DineutrinoError: for an unknown operator or a value that is not finite.
    """
    for name, value in coefficients.items():
        if name not in kind.names():
            raise unknown(f"operator with a pair of {kind.particle}", name, kind.names())
        if not np.isfinite(value):
            raise DineutrinoError(f"operator {name} = {value} is not finite; give a finite number.")
    return kind(**{name: jnp.asarray(complex(value)) for name, value in coefficients.items()})


def allowed_mass(m: Float[Array, ""] | float, particle: str, positive: bool = False) -> Float[Array, ""]:
    """The mass, GeV, if it is finite and not negative (with `positive`: nor zero); NaN if it is not and is traced.

    Raises:
        DineutrinoError: if it is not, and its value is known.
    """
    if not isinstance(m, jax.core.Tracer):
        known = float(m)
        if not (np.isfinite(known) and (known > 0 or (known == 0 and not positive))):
            sign = "positive" if positive else "zero or positive"
            raise DineutrinoError(f"the mass of {particle} is {known} GeV; it must be finite and {sign}.")
    mass = jnp.asarray(m, dtype=jnp.result_type(float))
    return jnp.where(jnp.isfinite(mass) & ((mass > 0) if positive else (mass >= 0)), mass, jnp.nan)


def velocity(q2: Float[Array, "..."], m: Float[Array, ""]) -> tuple[Float[Array, "..."], Float[Array, "..."]]:
    """Velocity sqrt(1 - 4 m^2/q2) of either particle in the rest frame of the pair, and a q2 that is never too small.

    Args:
        q2: GeV^2; at and below the threshold 4 m^2 the velocity is zero, with zero gradient.
        m: mass of either particle, GeV; NaN gives NaN.

    Returns:
        The velocity, and q2 with values at and below the threshold replaced by some number above it, GeV^2.
    """
    threshold = 4 * m**2
    closed = (q2 <= threshold) & (q2 + threshold != 0)
    safe = jnp.where(closed | (q2 == 0), threshold + 1.0, q2)
    return jnp.where(closed, 0.0, sqrt_or_zero(1 - threshold / safe)) + 0 * m, safe
