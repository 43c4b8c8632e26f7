"""What the light quark of the B meson does in B -> M l l of the Standard Model, below charmonium.

It takes a gluon from quark loops and from the gluon dipole (spectator scattering, at order alpha_s), or annihilates
with the b quark (at order alpha_s^0): QCD factorisation at leading power in 1/m_b, and the annihilation into a
transverse K* beyond it. The amplitudes add to a tensor form factor times C_7. What corrects form factors is not among
them, since ours are whole ones; so nothing here depends on C_7 and C_9, new or not, and the helicity of the s quark
stays left-handed. All couplings are at the scale mu_b.

Left out: scattering beyond leading power, and resonances.

Source: hep-ph/0106067 eqs. (15) to (32), (54); hep-ph/0412400 eqs. (46) to (51); for pseudoscalar mesons
arXiv:0709.4174 eq. (B.2); as in EOS, and in flavio 2.7.1 but for a quarter of the term with C_5 and no pseudoscalars.
"""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino import form_factors
from dineutrino.hadronic.masses import Masses
from dineutrino.hadronic.quark_loops import angle_and_root, massless_loop, one_loop
from dineutrino.inputs import FormFactorCoefficients, Inputs
from dineutrino.numerics import kallen, nodes
from dineutrino.numerics.interpolation import Logarithmic
from dineutrino.running.scalar_tensor import TENSOR
from dineutrino.running.strong import strong

Real = Float[Array, ""]
OfBoth = Complex[Array, "2 q2"]
"""At each q2 what comes with V_tb V_ts^*, and what comes with V_ub V_us^* beside it."""
Shifts = Callable[[Float[Array, " q2"]], Complex[Array, "2 polarisation q2"]]
"""What a spectator adds to m_b C_7, GeV, as a function of q2; the first axis is that of `OfBoth`."""
CHARMONIUM = (8.7, 14.0)
"""Where narrow resonances rule the rate into electrons and muons, GeV^2."""
ORDER = 12
"""Nodes of the momentum of the light meson, on either side of the threshold of charm: 1e-5 of the amplitudes."""
LAST = 1 - 1e-6
"""Where the second side begins at the latest, for charm that is light: integrands are 0/0 at u = 1."""
E_UP, E_DOWN = 2 / 3, -1 / 3
TOP = np.array([[1.0], [0.0]])


class Spectator(eqx.Module):
    """The light quark of a B meson.

    Attributes:
        charge: 2/3 of B+, -1/3 of B0.
        f_B: decay constant of the meson, GeV.
        into: the amplitudes of the decay.
    """

    charge: Real
    f_B: Real
    into: "Spectators" = eqx.field(static=True)

    def shifts(
        self, q2: Float[Array, " q2"], masses: Masses, fit: FormFactorCoefficients, inputs: Inputs
    ) -> Complex[Array, "2 polarisation q2"]:
        """What it adds to m_b C_7, GeV, see `Spectators`; zero from charmonium on."""
        low = q2 < CHARMONIUM[0]
        found = self.into(_at(jnp.where(low, q2, 1.0), masses, self, inputs), masses, fit, inputs)
        return jnp.where(low, inputs["m_b(pole)"] * found, 0.0)

    def between(self, lower: Real, upper: Real, masses: Masses, fit: FormFactorCoefficients, inputs: Inputs) -> Shifts:
        """The same where lower < q2 < upper, GeV^2, for many q2: interpolated.

        To 1e-7 of the largest in a bin that begins above 0.1 GeV^2 and ends below 6; R_K* of a bin that begins at the
        threshold of electrons is right to 5e-6.
        """
        last = jnp.minimum(upper, CHARMONIUM[0])
        first = jnp.minimum(lower, last / 2)
        found = Logarithmic.of(lambda q2: self.shifts(q2, masses, fit, inputs), first, last)
        return lambda q2: jnp.where(q2 < CHARMONIUM[0], found(q2), 0.0)


class LightCone(eqx.Module):
    """The amplitude of twist two of a light meson with one polarisation.

    Attributes:
        f: decay constant, GeV.
        a_1, a_2: Gegenbauer moments.
    """

    f: Real
    a_1: Real
    a_2: Real

    def __call__(self, u: Float[Array, "..."]) -> Float[Array, "..."]:
        """At a fraction u of the momentum in the s quark."""
        x = 2 * u - 1
        return 6 * u * (1 - u) * (1 + 3 * self.a_1 * x + 1.5 * self.a_2 * (5 * x**2 - 1))


