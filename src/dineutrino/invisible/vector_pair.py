"""A pair of massive vectors X X^dagger of equal mass."""

from typing import ClassVar

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.invisible.operators import Coefficient, Operators, allowed_mass, velocity
from dineutrino.invisible.spectrum import Currents, Entry, SpinOne, SpinZero

Amplitude = Complex[Array, "helicities ..."] | Float[Array, "helicities ..."]
SpinOneAmplitude = Complex[Array, "7 ..."] | Float[Array, "7 ..."]
SpinZeroAmplitude = Complex[Array, "3 ..."] | Float[Array, "3 ..."]


class VectorOperators(Operators):
    """Coefficients of the operators with two vectors.

    Attributes:
        S: (sbar b)(X^dag_mu X^mu), GeV^-1.
        P: (sbar gamma_5 b)(X^dag_mu X^mu), GeV^-1.
        T1: (i/2)(sbar sigma^{mu nu} b)(X^dag_mu X_nu - X^dag_nu X_mu), GeV^-1; vanishes for a real field.
        T2: (1/2)(sbar sigma^{mu nu} gamma_5 b)(X^dag_mu X_nu - X^dag_nu X_mu), GeV^-1; vanishes for a real field.
        V2: (sbar gamma_mu b) d_nu(X^{mu dag} X^nu + X^{nu dag} X^mu), GeV^-2, as all that follow.
        V3: (sbar gamma_mu b)(X^dag_rho d<->_nu X_sigma) eps^{mu nu rho sigma}.
        V4: (sbar gamma^mu b)(X^dag_nu i d<->_mu X^nu); vanishes for a real field.
        V5: (sbar gamma_mu b) i d_nu(X^{mu dag} X^nu - X^{nu dag} X^mu); vanishes for a real field.
        V6: (sbar gamma_mu b) i d_nu(X^dag_rho X_sigma) eps^{mu nu rho sigma}; vanishes for a real field.
        A2: V2 with the quark current (sbar gamma_mu gamma_5 b), and so on to A6.

    d<-> acts to the right minus to the left; eps^{0123} = -1. Source: arXiv:2309.12741 eq. (20); P and A2 to A6
    complete the list for the quark currents that eq. (20) leaves out.
    """

    particle: ClassVar[str] = "vectors"
    self_conjugate: ClassVar[str] = "a real vector"
    vanishing: ClassVar[tuple[str, ...]] = ("T1", "T2", "V4", "V5", "V6", "A4", "A5", "A6")
    real_seen: ClassVar[tuple[str, ...]] = ("S",)
    imaginary_seen: ClassVar[tuple[str, ...]] = ("T1", "T2", "V2", "V3", "V4", "V5", "V6")

    S: Coefficient = None
    P: Coefficient = None
    T1: Coefficient = None
    T2: Coefficient = None
    V2: Coefficient = None
    V3: Coefficient = None
    V4: Coefficient = None
    V5: Coefficient = None
    V6: Coefficient = None
    A2: Coefficient = None
    A3: Coefficient = None
    A4: Coefficient = None
    A5: Coefficient = None
    A6: Coefficient = None


class HelicityAmplitudes(eqx.Module):
    """Amplitudes of X(lambda_1) Xbar(lambda_2) in their rest frame, by the structures that the operators have.

    Attributes:
        symmetric, dual, relative, electric, magnetic: spin one, in units of sqrt(q2), of V2, V3, V4, V5, V6; helicities
            (+0), (-0), (0+), (0-), (++), (--), (00). The two parts of a tensor current are electric and magnetic too.
        symmetric_0, dual_0: spin zero of V2 and V3, in units of sqrt(q2); helicities (++), (--), (00).
        product_0: X^dag_mu X^mu, helicities (++), (--), (00).
    """

    symmetric: SpinOneAmplitude
    dual: SpinOneAmplitude
    relative: SpinOneAmplitude
    electric: SpinOneAmplitude
    magnetic: SpinOneAmplitude
    symmetric_0: SpinZeroAmplitude
    dual_0: SpinZeroAmplitude
    product_0: SpinZeroAmplitude


