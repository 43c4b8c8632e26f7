"""What loops of quarks add to C_7 and C_9 of b -> s l l in the Standard Model: effective coefficients, functions of q2.

One loop of four-quark operators, and two loops with O_1, O_2 and O_8 at order alpha_s. What the spectator does is in
`dineutrino.hadronic.spectators`. Left out: soft gluons of charm loops, resonances, electromagnetic logarithms, and what
new physics in four-quark operators and in C_8 adds here.

Source: hep-ph/0106067 eqs. (10), (11); hep-ph/0412400 eq. (43); hep-ph/0312063 eqs. (39), (40); two loops with charm
arXiv:0810.4077, with up quarks hep-ph/0403185, whose sign is the one of footnote 5 of arXiv:0811.1214; all as in
flavio 2.7.1.
"""

from dataclasses import dataclass
from functools import cache

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.inputs import Inputs
from dineutrino.inputs.packaged import read_data
from dineutrino.numerics import sqrt_or_zero
from dineutrino.running.beta_function import ZETA_3
from dineutrino.running.strong import strong

Real = Float[Array, ""]


class Effective(eqx.Module):
    """Coefficients of the Standard Model with loops of quarks, at each q2.

    Attributes:
        C7, C9: with V_tb V_ts^*.
        C7_up, C9_up: what comes with V_ub V_us^* beside them, a quark loop less that of charm.
        C7p: of the strange quark that turns its helicity, real.
    """

    C7: Complex[Array, " q2"]
    C9: Complex[Array, " q2"]
    C7_up: Complex[Array, " q2"]
    C9_up: Complex[Array, " q2"]
    C7p: Real


def one_loop(q2: Float[Array, "..."], mass: Float[Array, "..."], mu: Real) -> Complex[Array, "..."]:
    """The loop h(q2, m) of a quark of mass m > 0, GeV, at the scale mu; imaginary part above q2 = 4 m^2.

    Source: hep-ph/0106067 eq. (11).
    """
    z, (_, root) = 4 * mass**2 / q2, angle_and_root(q2, mass)
    return -4 / 9 * jnp.log((mass / mu) ** 2) + 8 / 27 + 4 / 9 * z - 4 / 9 * (2 + z) * root


def angle_and_root(
    s: Float[Array, "..."], mass: Float[Array, "..."]
) -> tuple[Complex[Array, "..."], Complex[Array, "..."]]:
    """A^2 and A sqrt(z - 1) of A = arctan(1/sqrt(z - 1)), z = 4 (m^2 - i 0)/s, on both sides of the threshold z = 1."""
    z = 4 * mass**2 / s
    below = z > 1
    under, over = jnp.where(below, z, 2.0), jnp.where(below, 0.5, z)
    angle, beta = jnp.arctan(1 / jnp.sqrt(under - 1)), sqrt_or_zero(1 - over)
    cut = jnp.log((1 + beta) / jnp.sqrt(over)) - 0.5j * jnp.pi
    return jnp.where(below, angle**2, -(cut**2)), jnp.where(below, jnp.sqrt(under - 1) * angle, beta * cut)


def massless_loop(q2: Float[Array, "..."], mu: Real) -> Complex[Array, "..."]:
    """h(q2, 0)."""
    return 8 / 27 + 4j * jnp.pi / 9 - 4 / 9 * jnp.log(q2 / mu**2)


def effective(q2: Float[Array, " q2"], inputs: Inputs) -> Effective:
    """Effective coefficients of the Standard Model at the scale mu_b, at q2 above zero, GeV^2."""
    C1, C2, C3, C4, C5, C6 = (inputs[f"C_{i}_SM"] for i in range(1, 7))
    C8, mu, m_b, m_c = inputs["C_8eff_SM"], inputs["mu_b"], inputs["m_b(pole)"], inputs["m_c(pole)"]
    charm, light = one_loop(q2, m_c, mu), massless_loop(q2, mu)
    F_c = 4 / 3 * C1 + C2 + 6 * C3 + 60 * C5
    F_b = 7 * C3 + 4 / 3 * C4 + 76 * C5 + 64 / 3 * C6
    F_u = C3 + 4 / 3 * C4 + 16 * C5 + 64 / 3 * C6
    F_4 = 4 / 3 * C3 + 64 / 9 * C5 + 64 / 27 * C6
    Y = charm * F_c - one_loop(q2, m_b, mu) * F_b / 2 - light * F_u / 2 + F_4

    s, coupling = q2 / m_b**2, strong(inputs)["mu_b"].alpha_s / (4 * jnp.pi)
    tables = _tables()
    with_7 = tables.rows((inputs["m_c(dipole)"] / m_b) ** 2, "F_1^(7)", "F_2^(7)")
    with_9 = tables.rows((m_c / m_b) ** 2, "s F_1^(9)", "s F_2^(9)")
    F_17, F_27, sF_19, sF_29, A, B = _between(tables.s, jnp.stack([*with_7, *with_9, *tables.massless("A", "B")]), s)
    F_7, F_9, C = C1 * F_17 + C2 * F_27, (C1 * sF_19 + C2 * sF_29) / s, _massless_logarithm(q2, mu)
    C7_up = coupling * (F_7 + (6 * C2 - C1) * A)
    C9_up = (4 / 3 * C1 + C2) * (charm - light) + coupling * (F_9 + (6 * C2 - C1) * B - (4 * C1 + 3 * C2) * C)
    return Effective(
        C7=inputs["C_7eff_SM"] - coupling * (F_7 + C8 * gluon_dipole_7(s, jnp.log(mu / m_b))),
        C9=inputs["C_9_SM"] + Y - coupling * (F_9 + C8 * gluon_dipole_9(s)),
        C7_up=C7_up,
        C9_up=C9_up,
        C7p=(inputs["C_7eff_SM"] + C3 / 3 + 4 / 9 * C4 + 20 / 3 * C5 + 80 / 9 * C6) * inputs["m_s"] / inputs["m_b"],
    )