@runtime_checkable
class Spectators(Protocol):
    """What the spectator of one decay adds to C_7, by the polarisation of the meson: relative to the form factor."""

    def __call__(
        self, at: "Scattering", masses: Masses, fit: FormFactorCoefficients, inputs: Inputs
    ) -> Complex[Array, "2 polarisation q2"]:
        """The first axis is that of `OfBoth`."""
        ...


def to_vector(
    at: "Scattering", masses: Masses, fit: FormFactorCoefficients, inputs: Inputs
) -> Complex[Array, "2 2 q2"]:
    """For a transverse and for a longitudinal K*.

    T_1, T_2 and T_3 times C_7 gain T_perp, 2 E/m_B T_perp and T_perp + T_par. Both transverse polarisations gain the
    same where T_2 = 2 E/m_B T_1, as it is at large energies E of the meson (to 3 % with light-cone sum rules).
    """
    M, m, ff = masses.B, masses.M, form_factors.vector(at.q2, fit)
    transverse = LightCone(at.running * inputs["f_perp_K*"], inputs["a1_perp_K*"], inputs["a2_perp_K*"])
    longitudinal = LightCone(inputs["f_K*+"], inputs["a1_par_K*"], inputs["a2_par_K*"])
    perpendicular = _perpendicular(at, transverse, inputs) + _annihilation(at, transverse, longitudinal, m, inputs)
    parallel = m / at.energy * _parallel(at, longitudinal, inputs)
    T_2, T_3 = 2 * at.energy / M * perpendicular, perpendicular + parallel
    difference = M**2 - m**2
    T_23 = (difference * (M**2 + 3 * m**2 - at.q2) * T_2 - kallen(M**2, m**2, at.q2) * T_3) / (8 * M * m**2 * (M - m))
    return jnp.stack([perpendicular / ff.T_1, T_23 / ff.T_23], axis=1)


def to_pseudoscalar(
    at: "Scattering", masses: Masses, fit: FormFactorCoefficients, inputs: Inputs
) -> Complex[Array, "2 1 q2"]:
    """For a K, whose f_T m_B/(m_B + m_K) times C_7 gains T_P, which is -T_par with the amplitude of the K."""
    kaon = LightCone(inputs["f_K+"], inputs["a1_K"], inputs["a2_K"])
    f_T = form_factors.pseudoscalar(at.q2, fit).f_T * masses.B / (masses.B + masses.M)
    return (-_parallel(at, kaon, inputs) / f_T)[:, None]


class _Barred(eqx.Module):
    """Coefficients of four-quark operators in the sums that spectators see, the barred ones of hep-ph/0106067."""

    C_2: Real
    C_3: Real
    C_4: Real
    C_5: Real
    C_6: Real


def _barred(inputs: Inputs) -> _Barred:
    C_1, C_2, C_3, C_4, C_5, C_6 = (inputs[f"C_{i}_SM"] for i in range(1, 7))
    return _Barred(
        C_2=C_2 - C_1 / 6,
        C_3=C_3 - C_4 / 6 + 16 * C_5 - 8 / 3 * C_6,
        C_4=C_4 / 2 + 8 * C_6,
        C_5=C_3 - C_4 / 6 + 4 * C_5 - 2 / 3 * C_6,
        C_6=C_4 / 2 + 2 * C_6,
    )


