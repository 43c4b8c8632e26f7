"""Perturbative unitarity: partial waves of tree-level scattering by a heavy field, |Re a_J| <= 1/2.

a_J = (1/32 pi) times the integral over cos(theta) of d^J M, at energies far above the mass; the largest eigenvalue of
the matrix of channels is what unitarity bounds. Masses of fermions and those of the Higgs boson are neglected.

Source: derived anew; these channels give the bounds of arXiv:2404.06533, |lambda| < 3.2 of S1, 3.3 of R2~, g < 1.65 of
Z' and 2.3 of V', the last two at an energy that the paper does not print.
"""

from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.models.mediators.couplings import Coupling
from dineutrino.models.mediators.rank_one import Real

LARGEST = 0.5
"""Of |Re a_J|."""
ENERGY = 100.0
"""s/M^2 at which a vector is exchanged: its partial waves grow with the logarithm of the energy."""


def scalar_leptoquark(
    couplings: Sequence[Coupling], arrays: Sequence[Complex[Array, "3 3"]], states: int
) -> Float[Array, ""]:
    """The largest |a_1| between S S*, lepton and antilepton, and quark and antiquark, singlets of colour and isospin.

    Fermions are exchanged in S S* -> f fbar, of which the J = 1 wave is sqrt(2) y^2/(32 pi), and S in l lbar -> q qbar,
    with y^2/(32 pi). A coupling of several families is that of three pairs with its singular values.

    Args:
        couplings: what the arrays are.
        arrays: couplings of a quark and a lepton; different arrays have different fermions.
        states: number of colours and isospins of the leptoquark.
    """
    squares, weights = [], []
    for coupling, array in zip(couplings, arrays, strict=True):
        quarks, leptons = (leg.fermion.states for leg in coupling.legs)
        number = coupling.channels * states  # of triples of a leptoquark, a quark and a lepton that couple
        squares.append(jnp.linalg.svd(array, compute_uv=False) ** 2)
        norms = (states * quarks, states * leptons, quarks * leptons)
        weights += 3 * [[number / norm**0.5 for norm in norms]]
    square = jnp.concatenate(squares)
    to_quarks, to_leptons, between = (np.array(column) * square for column in zip(*weights, strict=True))
    none = jnp.zeros((square.size, square.size))
    pairs = jnp.sqrt(2.0) * jnp.concatenate([to_quarks, to_leptons])
    rest = jnp.block([[none, jnp.diag(between)], [jnp.diag(between), none]])
    waves = jnp.block([[jnp.zeros((1, 1)), pairs[None]], [pairs[:, None], rest]])
    return jnp.max(jnp.abs(jnp.linalg.eigvalsh(waves))) / (32 * jnp.pi)


def colourless_vector(arrays: Sequence[Complex[Array, "3 3"]]) -> Float[Array, ""]:
    """The largest |a_0| of f f -> f f by the exchange of a Z': g^2/(8 pi) ln(1 + s/M^2)."""
    return _largest(arrays) ** 2 / (8 * jnp.pi) * jnp.log1p(ENERGY)


def isotriplet_vector(arrays: Sequence[Complex[Array, "3 3"]]) -> Float[Array, ""]:
    """The largest |a_1| of f fbar -> f fbar by the exchange of a V', in the isospin singlet.

    With e = M^2/s and C_F = 3/4 of sigma_a/2 it is C_F g^2/(8 pi) ((1 + e)^2 ln((1 + e)/e) - 3/2 - e).
    """
    e = 1 / ENERGY
    wave = (1 + e) ** 2 * jnp.log((1 + e) / e) - 3 / 2 - e
    return 3 / 4 * _largest(arrays) ** 2 / (8 * jnp.pi) * wave


def heaviest(strongest: Real, scale: Real, ratio: Real, turning: Real, number: float = 1.0) -> Float[Array, ""]:
    """The largest mass, in the unit of the scale, of a colourless vector behind number g_q g_l n_i n_j/M^2.

    Args:
        strongest: coupling g_l to leptons, at most what unitarity allows.
        scale: |coefficient|^(-1/2) of the transition.
        ratio: g_q/g_l, which meson mixing bounds.
        turning: n_i n_j of the transition, sin(theta) cos(theta) sin(phi) of b -> s for rank one.
        number: 1 of Z'_L and Z'_R, 1/4 of V'.

    Source: arXiv:2404.06533, eq. (17), which prints 1391 GeV where its own numbers give 2340 GeV.
    """
    return strongest * scale * jnp.sqrt(number * ratio * turning)


def _largest(arrays: Sequence[Complex[Array, "3 3"]]) -> Float[Array, ""]:
    """The strongest coupling of one direction in the space of families: the largest eigenvalue of Hermitian arrays."""
    return jnp.max(jnp.abs(jnp.linalg.eigvalsh(jnp.stack(arrays))))