def _massless_logarithm(q2: Float[Array, "..."], mu: Real) -> Complex[Array, "..."]:
    """C(q2) of hep-ph/0403185 eq. (31)."""
    return -16 / 81 * jnp.log(q2 / mu**2) + 428 / 243 - 64 / 27 * ZETA_3 + 16j / 81 * jnp.pi


def gluon_dipole_7(s: Float[Array, "..."], log_mu: Real) -> Complex[Array, "..."]:
    """F_8^(7) of s = q2/m_b^2 and ln(mu/m_b). Source: hep-ph/0312063 eq. (40)."""
    pi2 = jnp.pi**2
    series = (4 / 3 * pi2 - 40 / 3) * s + (32 / 9 * pi2 - 316 / 9) * s**2 + (200 / 27 * pi2 - 658 / 9) * s**3
    constant = -32 / 9 * log_mu + 8 / 27 * pi2 - 44 / 9 - 8j / 9 * jnp.pi
    return constant + series - 8 / 9 * jnp.log(s) * (s + s**2 + s**3)


def gluon_dipole_9(s: Float[Array, "..."]) -> Float[Array, "..."]:
    """F_8^(9) of s = q2/m_b^2. Source: hep-ph/0312063 eq. (39)."""
    pi2 = jnp.pi**2
    series = (1184 / 27 - 40 / 9 * pi2) * s + (14212 / 135 - 32 / 3 * pi2) * s**2
    series = series + (193444 / 945 - 560 / 27 * pi2) * s**3
    return 104 / 9 - 32 / 27 * pi2 + series + 16 / 9 * jnp.log(s) * (1 + s + s**2 + s**3)


@dataclass(frozen=True)
class _Tables:
    """Functions of two loops at the points of a grid.

    Attributes:
        z: m_c^2/m_b^2, at equal distances.
        s: q2/m_b^2, at equal distances.
        values: by name, of z and s with charm, of s for massless quarks.
    """

    z: Float[np.ndarray, " z"]
    s: Float[np.ndarray, " s"]
    values: dict[str, Complex[np.ndarray, "... s"]]

    def rows(self, z: Real, *names: str) -> list[Complex[Array, " s"]]:
        """Functions with charm of this mass."""
        return list(_between(self.z, jnp.stack([self.values[name].T for name in names]), z))

    def massless(self, *names: str) -> list[Complex[Array, " s"]]:
        """Functions of massless quarks."""
        return [jnp.asarray(self.values[name]) for name in names]


def _between(
    grid: Float[np.ndarray, " point"], table: Complex[Array, "*rows point"], x: Float[Array, "..."]
) -> Complex[Array, "..."]:
    """Between points at equal distances, and beyond them, along straight lines."""
    steps = (x - grid[0]) / (grid[1] - grid[0])
    place = jnp.clip(jnp.floor(steps), 0, len(grid) - 2).astype(int)
    part = steps - place
    return (1 - part) * table[..., place] + part * table[..., place + 1]


@cache
def _tables() -> _Tables:
    content = read_data("b_to_s_two_loops.yaml")
    z, s = (np.asarray(content[axis], float) for axis in ("z", "s"))
    names = [name[3:] for name in content if name.startswith("Re ")]
    parts = {name: [np.asarray(content[f"{part} {name}"], float) for part in ("Re", "Im")] for name in names}
    return _Tables(z, s, {name: real + 1j * imaginary for name, (real, imaginary) in parts.items()})
