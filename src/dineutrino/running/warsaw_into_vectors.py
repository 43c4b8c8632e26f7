"""What the other classes of the Warsaw basis do to the thirty classes of vector currents."""

import jax.numpy as jnp

from dineutrino.running.smeft_algebra import both_orders, outer
from dineutrino.running.vector_classes import Four, Two, crossed
from dineutrino.running.warsaw_chiral import fierz, quarks_crossed
from dineutrino.running.warsaw_classes import Chiral, Unknown
from dineutrino.running.warsaw_parts import Flavours, Stack


def _with_conjugate(c: Four) -> Four:
    """C_prst + C_rpts*."""
    return c + c.transpose(1, 0, 3, 2).conj()


def into_currents(Hud: Two, f: Flavours) -> dict[str, Unknown]:
    """Right-handed charged currents, in 16 pi^2 dC/dln(mu) of all classes that they change.

    Sources: arXiv:1310.4838, arXiv:1312.2014.
    """
    N = f.down_to_up

    def hermitian(M: Two) -> Two:
        return M + M.conj().T

    trace = jnp.trace(Hud @ N).real.astype(complex)
    crossing = _with_conjugate(crossed(outer(Hud, N)))
    return {
        "HBox": 12 * trace,
        "HD": -24 * trace,
        "Hu": hermitian(Hud @ N),
        "Hd": -hermitian(N @ Hud),
        "ud1": 2 / 3 * crossing,
        "ud8": 4 * crossing,
    }


def into_four_fermions(c: Chiral, loops: Stack, f: Flavours) -> dict[str, Unknown]:
    """Scalars and tensors, through the exchange of a Higgs boson between their legs.

    Args:
        c: scalars and tensors.
        loops: pairs of their fermions closed to a Higgs field, X[Y].
        f: Yukawa matrices and couplings.

    Source: arXiv:1310.4838.
    """
    return _semileptonic(c, loops, f) | _quarks(c, loops, f)


def _closed(X: Two, Y: Two) -> Four:
    """X_pt Y*_rs and its conjugate: an exchanged Higgs field ends in a closed pair."""
    return _with_conjugate(crossed(outer(X, Y.conj().T)))


def _semileptonic(c: Chiral, loops: Stack, f: Flavours) -> dict[str, Unknown]:
    Yu, Yd, Ye = f.Y
    u_c, e_c = Yu.conj(), Ye.conj()
    minus, plus = c.lequ1 - 12 * c.lequ3, c.lequ1 + 12 * c.lequ3
    down = jnp.einsum("pvwt,sw,rv->prst", c.ledq, Yd, e_c)
    up = jnp.einsum("pvsw,tw,rv->prst", minus, u_c, e_c)
    return {
        "lq1": _with_conjugate(down + up) / 4,
        "lq3": _with_conjugate(down - up) / 4,
        "eu": _with_conjugate(jnp.einsum("vrwt,ws,vp->prst", minus, u_c, e_c)),
        "ed": _with_conjugate(jnp.einsum("vrsw,wt,vp->prst", c.ledq, Yd, e_c)),
        "lu": -_with_conjugate(jnp.einsum("pvwt,ws,rv->prst", plus, u_c, e_c)) / 2,
        "ld": -_with_conjugate(jnp.einsum("pvsw,wt,rv->prst", c.ledq, Yd, e_c)) / 2,
        "qe": -_with_conjugate(
            jnp.einsum("vtwr,pw,vs->prst", c.ledq, Yd, e_c) + jnp.einsum("vtpw,rw,vs->prst", plus, u_c, e_c)
        )
        / 2,
        "le": -_closed(loops[2], Ye) / 2,
    }


def _quarks(c: Chiral, loops: Stack, f: Flavours) -> dict[str, Unknown]:
    Yu, Yd, _ = f.Y
    u_c, d_c = Yu.conj(), Yd.conj()
    other_1, other_8 = fierz(quarks_crossed(c.quqd1), quarks_crossed(c.quqd8))

    def singlets(quqd: Four) -> Four:
        return _with_conjugate(jnp.einsum("vrwt,vp,ws->prst", quqd, u_c, d_c))

    def doublets(quqd: Four) -> Four:
        return jnp.einsum("pvsw,rv,tw->prst", quqd, u_c, d_c)

    def up(quqd: Four) -> Four:
        return _with_conjugate(jnp.einsum("ptvw,vs,rw->prst", quqd, u_c, d_c))

    def down(quqd: Four) -> Four:
        return _with_conjugate(jnp.einsum("pvwt,rv,ws->prst", quqd, u_c, d_c))

    mixed_1, mixed_8 = c.quqd1 / 2 + other_1, c.quqd8 / 2 + other_8
    from_octet = doublets(c.quqd8)
    qq = both_orders(_with_conjugate((from_octet / 6 - doublets(c.quqd1)) / 8 + crossed(from_octet) / 16))
    closed_u, closed_d = _closed(loops[0], Yu), _closed(loops[1], Yd)
    return {
        "qq1": qq,
        "qq3": -qq,
        "ud1": -singlets(c.quqd1 - other_1),
        "ud8": -singlets(c.quqd8 - other_8),
        "qu1": up(quarks_crossed(mixed_1)) - closed_u / 6,
        "qu8": up(quarks_crossed(mixed_8)) - closed_u,
        "qd1": down(mixed_1) - closed_d / 6,
        "qd8": down(mixed_8) - closed_d,
    }
