"""Vector currents below m_Z: contact terms, Z exchange and W exchange."""

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.matching.z_exchange import fermi_shift, z_couplings, z_exchange
from dineutrino.running.jms_classes import NEUTRAL, Four
from dineutrino.running.vector_classes import VectorClasses, crossed
from dineutrino.running.warsaw_classes import Warsaw

Rows = Complex[Array, "2 3"]
"""The rows u and c of the CKM matrix."""


def neutral_currents(c: VectorClasses, V: Rows, s2: Float[Array, ""] | float) -> dict[str, Four]:
    """All classes of two neutral currents by name.

    Source: arXiv:1709.04486 appendix C.
    """
    z = z_couplings(c, V, s2)
    found = {name: z_exchange(name, z) for name in NEUTRAL if "V8" not in name}
    for contact in (_contact(c, V), w_exchange(c, V)):
        for name, value in contact.items():
            found[name] = found[name] + value if name in found else value
    return {name: found[name] for name in NEUTRAL}


def charged_currents(c: Warsaw, V: Rows) -> dict[str, Four]:
    """Classes with u and d in the same current by name: contact terms and W exchange.

    Source: arXiv:1709.04486 appendix C.
    """
    v, Vc = c.vectors, V.conj()
    unit = jnp.eye(3)
    right = c.Hud[:2].conj().T
    left = (
        2 * jnp.einsum("abik,uk->abiu", v.lq3, Vc)
        - 2 * jnp.einsum("ab,ui->abiu", v.Hl3 + fermi_shift(v) * unit, Vc)
        - 2 * jnp.einsum("ab,ik,uk->abiu", unit, v.Hq3, Vc)
    )
    return {
        "VnueduLL": left,
        "VnueduLR": -jnp.einsum("ab,iu->abiu", unit, right),
        "V1udduLR": -jnp.einsum("ui,jv->uijv", V, right),
        "V8udduLR": jnp.zeros((2, 3, 3, 2), complex),
    }


def w_exchange(c: VectorClasses, V: Rows) -> dict[str, Four]:
    """What the W boson and the charged part of qq3 leave in neutral currents, after a Fierz transformation."""
    fermi, unit = fermi_shift(c), jnp.eye(3)
    shifted = jnp.einsum("ap,pt,bs->abst", V, c.Hq3 + fermi * unit, V.conj()) + jnp.einsum(
        "br,sr,at->abst", V.conj(), c.Hq3, V
    )
    quarks = 2 * jnp.einsum("ap,br,ptsr->abst", V, V.conj(), c.qq3) - shifted
    leptons = jnp.einsum("pt,sr->prst", c.Hl3 + fermi * unit, unit) + jnp.einsum("pt,sr->prst", unit, c.Hl3)
    return {"V1udLL": 2 / 3 * quarks, "V8udLL": 4 * quarks, "VnueLL": -2 * leptons}


def _contact(c: VectorClasses, V: Rows) -> dict[str, Four]:
    """Operators of four fermions with doublets written out, but for the charged part of qq3."""

    def first_up(array: Four) -> Four:
        return jnp.einsum("ap,prst,br->abst", V, array, V.conj())

    def second_up(array: Four) -> Four:
        return jnp.einsum("as,prst,bt->prab", V, array, V.conj())

    leptons = (c.ll + crossed(c.ll)) / 2
    return {
        "VnunuLL": leptons,
        "VnueLL": 2 * c.ll,
        "VnuuLL": second_up(c.lq1 + c.lq3),
        "VnudLL": c.lq1 - c.lq3,
        "VeeLL": leptons,
        "VeuLL": second_up(c.lq1 - c.lq3),
        "VedLL": c.lq1 + c.lq3,
        "VuuLL": first_up(second_up(c.qq1 + c.qq3)),
        "VddLL": c.qq1 + c.qq3,
        "V1udLL": 2 * first_up(c.qq1 - c.qq3),
        "VeeRR": c.ee,
        "VeuRR": c.eu[:, :, :2, :2],
        "VedRR": c.ed,
        "VuuRR": c.uu[:2, :2, :2, :2],
        "VddRR": c.dd,
        "V1udRR": c.ud1[:2, :2],
        "V8udRR": c.ud8[:2, :2],
        "VnueLR": c.le,
        "VnuuLR": c.lu[:, :, :2, :2],
        "VnudLR": c.ld,
        "VeeLR": c.le,
        "VeuLR": c.lu[:, :, :2, :2],
        "VedLR": c.ld,
        "VueLR": first_up(c.qe),
        "VdeLR": c.qe,
        "V1uuLR": first_up(c.qu1)[:, :, :2, :2],
        "V8uuLR": first_up(c.qu8)[:, :, :2, :2],
        "V1udLR": first_up(c.qd1),
        "V8udLR": first_up(c.qd8),
        "V1duLR": c.qu1[:, :, :2, :2],
        "V8duLR": c.qu8[:, :, :2, :2],
        "V1ddLR": c.qd1,
        "V8ddLR": c.qd8,
    }
