"""The one-loop renormalisation group of the whole Warsaw basis, for all 3 x 3 Yukawa matrices.

Coefficients do not act back on the couplings of the Standard Model: what they would do to lambda, the mass term and the
Yukawa matrices is of the order of m_h^2 C, an effect of dimension eight on observables.

Sources: arXiv:1308.2627 (lambda), arXiv:1310.4838 (Yukawa couplings), arXiv:1312.2014 (gauge couplings); the Yukawa
matrices of those papers are the Hermitian conjugates of ours, their lambda is half of ours. Every coefficient was
compared with wilson 2.5.2 term by term, but two terms that are not covariant there: see tests/running.
"""

import jax
import jax.numpy as jnp

from dineutrino.running.couplings import Couplings
from dineutrino.running.smeft_slope import smeft_slope
from dineutrino.running.warsaw_bosonic import field_strengths, potential
from dineutrino.running.warsaw_chiral import chiral_slope
from dineutrino.running.warsaw_classes import CLASSES, Unknown, Warsaw, from_arrays
from dineutrino.running.warsaw_cubic import cubic_slope
from dineutrino.running.warsaw_dipoles import dipole_slope
from dineutrino.running.warsaw_into_vectors import into_currents, into_four_fermions
from dineutrino.running.warsaw_parts import (
    Flavours,
    dipole_stacks,
    duals,
    flavours,
    higgs_loops_of_chiral,
    higgs_loops_of_vectors,
)


def warsaw_slope(c: Warsaw, sm: Couplings) -> Warsaw:
    """dC/dln(mu), linear over the real numbers in the coefficients."""
    f, dual, dipoles = flavours(sm), duals(c), dipole_stacks(c)
    cubic = jnp.stack([c.cubic.uH, c.cubic.dH, c.cubic.eH])
    both = jnp.stack([f.Y, f.Y3])
    of_vectors = jax.vmap(lambda Y: higgs_loops_of_vectors(c, Y))(both)
    of_chiral = jax.vmap(lambda Y: higgs_loops_of_chiral(c.chiral, Y))(both)
    loops = of_vectors + of_chiral
    d_cubic = cubic_slope(c, cubic, dipoles, dual, loops[1], f)
    d_dipoles = dipole_slope(dipoles, c.chiral, dual, f)
    parts = (
        field_strengths(c, dipoles, dual, f)
        | {"H": potential(c, cubic, dual, f), "Hud": _charged(c, f)}
        | dict(zip(("uH", "dH", "eH"), d_cubic, strict=True))
        | {"uG": d_dipoles.G[0], "dG": d_dipoles.G[1]}
        | dict(zip(("uW", "dW", "eW"), d_dipoles.W, strict=True))
        | dict(zip(("uB", "dB", "eB"), d_dipoles.B, strict=True))
        | vars(chiral_slope(c, dipoles, loops[0], f))
    )
    loop = 1 / (16 * jnp.pi**2)
    found = {name: loop * part for name, part in parts.items() if name != "HWB"}
    found |= vars(smeft_slope(c.vectors, sm))
    for added in (
        {"HWB": parts["HWB"]},
        into_currents(c.Hud, f),
        into_four_fermions(c.chiral, of_chiral[0], f),
    ):
        found |= {name: found[name] + loop * part for name, part in added.items()}
    return from_arrays({name: found[name] for name in CLASSES})


def _charged(c: Warsaw, f: Flavours) -> Unknown:
    """Slope of Hud, the right-handed charged currents."""
    v, M = c.vectors, f.down_to_up.conj().T
    (Bu, Bd, _) = f.B
    return (
        (2 * f.G_H - 3 * f.sm.g1**2) * c.Hud
        + 3 * Bu @ c.Hud
        + 3 * c.Hud @ Bd
        + (2 * v.HBox - v.HD) * M
        + 2 * v.Hu @ M
        - 2 * M @ v.Hd
        + jnp.einsum("pvwr,vw->pr", 4 * v.ud1 + 16 / 3 * v.ud8, M)
    )
