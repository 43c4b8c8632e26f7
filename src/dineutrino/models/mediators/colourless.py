"""Colourless vectors: L = V_mu J^mu + m^2 V^2 / 2 becomes -J^2 / (2 m^2), with meson mixing at tree level.

Results: arXiv:1711.10391, with Zprime = B, Vprime = W there; arXiv:2404.06533, eqs. (14), (20), (A24), (A25).
"""

import math
from typing import ClassVar

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.models.mediators.couplings import Coupling, Hermitian
from dineutrino.models.mediators.fermions import Fermion
from dineutrino.models.mediators.mediator import Flavours2, Flavours4, Mass, Mediator, coefficients
from dineutrino.models.mediators.unitarity import colourless_vector, isotriplet_vector
from dineutrino.running.vector_classes import crossed
from dineutrino.running.warsaw_classes import Warsaw


def current(name: str, symbol: str, fermion: Fermion) -> Hermitian:
    """The coupling of a field without colour and isospin to the current of one kind of fermion."""
    f = fermion.value
    return Hermitian(name, symbol, f"Z'_mu ({f}bar gamma^mu {f})", f"{f}bar {f}", fermion.states)


def product(first: Flavours2, second: Flavours2) -> Flavours4:
    """A product of two currents: first_pr second_st."""
    return jnp.einsum("pr,st->prst", first, second)


class Colourless(Mediator):
    """What colourless vectors have in common."""

    partial_width = 1 / (24 * math.pi)

    def partial_wave(self) -> Float[Array, ""]:
        """Of two equal fermions; see `unitarity`."""
        return colourless_vector(self.arrays())


class Zprime(Colourless):
    """Z': Z'_mu (g1q_ij qbar_i gamma^mu q_j + the same of u, d, l and e), Hermitian couplings."""

    name = "Zprime"
    symbol = "Z'"
    representation = "colourless vector (1, 1, 0)"
    couplings: ClassVar[tuple[Coupling, ...]] = tuple(
        current(f"g1{field.value}", f"g_1^{field.value}", field) for field in Fermion
    )

    g1q: Flavours2
    g1u: Flavours2
    g1d: Flavours2
    g1l: Flavours2
    g1e: Flavours2

    def match(self, mass: Mass) -> Warsaw:
        """All products of two currents; those of the same kind come once, others twice."""
        q, u, d, lepton, e = self.g1q, self.g1u, self.g1d, self.g1l, self.g1e
        c = -1 / mass**2
        ee = product(e, e)
        return coefficients(
            ll=c / 2 * product(lepton, lepton),
            qq1=c / 2 * product(q, q),
            uu=c / 2 * product(u, u),
            dd=c / 2 * product(d, d),
            ee=c / 4 * (ee + crossed(ee)),
            lq1=c * product(lepton, q),
            lu=c * product(lepton, u),
            ld=c * product(lepton, d),
            le=c * product(lepton, e),
            qe=c * product(q, e),
            eu=c * product(e, u),
            ed=c * product(e, d),
            qu1=c * product(q, u),
            qd1=c * product(q, d),
            ud1=c * product(u, d),
        )


class ZprimeL(Colourless):
    """Z'_L: Z'_mu (gLq_ij qbar_i gamma^mu q_j + gLl_ij lbar_i gamma^mu l_j), Hermitian couplings.

    They are g_L and g_l of arXiv:2404.06533, eq. (19).
    """

    name = "ZprimeL"
    symbol = "Z'_L"
    representation = "colourless vector (1, 1, 0) of left-handed quarks and leptons"
    couplings: ClassVar[tuple[Coupling, ...]] = (
        current("gLq", "g_L^q", Fermion.q),
        current("gLl", "g_L^l", Fermion.l),
    )

    gLq: Flavours2
    gLl: Flavours2

    def match(self, mass: Mass) -> Warsaw:
        """Those of a Z' with two of its couplings."""
        none = jnp.zeros_like(self.gLq)
        return Zprime(self.gLq, none, none, self.gLl, none).match(mass)


class ZprimeR(Colourless):
    """Z'_R: Z'_mu (gRd_ij dbar_i gamma^mu d_j + gRl_ij lbar_i gamma^mu l_j), Hermitian couplings.

    They are g_R and g_l of arXiv:2404.06533, eq. (19).
    """

    name = "ZprimeR"
    symbol = "Z'_R"
    representation = "colourless vector (1, 1, 0) of right-handed down quarks and left-handed leptons"
    couplings: ClassVar[tuple[Coupling, ...]] = (
        current("gRd", "g_R^d", Fermion.d),
        current("gRl", "g_R^l", Fermion.l),
    )

    gRd: Flavours2
    gRl: Flavours2

    def match(self, mass: Mass) -> Warsaw:
        """Those of a Z' with two of its couplings."""
        none = jnp.zeros_like(self.gRd)
        return Zprime(none, none, self.gRd, self.gRl, none).match(mass)


class Vprime(Colourless):
    """V': V'^a_mu (g3q_ij qbar_i gamma^mu (sigma_a/2) q_j + g3l_ij lbar_i gamma^mu (sigma_a/2) l_j).

    The couplings are Hermitian; they are g_q and g_l of arXiv:2404.06533: its eqs. (14) and (A24) and the bound
    g_l < 2.3 are those of sigma_a/2, while eq. (12) prints sigma_a.
    """

    name = "Vprime"
    symbol = "V'"
    representation = "colourless vector (1, 3, 0)"
    couplings: ClassVar[tuple[Coupling, ...]] = (
        Hermitian("g3q", "g_3^q", "V'^a_mu (qbar gamma^mu sigma_a/2 q)", "qbar q", 3 / 2),
        Hermitian("g3l", "g_3^l", "V'^a_mu (lbar gamma^mu sigma_a/2 l)", "lbar l", 1 / 2),
    )

    g3q: Flavours2
    g3l: Flavours2

    def partial_wave(self) -> Float[Array, ""]:
        """Of a fermion and its antiparticle; see `unitarity`."""
        return isotriplet_vector(self.arrays())

    def match(self, mass: Mass) -> Warsaw:
        """C_qq3, C_lq3, and C_ll, to which sigma_a sigma_a of two lepton currents reduces."""
        c = -1 / (8 * mass**2)
        leptons = product(self.g3l, self.g3l)
        return coefficients(
            qq3=c * product(self.g3q, self.g3q),
            lq3=2 * c * product(self.g3l, self.g3q),
            ll=c * (2 * crossed(leptons) - leptons),
        )


COLOURLESS: tuple[type[Mediator], ...] = (Vprime, Zprime, ZprimeL, ZprimeR)
