"""Tree-level matching of SMEFT onto LEFT at m_Z: vector currents with down quarks."""

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.neutrinos import NuNu
from dineutrino.inputs import Quarks
from dineutrino.running.left_classes import LeftVectors, changes_flavour
from dineutrino.running.vector_classes import VectorClasses

Two = Complex[Array, "k k"]
Four = Complex[Array, "m m n n"]


def match_neutrinos(c: VectorClasses) -> tuple[Four, Four]:
    """VnudLL and VnudLR of `match_smeft`: neither the CKM matrix nor the mixing angle enters in the down-aligned basis.

    Index (alpha, beta, i, j). They run neither in QCD nor, at one loop, in QED: they are the same at the scale of b.
    """

    def lepton(M: Two) -> Four:
        return jnp.einsum("ab,ij->abij", jnp.eye(3), M)

    return c.lq1 - c.lq3 + lepton(c.Hq1 + c.Hq3), c.ld + lepton(c.Hd)


def match_transition(c: VectorClasses, quarks: Quarks) -> NuNu:
    """Vector currents of neutrinos in one transition of down quarks, from coefficients at m_Z."""
    left, right = match_neutrinos(c)
    return NuNu(left[:, :, quarks.final, quarks.initial], right[:, :, quarks.final, quarks.initial])


def match_smeft(c: VectorClasses, V: Complex[Array, "3 3"], s2: Float[Array, ""] | float) -> LeftVectors:
    """The parts of LEFT that are linear in the coefficients of dimension six.

    Args:
        c: at m_Z in the down-aligned basis there.
        V: CKM matrix at m_Z, rows u, c, t.
        s2: sin^2 of the weak mixing angle, e^2 v^2/(4 m_W^2) at tree level.

    Z exchange multiplies the current of Hq = Hq1 + Hq3 or Hd with the charges of the other fermion; W exchange that of
    Hq3 and Hl3. The shift of the Fermi constant, from muon decay, is in all W exchanges.

    Source: arXiv:1709.04486, arXiv:1908.05295.
    """
    V = V[:2]
    Vc = V.conj()
    c2 = 1 - s2
    e_L, e_R = -1 + 2 * s2, 2 * s2
    d_L, d_R = -(1 + 2 * c2) / 3, 2 * s2 / 3
    u_L, u_R = (4 * c2 - 1) / 3, -4 * s2 / 3
    Hq, Hd = c.Hq1 + c.Hq3, c.Hd
    fermi = 2 * c.ll[0, 1, 1, 0]  # the non-redundant ll_1221

    def lepton(M: Two) -> Four:
        """1_ab M_ij: the same for every lepton."""
        return jnp.einsum("ab,ij->abij", jnp.eye(3), M)

    def first(M: Two, n: int) -> Four:
        return jnp.einsum("ij,st->ijst", M, jnp.eye(n))

    def second(M: Two, n: int) -> Four:
        return jnp.einsum("ab,ij->abij", jnp.eye(n), M)

    def to_up(C: Complex[Array, "3 3 3 3"]) -> Complex[Array, "2 2 3 3"]:
        """The first current turned from doublets in the down basis to up quarks."""
        return jnp.einsum("ap,prst,br->abst", V, C, Vc)

    charged = (
        2 * jnp.einsum("abik,uk->abiu", c.lq3, Vc)
        - 2 * jnp.einsum("ab,ui->abiu", c.Hl3, Vc)
        - 2 * jnp.einsum("ab,ik,uk->abiu", jnp.eye(3), c.Hq3, Vc)
        + jnp.einsum("ab,ui->abiu", jnp.eye(3), Vc) * (2 * c.Hl3[0, 0] + 2 * c.Hl3[1, 1] - fermi)
    )
    VnudLL, VnudLR = match_neutrinos(c)
    w_exchange = jnp.einsum("at,bs->abst", V, Vc)
    crossed = jnp.einsum("ap,br,ptsr->abst", V, Vc, c.qq3)
    shift = (
        jnp.einsum("ap,pt,bs->abst", V, c.Hq3, Vc)
        + jnp.einsum("br,sr,at->abst", Vc, c.Hq3, V)
        + w_exchange * (fermi / 2 - c.Hl3[0, 0] - c.Hl3[1, 1])
    )
    from_w = 2 * crossed - shift
    matched = LeftVectors(
        VnudLL=VnudLL,
        VnudLR=VnudLR,
        VedLL=c.lq1 + c.lq3 + e_L * lepton(Hq),
        VdeLR=c.qe + e_R * first(Hq, 3),
        VedLR=c.ld + e_L * lepton(Hd),
        VedRR=c.ed + e_R * lepton(Hd),
        VnueduLL=charged,
        VddLL=c.qq1 + c.qq3 + d_L * (first(Hq, 3) + second(Hq, 3)) / 2,
        VddRR=c.dd + d_R * (first(Hd, 3) + second(Hd, 3)) / 2,
        V1ddLR=c.qd1 + d_R * first(Hq, 3) + d_L * second(Hd, 3),
        V8ddLR=c.qd8,
        V1udLL=2 * to_up(c.qq1 - c.qq3) + 2 / 3 * from_w + u_L * second(Hq, 2),
        V8udLL=4 * from_w,
        V1udRR=c.ud1[:2, :2] + u_R * second(Hd, 2),
        V8udRR=c.ud8[:2, :2],
        V1udLR=to_up(c.qd1) + u_L * second(Hd, 2),
        V8udLR=to_up(c.qd8),
        V1duLR=c.qu1[:, :, :2, :2] + u_R * first(Hq, 2),
        V8duLR=c.qu8[:, :, :2, :2],
    )
    return LeftVectors(**{name: jnp.where(changes_flavour(name), value, 0) for name, value in vars(matched).items()})