def helicity_amplitudes(gamma: Float[Array, "..."], v: Float[Array, "..."]) -> HelicityAmplitudes:
    """The amplitudes for particles of Lorentz factor gamma = sqrt(q2)/(2 m) and velocity v.

    A longitudinal vector has the polarisation gamma (v, z) or gamma (v, -z), hence a factor gamma for each.
    """
    zero, one = jnp.zeros_like(v), jnp.ones_like(v)

    def table(*columns: Array) -> Amplitude:
        return jnp.stack(columns)

    g, gv, gvv = gamma, gamma * v, gamma * v**2
    return HelicityAmplitudes(
        #                      (+0)  (-0)  (0+)  (0-)  (++)   (--)  (00)
        symmetric=-1j * table(gv, gv, gv, gv, zero, zero, zero),
        dual=table(-gvv, gvv, -gvv, gvv, zero, zero, zero),
        relative=table(zero, zero, zero, zero, v, v, -v * g**2 * (1 + v**2)),
        electric=table(gv, gv, -gv, -gv, zero, zero, 2 * g**2 * v),
        magnetic=1j * table(g, -g, -g, g, one, -one, zero),
        #                                                        (++)  (--)  (00)
        symmetric_0=2j * table(zero, zero, gv**2),
        dual_0=table(v, -v, zero),
        product_0=table(-one, -one, g**2 * (1 + v**2)),
    )


def vector_pair(
    q2: Float[Array, "..."], m: Float[Array, ""] | float, g: VectorOperators, real: bool = False
) -> Currents:
    """Spectral functions of two vectors: sums of A_i A_j^* over the helicities, with all interferences.

    For m -> 0 longitudinal vectors make the rates grow: like 1/m^4 for S, P, T1, V2, V4, V5 (and T2 in B -> V), like
    1/m^2 for V3, V6 (and T2 in B -> P), and the same for A. Coefficients of a theory with a mass of its own making
    vanish like m^2 or m; eq. (21) of the source scales them so.

    Args:
        q2: GeV^2, any shape; at and below the threshold 4 m^2 the result is zero.
        m: mass, GeV, positive.
        g: coefficients.
        real: the field is real, the particles are identical, and the operators are written with X for X^dag.

    Returns:
        Currents with entries of shape (...), GeV^-4. NaN for a traced mass that is not positive.

    Raises:
        DineutrinoError: for a mass that is not positive or not finite, or an operator that vanishes for a real field.

    Source: operators of arXiv:2309.12741 eq. (20); amplitudes from their definition, checked against explicit sums
        over polarisation vectors in tests/observables/test_dark_pairs.py.
    """
    m = allowed_mass(m, "the vector", positive=True)
    v, s = velocity(q2, m)
    mass = jnp.sqrt(s)
    pair = helicity_amplitudes(mass / (2 * m), v)
    phase_space = g.count(real) * v

    vectors = (pair.symmetric, pair.dual, pair.relative, pair.electric, pair.magnetic)
    divergences = (pair.symmetric_0, pair.dual_0)
    scalar = _sum((g.S,), (pair.product_0 / mass,))
    pseudoscalar = _sum((g.P,), (pair.product_0 / mass,))
    # a tensor is its own dual: what sbar sigma b sees as electric, sbar sigma gamma_5 b sees as magnetic
    tensor = _sum((g.T1, g.T2), (pair.electric / mass, -pair.magnetic / mass))
    axial_tensor = _sum((g.T1, g.T2), (-1j * pair.magnetic / mass, -1j * pair.electric / mass))
    return Currents(
        vector=SpinOne(*_squares(phase_space / 3, _sum((g.V2, g.V3, g.V4, g.V5, g.V6), vectors), tensor)),
        axial=SpinOne(*_squares(phase_space / 3, _sum((g.A2, g.A3, g.A4, g.A5, g.A6), vectors), axial_tensor)),
        scalar=SpinZero(*_squares(phase_space, _sum((g.V2, g.V3), divergences), scalar)),
        pseudoscalar=SpinZero(*_squares(phase_space, _sum((g.A2, g.A3), divergences), pseudoscalar)),
    )


def _sum(coefficients: tuple[Coefficient, ...], amplitudes: tuple[Amplitude, ...]) -> Amplitude | None:
    """Coefficients times amplitudes; None if there is no coefficient."""
    terms = [c * amplitude for c, amplitude in zip(coefficients, amplitudes, strict=True) if c is not None]
    return sum(terms[1:], terms[0]) if terms else None


def _squares(phase_space: Float[Array, "..."], a: Amplitude | None, b: Amplitude | None) -> tuple[Entry, Entry, Entry]:
    """Sums over helicities of |a|^2, |b|^2 and Re a b^*, times phase space."""

    def product(left: Amplitude | None, right: Amplitude | None) -> Entry:
        return None if left is None or right is None else phase_space * jnp.sum(jnp.real(left * right.conj()), axis=0)

    return product(a, a), product(b, b), product(a, b)