class Scattering(eqx.Module):
    """What all amplitudes need at each q2 and u, the fraction of the momentum of the meson in the s quark.

    Attributes:
        q2, energy: of the pair, GeV^2, and of the meson, GeV.
        u, weights: nodes and weights of the quadrature.
        s: invariant mass squared of a gluon and the pair, (1 - u) m_B^2 + u q2.
        triangles, bubbles: I_1, and B_0(s) - B_0(q2), with charm, bottom and light quarks in the loop.
        M, spectator: of the B meson.
        C: coefficients of four-quark operators.
        strong: alpha_s C_F/(4 pi) at mu_b.
        running: of a tensor current from 2 GeV to mu_b.
    """

    q2: Float[Array, " q2"]
    energy: Float[Array, " q2"]
    u: Float[Array, "q2 u"]
    weights: Float[Array, "q2 u"]
    s: Float[Array, "q2 u"]
    triangles: Complex[Array, "3 q2 u"]
    bubbles: Complex[Array, "3 q2 u"]
    M: Real
    spectator: Spectator
    C: _Barred
    strong: Real
    running: Real

    def strength(self, f: Real) -> Real:
        """pi^2/3 f_B f/m_B, GeV."""
        return jnp.pi**2 / 3 * self.spectator.f_B * f / self.M

    def mean(
        self, of: Float[Array, "*any q2 u"] | Complex[Array, "*any q2 u"], light: LightCone
    ) -> Float[Array, "*any q2"] | Complex[Array, "*any q2"]:
        """Over u with the amplitude of the light meson."""
        return jnp.sum(self.weights * light(self.u) * of, axis=-1)

    def scattered(self, weights: Complex[Array, "2 3"], of: Float[Array, " q2 #u"], light: LightCone) -> OfBoth:
        """Loops of a gluon and the pair, 2 m_B/((1-u) E) I_1 + of/((1-u) E)^2 (B_0(s) - B_0(q2)): eqs. (27), (28)."""
        lost = (1 - self.u) * self.energy[:, None]
        return weights @ self.mean(2 * self.M / lost * self.triangles + of / lost**2 * self.bubbles, light)


def _at(q2: Float[Array, " q2"], masses: Masses, spectator: Spectator, inputs: Inputs) -> Scattering:
    """With nodes of u on both sides of the threshold of charm, s = 4 m_c^2.

    The logarithms and dilogarithms of eqs. (30) to (32), L_1(x_+) + L_1(x_-), are -2 arctan^2(1/sqrt(4 m^2/s - 1)).
    """
    M = masses.B
    at_mu_b, at_2_GeV = (strong(inputs)[scale] for scale in ("mu_b", "2 GeV"))
    threshold = jnp.clip((M**2 - 4 * inputs["m_c(pole)"] ** 2) / (M**2 - q2), 0.0, LAST)

    def both(threshold: Real) -> tuple[Float[Array, " u"], Float[Array, " u"]]:
        sides = (nodes(a, b, order=ORDER) for a, b in ((jnp.asarray(0.0), threshold), (threshold, jnp.asarray(1.0))))
        u, weights = zip(*sides, strict=True)
        return jnp.concatenate(u), jnp.concatenate(weights)

    u, weights = jax.vmap(both)(threshold)
    of_q2 = q2[:, None]
    s = (1 - u) * M**2 + u * of_q2
    mass = jnp.stack([inputs["m_c(pole)"], inputs["m_b(pole)"]])[:, None, None]
    (in_s, root_s), (in_q2, root_q2) = angle_and_root(s, mass), angle_and_root(of_q2, mass)
    I_1 = 1 - 4 * mass**2 / ((1 - u) * (M**2 - of_q2)) * (in_s - in_q2)
    light = jnp.log(of_q2 / s).astype(complex)
    return Scattering(
        q2=q2,
        energy=(M**2 + masses.M**2 - q2) / (2 * M),
        u=u,
        weights=weights,
        s=s,
        triangles=jnp.concatenate([I_1, jnp.ones_like(I_1[:1])]),
        bubbles=jnp.concatenate([-2 * (root_s - root_q2), light[None]]),
        M=M,
        spectator=spectator,
        C=_barred(inputs),
        strong=at_mu_b.alpha_s / (3 * jnp.pi),
        running=jnp.exp(TENSOR * (at_mu_b.log_leading - at_2_GeV.log_leading)),
    )


def _perpendicular(at: Scattering, light: LightCone, inputs: Inputs) -> OfBoth:
    """T_perp by spectator scattering, eqs. (23), (24), (27); hep-ph/0412400 eq. (50)."""
    C, M, m_b, q2 = at.C, at.M, inputs["m_b(pole)"], at.q2[:, None]
    bottom = C.C_3 + C.C_4 - C.C_6 - 4 * m_b / M * C.C_5
    weights = _weights(E_UP * (C.C_2 + C.C_4 - C.C_6), E_DOWN * bottom, E_DOWN * C.C_3, E_UP * C.C_2)
    dipole = -4 * E_DOWN * inputs["C_8eff_SM"] * at.mean(1 / (at.u + (1 - at.u) * q2 / M**2), light)
    scattered = dipole * TOP + M / (2 * m_b) * at.scattered(weights, q2, light)
    return at.strength(light.f) * at.strong / inputs["lambda_B"] * scattered


