"""Two charged leptons of any masses: spectral functions of ten chiral currents, and of a photon that makes the pair.

They are linear in products of two coefficients, and the products know neither q2 nor the masses. So what multiplies
each product is integrated once, and a rate is a form in the coefficients.
"""

from collections.abc import Sequence
from functools import cache

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.invisible.fermion_pair import spectral_functions
from dineutrino.invisible.spectrum import Currents, SpinOne, SpinZero

Entry = Float[Array | np.ndarray, "..."] | float
Twelve = Float[Array | np.ndarray, "12 ..."] | Sequence[Entry]
"""Coefficients of one pair in the order of `dineutrino.eft.leptons.LL`, then of e times the dipoles P_R and P_L."""
FOUR_FERMION = 10
"""How many of them are currents of four fermions, GeV^-2."""
_ENTRY_OF_SPIN_ONE = (0, 0, 1, 1, 1, 1, 2, 2, 2)
"""Which entry of `SpinOne` each product of `SpinOneProducts` is part of."""
_ENTRY_OF_SPIN_ZERO = (0, 0, 1, 1, 2, 2)
"""The same of `SpinZero` and `SpinZeroProducts`."""


class SpinOneProducts(eqx.Module):
    """Products of coefficients of one current of the quarks with spin one.

    Attributes:
        vector, axial: squares of those of the currents V and A of the leptons.
        photon, electric, magnetic: squares of those of the photon, of sigma^{0i} and of sigma^{ij}.
        photon_electric: of the photon and sigma^{0i}.
        vector_photon, vector_electric, axial_magnetic: of a current and a tensor.
    """

    vector: Entry
    axial: Entry
    photon: Entry
    electric: Entry
    magnetic: Entry
    photon_electric: Entry
    vector_photon: Entry
    vector_electric: Entry
    axial_magnetic: Entry

    @classmethod
    def of(cls, v: Entry, a: Entry, photon: Entry, e: Entry, b: Entry) -> "SpinOneProducts":
        """From the coefficients."""
        return cls(v**2, a**2, photon**2, e**2, b**2, photon * e, v * photon, v * e, a * b)


class SpinZeroProducts(eqx.Module):
    """Products of coefficients of one current of the quarks with spin zero.

    Attributes:
        vector, axial: squares of those of the divergences of V and A.
        scalar, pseudoscalar: squares of those of the currents S and P.
        vector_scalar, axial_pseudoscalar: of a divergence and a current.
    """

    vector: Entry
    axial: Entry
    scalar: Entry
    pseudoscalar: Entry
    vector_scalar: Entry
    axial_pseudoscalar: Entry

    @classmethod
    def of(cls, v: Entry, a: Entry, s: Entry, p: Entry) -> "SpinZeroProducts":
        """From the coefficients."""
        return cls(v**2, a**2, s**2, p**2, v * s, a * p)


class Products(eqx.Module):
    """All products that a rate knows, by the current of the quarks; those of the photon without its propagator."""

    vector: SpinOneProducts
    axial: SpinOneProducts
    scalar: SpinZeroProducts
    pseudoscalar: SpinZeroProducts


def products(x: Twelve) -> Products:
    """Products of real coefficients, GeV^-4; each photon in them makes it GeV more."""
    LL, LR, RL, RR = x[:4]
    sLL, sLR, sRL, sRR = x[4:8]
    tLL, tRR, right, left = x[8:]
    # the first letter is the current of the quarks, the second that of the leptons; P_L = (1 - gamma_5)/2
    VV, VA, AV, AA = (LL + LR + RL + RR) / 4, (LR - LL + RR - RL) / 4, (RL + RR - LL - LR) / 4, (LL - LR - RL + RR) / 4
    SS, SP = (sLL + sLR + sRL + sRR) / 4, (sLR - sLL + sRR - sRL) / 4
    PS, PP = (sRL + sRR - sLL - sLR) / 4, (sLL - sLR - sRL + sRR) / 4
    TT, TT5 = (tRR + tLL) / 2, (tRR - tLL) / 2
    TV, T5V = (right + left) / 2, (right - left) / 2
    return Products(
        vector=SpinOneProducts.of(VV, VA, TV, TT, TT5),
        axial=SpinOneProducts.of(AV, AA, T5V, TT5, TT),
        scalar=SpinZeroProducts.of(VV, VA, SS, SP),
        pseudoscalar=SpinZeroProducts.of(AV, AA, PS, PP),
    )


@cache
def product_forms() -> Float[np.ndarray, "product 12 12"]:
    """Each product as a symmetric form in the coefficients."""
    each = np.eye(FOUR_FERMION + 2)
    sums, differences = (products(each[:, :, None] + sign * each[:, None, :]) for sign in (1, -1))
    return np.stack([(a - b) / 4 for a, b in zip(jax.tree.leaves(sums), jax.tree.leaves(differences), strict=True)])


