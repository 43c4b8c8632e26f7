"""Products, traces and contractions of flavour arrays, in the index conventions of the renormalisation group."""

import jax.numpy as jnp
from jaxtyping import Array, Complex

from dineutrino.running.vector_classes import Four, Two, exchanged

Pairs = Complex[Array, "9 n"]
"""Rows and columns are pairs of flavour indices."""


def to_pairs(c: Four) -> Pairs:
    """C_prst as a matrix at [pr, st], so that sums over pairs of flavours are matrix products."""
    return c.reshape(9, 9)


def from_pairs(M: Pairs) -> Four:
    """The inverse of `to_pairs`."""
    return M.reshape(3, 3, 3, 3)


def outer(M: Two, N: Two) -> Four:
    """M_pr N_st at [pr, st]."""
    return M[:, :, None, None] * N


def on_pair(first: Two, second: Two) -> Pairs:
    """first x 1 + 1 x second^T: first_pv C_vr + C_pv second_vr as a product with the pair of indices pr of C."""
    one = jnp.eye(3)
    return (jnp.einsum("pv,rw->prvw", first, one) + jnp.einsum("pv,wr->prvw", one, second)).reshape(9, 9)


def second_trace(c: Four) -> Two:
    """[12]: C_prww, the second current closed to a loop."""
    return jnp.einsum("prww->pr", c)


def first_trace(c: Four) -> Two:
    """[21]: C_wwst, the first current closed to a loop."""
    return jnp.einsum("wwst->st", c)


def crossed_trace(c: Four) -> Two:
    """[x]: C_pwwr, a loop that crosses both currents."""
    return jnp.einsum("pwwr->pr", c)


def crossed_unit(M: Two) -> Four:
    """M_sr 1_pt at [pr, st]."""
    return M.T[None, :, :, None] * jnp.eye(3)[:, None, None, :]


def both_orders(c: Four) -> Four:
    """S[c]: the sum over both orders of two equal currents."""
    return c + exchanged(c)


def in_second(c: Four, A: Two) -> Two:
    """C(2:A)_rs = C_rspt A_tp."""
    return jnp.einsum("rspt,tp->rs", c, A)


def in_first(c: Four, A: Two) -> Two:
    """C(1:A)_rs = C_ptrs A_tp."""
    return jnp.einsum("ptrs,tp->rs", c, A)


def in_x(c: Four, A: Two) -> Two:
    """C(x:A)_rs = C_rtps A_tp."""
    return jnp.einsum("rtps,tp->rs", c, A)


def in_y(c: Four, A: Two) -> Two:
    """C(y:A)_rs = C_psrt A_tp."""
    return jnp.einsum("psrt,tp->rs", c, A)
