"""One-loop running of the operators that violate lepton or baryon number, which mix with no others.

Sources: arXiv:hep-ph/0108005 for dimension five, which corrects hep-ph/9309223 (lambda there is twice ours);
arXiv:1405.0486 for dimension six (the Yukawa matrices there are the Hermitian conjugates of ours), which follow from
Feynman diagrams in tests/running.
"""

from functools import partial

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.running.at_m_z import at_m_z
from dineutrino.running.couplings import Couplings, higgs_wave_function
from dineutrino.running.flow import STEPS, Point, run
from dineutrino.running.vector_classes import Four, Two
from dineutrino.running.violating_classes import FIELDS, Violating, like_qqql, rotated


def violating_slope(c: Violating, sm: Couplings) -> Violating:
    """dC/dln(mu), linear over the complex numbers in the coefficients; the symmetries of indices are kept."""
    Au, Ad, Ae = (Y @ Y.conj().T for Y in (sm.Yu, sm.Yd, sm.Ye))
    wave = {"q": (Au + Ad) / 2, "l": Ae / 2}
    wave |= {field: Y.conj().T @ Y for field, Y in (("u", sm.Yu), ("d", sm.Yd), ("e", sm.Ye))}
    parts = {"duql": _duql(c, sm), "qque": _qque(c, sm), "qqql": _qqql(c, sm), "duue": _duue(c, sm)}
    loop = 1 / (16 * jnp.pi**2)
    six = {name: loop * (part + _on_legs(getattr(c, name), FIELDS[name], wave)) for name, part in parts.items()}
    return Violating(llphiphi=loop * _llphiphi(c.llphiphi, Ae, sm), **six)


def _llphiphi(c: Two, Ae: Two, sm: Couplings) -> Two:
    """Gauge bosons, Higgs bosons and closed loops of fermions change all flavours alike."""
    common = 2 * sm.lambda_ - 3 * sm.g2**2 + 2 * higgs_wave_function(sm)
    return common * c - 3 / 2 * (c @ Ae + Ae.T @ c)


def _duql(c: Violating, sm: Couplings) -> Four:
    Yu, Yd, Yu_, Yd_, Ye_ = sm.Yu, sm.Yd, sm.Yu.conj(), sm.Yd.conj(), sm.Ye.conj()
    C, both = c.qqql, c.qqql + c.qqql.transpose(1, 0, 2, 3)
    return (
        -(4 * sm.g3**2 + 9 / 2 * sm.g2**2 + 11 / 6 * sm.g1**2) * c.duql
        - jnp.einsum("vrwt,wp,sv->prst", c.duql, Yd, Yd_)
        - jnp.einsum("pvwt,wr,sv->prst", c.duql, Yu, Yu_)
        + jnp.einsum("prwv,sw,tv->prst", 2 * c.duue + c.duue.transpose(0, 2, 1, 3), Yu_, Ye_)
        + jnp.einsum("vwst,vp,wr->prst", 4 * both - C.transpose(0, 2, 1, 3) - C.transpose(2, 0, 1, 3), Yd, Yu)
        + 2 * jnp.einsum("wsrv,wp,tv->prst", c.qque, Yd, Ye_)
    )


def _qque(c: Violating, sm: Couplings) -> Four:
    """The second part is symmetrised in the flavours of both doublets."""
    Yu, Ye, Yu_, Yd_ = sm.Yu, sm.Ye, sm.Yu.conj(), sm.Yd.conj()
    C = c.qqql
    one = (
        -jnp.einsum("pwvt,ws,rv->prst", c.qque, Yu, Yu_)
        + jnp.einsum("vspw,wt,rv->prst", c.duql, Ye, Yd_) / 2
        - jnp.einsum("vwst,pv,rw->prst", c.duue + c.duue.transpose(0, 2, 1, 3) / 2, Yd_, Yu_)
        + jnp.einsum("prwv,ws,vt->prst", -C + C.transpose(0, 2, 1, 3) / 2 - C.transpose(1, 2, 0, 3), Yu, Ye)
    )
    return -(4 * sm.g3**2 + 9 / 2 * sm.g2**2 + 23 / 6 * sm.g1**2) * c.qque + one + one.transpose(1, 0, 2, 3)


def _qqql(c: Violating, sm: Couplings) -> Four:
    """Products of other coefficients have not the symmetry of the operators, and their part with it is what counts."""
    Yu_, Yd_, Ye_ = sm.Yu.conj(), sm.Yd.conj(), sm.Ye.conj()
    C, from_duql = c.qqql, jnp.einsum("vwst,pv,rw->prst", c.duql, Yd_, Yu_)
    exchanged = C.transpose(1, 0, 2, 3) + C.transpose(2, 1, 0, 3) + C.transpose(0, 2, 1, 3)
    return (
        -(4 * sm.g3**2 + 3 * sm.g2**2 + sm.g1**2 / 3) * C
        - 4 * sm.g2**2 * exchanged
        + like_qqql(
            2 * (from_duql + from_duql.transpose(1, 0, 2, 3)) - 4 * jnp.einsum("prwv,sw,tv->prst", c.qque, Yu_, Ye_)
        )
    )


def _duue(c: Violating, sm: Couplings) -> Four:
    return (
        -(4 * sm.g3**2 + 2 * sm.g1**2) * c.duue
        - 20 / 3 * sm.g1**2 * c.duue.transpose(0, 2, 1, 3)
        + 4 * jnp.einsum("prwv,ws,vt->prst", c.duql, sm.Yu, sm.Ye)
        - 8 * jnp.einsum("vwst,vp,wr->prst", c.qque, sm.Yd, sm.Yu)
    )


def _on_legs(c: Four, fields: str, wave: dict[str, Two]) -> Four:
    """Wave functions of all fields."""
    return sum(
        (jnp.moveaxis(jnp.tensordot(wave[field].T, c, (1, place)), 0, place) for place, field in enumerate(fields)),
        start=jnp.zeros_like(c),
    )


def run_violating(
    start: Point[Violating], mu_start: Float[Array, ""] | float, mu: Float[Array, ""] | float, steps: int = STEPS
) -> Point[Violating]:
    """Both at mu, GeV, from both at mu_start; linear in the coefficients, the flavour basis stays."""
    return run(violating_slope, start, mu_start, mu, steps)


violating_at_m_z = partial(at_m_z, violating_slope, rotated)
"""All of them at m_Z from those at mu_uv, see `at_m_z`; `violating_from_mapping` makes their symmetries."""