def parities() -> Float[np.ndarray, " product"]:
    """The sign of CP of what each product makes beside a vector meson, for a lepton with its own antiparticle.

    Odd are currents of the leptons that are scalar or sigma^{ij}, and what the perpendicular polarisation of the meson
    makes, that of the vector current of the quarks. Interferences of odd with even vanish; their sign does not matter.
    """
    one = SpinOneProducts(1, 1, 1, 1, -1, 1, 1, 1, 1)
    zero = SpinZeroProducts(-1, 1, -1, 1, -1, 1)
    signs = Products(jax.tree.map(lambda sign: -sign, one), one, zero, zero)
    return np.array(jax.tree.leaves(signs), float)


def charged_leptons(q2: Float[Array, "..."], m_a: Float[Array, ""], m_b: Float[Array, ""], of: Products) -> Currents:
    """The spectral functions of l_a^- l_b^+, spins summed; zero below the threshold.

    A dipole c (sbar sigma_mu_nu P_R b) F^mu_nu is a tensor current of the quarks, and its photon a vector current of
    the leptons: with the photon propagator its amplitude is 2 e c/q2 times that of the currents.

    Args:
        q2: invariant mass squared of the pair, GeV^2.
        m_a: mass of the lepton, GeV.
        m_b: mass of the antilepton, GeV.
        of: products of real coefficients.
    """
    f = spectral_functions(q2, m_a, m_b)
    propagator = 2 / jnp.sqrt(jnp.where(q2 > 0, q2, 1.0))

    def spin_one(c: SpinOneProducts) -> SpinOne:
        made = propagator**2 * c.photon * f.vector + 2 * propagator * c.photon_electric * f.vector_electric
        crossed = propagator * c.vector_photon * f.vector + c.vector_electric * f.vector_electric
        return SpinOne(
            vector=f.phase_space * (c.vector * f.vector + c.axial * f.axial),
            tensor=f.phase_space * (made + c.electric * f.electric + c.magnetic * f.magnetic),
            interference=f.phase_space * (crossed + c.axial_magnetic * f.axial_magnetic),
        )

    def spin_zero(c: SpinZeroProducts) -> SpinZero:
        mixed = c.vector_scalar * f.divergence_scalar + c.axial_pseudoscalar * f.divergence_pseudoscalar
        return SpinZero(
            vector=f.phase_space * (c.vector * f.divergence + c.axial * f.axial_divergence),
            scalar=f.phase_space * (c.scalar * f.scalar + c.pseudoscalar * f.pseudoscalar),
            interference=f.phase_space * mixed,
        )

    return Currents(
        vector=spin_one(of.vector),
        axial=spin_one(of.axial),
        scalar=spin_zero(of.scalar),
        pseudoscalar=spin_zero(of.pseudoscalar),
    )


def weights_of_products(
    hadronic: Currents, q2: Float[Array, " n"], m_a: Float[Array, ""], m_b: Float[Array, ""]
) -> tuple[Float[Array, "product *any n"], tuple[int, ...]]:
    """What multiplies each product in the trace of both sides, and the rows of `product_forms` that these are.

    Each product is part of one entry of the leptons, so its weight is that of the hadrons times what the leptons make
    of it. Products that the hadronic side has no current for are left out.

    Args:
        hadronic: entries of shape (*any, n).
        q2: invariant mass squared of the pair, GeV^2.
        m_a: mass of the lepton, GeV.
        m_b: mass of the antilepton, GeV.
    """

    def all_entries(of: Products) -> Float[Array, ""]:
        return jnp.sum(jnp.stack(jax.tree.leaves(charged_leptons(q2, m_a, m_b, of))))

    none = jax.tree.map(lambda _: jnp.zeros_like(q2), products(jnp.zeros(FOUR_FERMION + 2)))
    of = jax.grad(all_entries)(none)
    entries: list[Array] = []
    made: list[Array] = []
    entry_of: list[int] = []
    rows: list[int] = []
    first = 0
    one, zero = _ENTRY_OF_SPIN_ONE, _ENTRY_OF_SPIN_ZERO
    for ours, theirs, each in zip(
        hadronic.classes, (of.vector, of.axial, of.scalar, of.pseudoscalar), (one, one, zero, zero), strict=True
    ):
        if ours is not None:
            entry_of += [len(entries) + entry for entry in each]
            entries += [multiplicity * entry for multiplicity, entry in zip((1, 1, 2), ours.entries, strict=True)]
            made += jax.tree.leaves(theirs)
            rows += range(first, first + len(each))
        first += len(each)
    return jnp.einsum("t...n,tn->t...n", jnp.stack(entries)[np.array(entry_of)], jnp.stack(made)), tuple(rows)