def _annihilation(
    at: Scattering, transverse: LightCone, longitudinal: LightCone, mass: Real, inputs: Inputs
) -> Float[Array, "2 q2"]:
    """T_perp by annihilation, a correction of order 1/m_b: hep-ph/0412400 eq. (51)."""
    charge, m_b = at.spectator.charge, inputs["m_b(pole)"]
    photon = -4 * charge / m_b * (at.C.C_5 + 3 * at.C.C_6) * at.mean(at.M**2 / at.s, transverse)
    both = 2 * charge / m_b * mass / (1 - at.q2 / at.M**2) / inputs["lambda_B"] * _annihilated(at, inputs)
    return at.strength(transverse.f) * photon * TOP + at.strength(longitudinal.f) * both


def _parallel(at: Scattering, light: LightCone, inputs: Inputs) -> OfBoth:
    """T_par over m_V/E, by annihilation and by spectator scattering, eqs. (18), (25), (26), (28)."""
    C, M, m_b, mu, charge = at.C, at.M, inputs["m_b(pole)"], inputs["mu_b"], at.spectator.charge
    with_gluon = C.C_3 + C.C_4 - C.C_6
    weights = _weights(E_UP * (C.C_2 + C.C_4 - C.C_6), E_DOWN * with_gluon, E_DOWN * C.C_3, E_UP * C.C_2)
    plus = M / m_b * at.scattered(weights, at.s, light)
    massive = one_loop(at.s, jnp.stack([inputs["m_c(pole)"], m_b])[:, None, None], mu)
    loops = at.mean(jnp.concatenate([massive, massless_loop(at.s, mu)[None]]), light)
    weights = _weights(C.C_2 + C.C_4 + C.C_6, C.C_3 + C.C_4 + C.C_6, C.C_3 + 3 * (C.C_4 + C.C_6), C.C_2)
    constant = -8 / 27 * (C.C_3 - C.C_5 - 15 * C.C_6) * at.mean(jnp.ones_like(at.u), light)
    dipole = 8 * inputs["C_8eff_SM"] * at.mean(M**2 / at.s, light)
    minus = dipole * TOP + 6 * M / m_b * (weights @ loops + constant * TOP)
    annihilated = -4 * M / m_b * _annihilated(at, inputs)
    from_spectator = charge * _inverse_moment(at, inputs["lambda_B"]) * (annihilated + at.strong * minus)
    return at.strength(light.f) * (at.strong / inputs["lambda_B"] * plus + from_spectator)


def _weights(charm: Real, bottom: Real, light: Real, up: Real) -> Complex[Array, "2 3"]:
    """Of the three loops, and of charm less light quarks beside them."""
    return jnp.stack([jnp.stack([charm, bottom, light]), jnp.stack([up, jnp.zeros_like(up), -up])]).astype(complex)


def _annihilated(at: Scattering, inputs: Inputs) -> Float[Array, "2 1"]:
    """Coefficients of the annihilation with V_tb V_ts^*, and, of u quarks alone, with V_ub V_us^*."""
    is_up = at.spectator.charge - E_DOWN
    return jnp.stack([at.C.C_3 + 3 * at.C.C_4, -3 * inputs["C_2_SM"] * is_up])[:, None]


def _inverse_moment(at: Scattering, omega: Real) -> Complex[Array, " q2"]:
    """1/lambda_B,- at each q2, GeV^-1, of phi_- = exp(-omega'/omega)/omega: hep-ph/0106067 eq. (54)."""
    x = at.q2 / (at.M * omega)
    return jnp.exp(-x) / omega * (-exponential_integral(x) + 1j * jnp.pi)


def exponential_integral(x: Float[Array, " n"]) -> Float[Array, " n"]:
    """Ei(x) of 0 < x < 20, from gamma + ln(x) + int_0^1 dt (exp(x t) - 1)/t."""
    t, weights = np.polynomial.legendre.leggauss(24)
    t, weights = (t + 1) / 2, weights / 2
    entire = jnp.expm1(x[:, None] * t) @ jnp.asarray(weights / t)
    return jnp.euler_gamma + jnp.log(x) + entire
