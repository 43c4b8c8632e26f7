"""One invisible particle X instead of a pair: its spectral functions are those of a line at q2 = m_X^2.

The width of B -> M X is the integral of `dineutrino.hadronic.width` over spectral functions times delta(q2 - m_X^2),

    Gamma(B -> M X) = flux(m_X^2) contract(hadronic currents at m_X^2, currents of X),

so that one particle needs no formula of its own for any meson M. X is real, its couplings are those of the transition
b -> s, and those of the antiquarks follow: L = X (sbar Gamma b) + h.c.
"""

from dataclasses import replace
from typing import ClassVar

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.invisible.operators import Coefficient, allowed_mass, imaginary_part, real_part
from dineutrino.invisible.spectrum import JUST_ABOVE, Currents, Entry, SpinOne, SpinZero
from dineutrino.numerics import abs2

LINE = 16 * jnp.pi**2
"""Phase space of one particle, 2 pi delta(q2 - m^2), in units of that of two massless ones, over the 2 pi of dq2."""
Amplitude = Complex[Array, "..."] | None


class OneParticle(eqx.Module):
    """One invisible particle: where its line is, and what multiplies delta(q2 - m^2) in its spectral functions."""

    particle: ClassVar[str]
    positive: ClassVar[bool] = False

    mass: Float[Array, ""] | float

    @property
    def q2(self) -> Float[Array, ""]:
        """m^2, GeV^2; of a massless particle just above zero, where both sides of a decay are finite.

        Raises:
            DineutrinoError: for a mass that is not allowed; a traced one gives nan.
        """
        squared = jnp.square(allowed_mass(self.mass, self.particle, self.positive))
        return jnp.where(squared == 0, JUST_ABOVE, squared)

    def currents(self) -> Currents:
        """What multiplies delta(q2 - m^2); dimensionless times the unit of the couplings squared."""
        raise NotImplementedError

    def seen_by_k_long(self) -> "OneParticle":
        """The same with the couplings that turn K_L, which is odd under CP, into pi0 X."""
        raise NotImplementedError


class OneScalar(OneParticle):
    """A scalar, a pseudoscalar or an axion-like particle.

    Its derivative couplings are equivalent to S = i (m_b - m_s) V and P = -i (m_b + m_s) A by the equations of motion.

    Attributes:
        mass: GeV, zero included.
        S: X (sbar b), dimensionless.
        P: X (sbar gamma_5 b), dimensionless.
        V: d_mu X (sbar gamma^mu b), GeV^-1.
        A: d_mu X (sbar gamma^mu gamma_5 b), GeV^-1.
    """

    particle: ClassVar[str] = "the scalar X"

    S: Coefficient = None
    P: Coefficient = None
    V: Coefficient = None
    A: Coefficient = None

    def currents(self) -> Currents:
        """Both classes of spin zero; the derivative of an outgoing wave is i q_mu."""
        root = jnp.sqrt(self.q2)
        return Currents(
            scalar=SpinZero(*_squares(_times(1j, self.V), _times(1 / root, self.S))),
            pseudoscalar=SpinZero(*_squares(_times(1j, self.A), _times(1 / root, self.P))),
        )

    def seen_by_k_long(self) -> "OneScalar":
        """The real part of S and the imaginary part of V: pions have no P and no A."""
        return replace(self, S=real_part(self.S), V=imaginary_part(self.V), P=None, A=None)


class OneVector(OneParticle):
    """A massive vector. Its longitudinal polarisation makes rates grow like 1/m^2, those of a scalar with V = g/m.

    Attributes:
        mass: GeV, positive.
        V: X_mu (sbar gamma^mu b), dimensionless.
        A: X_mu (sbar gamma^mu gamma_5 b), dimensionless.
        T: (sbar sigma^{mu nu} b) d_mu X_nu, GeV^-1.
        T5: (sbar sigma^{mu nu} gamma_5 b) d_mu X_nu, GeV^-1.

    The sign of gamma_5 in T5 goes with sigma^{mu nu} gamma_5 = -(i/2) eps^{mu nu rho sigma} sigma_{rho sigma} and
    eps^{0123} = -1.
    """

    particle: ClassVar[str] = "the vector X"
    positive: ClassVar[bool] = True

    V: Coefficient = None
    A: Coefficient = None
    T: Coefficient = None
    T5: Coefficient = None

    def currents(self) -> Currents:
        """Both classes of spin one: the polarisations of X sum to -g + q q/m^2, without a part of spin zero."""
        root = jnp.sqrt(self.q2)
        return Currents(
            vector=SpinOne(*_squares(_times(1 / root, self.V), _times(1.0, self.T))),
            axial=SpinOne(*_squares(_times(1 / root, self.A), _times(1.0, self.T5))),
        )

    def seen_by_k_long(self) -> "OneVector":
        """The imaginary parts of V and T: pions have no A and no T5."""
        return replace(self, V=imaginary_part(self.V), T=imaginary_part(self.T), A=None, T5=None)


def _times(factor: Float[Array, ""] | complex, coefficient: Coefficient) -> Amplitude:
    return None if coefficient is None else factor * jnp.asarray(coefficient, complex)


def _squares(a: Amplitude, b: Amplitude) -> tuple[Entry, Entry, Entry]:
    """|a|^2, |b|^2 and Re a b^*, times the phase space."""
    first, second = (None if amplitude is None else LINE * abs2(amplitude) for amplitude in (a, b))
    both = None if a is None or b is None else LINE * jnp.real(a * b.conj())
    return first, second, both
