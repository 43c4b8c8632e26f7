"""Perturbative unitarity: partial waves of tree-level scattering by a heavy field, |Re a_J| <= 1/2.

a_J = (1/32 pi) times the integral over cos(theta) of d^J M, at energies far above the mass; the largest eigenvalue of
the matrix of channels is what unitarity bounds. Masses of fermions and those of the Higgs boson are neglected.

Source: derived anew; these channels give the bounds of arXiv:2404.06533, |lambda| < 3.2 of S1, 3.3 of R2~, g < 1.65 of
Z' and 2.3 of V', the last two at an energy that the paper does not print.
"""

from collections.abc import Sequence

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.models.mediators.couplings import Coupling

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
    size = 1 + 6 * len(arrays)
    waves = jnp.zeros((size, size))
    for k, (coupling, array) in enumerate(zip(couplings, arrays, strict=True)):
        quarks, leptons = (leg.fermion.states for leg in coupling.legs)
        number = coupling.channels * states
        for i, y in enumerate(jnp.linalg.svd(array, compute_uv=False)):
            quark, lepton = 1 + 6 * k + i, 4 + 6 * k + i
            waves = waves.at[0, quark].set(jnp.sqrt(2.0) * number / (states * quarks) ** 0.5 * y**2)
            waves = waves.at[0, lepton].set(jnp.sqrt(2.0) * number / (states * leptons) ** 0.5 * y**2)
            waves = waves.at[quark, lepton].set(number / (quarks * leptons) ** 0.5 * y**2)
    return jnp.max(jnp.abs(jnp.linalg.eigvalsh(waves + waves.T))) / (32 * jnp.pi)


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


def _largest(arrays: Sequence[Complex[Array, "3 3"]]) -> Float[Array, ""]:
    """The strongest coupling of one direction in the space of families: the largest eigenvalue of Hermitian arrays."""
    return jnp.max(jnp.abs(jnp.linalg.eigvalsh(jnp.stack(arrays))))
