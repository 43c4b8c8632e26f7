"""Coefficients of the QCD beta function and of the anomalous dimension of quark masses, MSbar, to five loops.

With a = alpha_s/pi and n_f massless flavours, da/dln(mu^2) = -a^2 sum_i b_i a^i and
dln(m)/dln(mu^2) = -a sum_i g_i a^i.
"""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

MAX_LOOPS = 5
ZETA_3, ZETA_5, ZETA_7 = 1.2020569031595942, 1.0369277551433699, 1.0083492773819228
ZETA_4, ZETA_6 = np.pi**4 / 90, np.pi**6 / 945

# rows: loops; columns: powers of n_f
_BETA = [
    [11, -2 / 3, 0, 0, 0],
    [102, -38 / 3, 0, 0, 0],
    [2857 / 2, -5033 / 18, 325 / 54, 0, 0],
    [
        149753 / 6 + 3564 * ZETA_3,
        -1078361 / 162 - 6508 / 27 * ZETA_3,
        50065 / 162 + 6472 / 81 * ZETA_3,
        1093 / 729,
        0,
    ],
    [
        8157455 / 16 + 621885 / 2 * ZETA_3 - 88209 / 2 * ZETA_4 - 288090 * ZETA_5,
        -336460813 / 1944 - 4811164 / 81 * ZETA_3 + 33935 / 6 * ZETA_4 + 1358995 / 27 * ZETA_5,
        25960913 / 1944 + 698531 / 81 * ZETA_3 - 10526 / 9 * ZETA_4 - 381760 / 81 * ZETA_5,
        -630559 / 5832 - 48722 / 243 * ZETA_3 + 1618 / 27 * ZETA_4 + 460 / 9 * ZETA_5,
        1205 / 2916 - 152 / 81 * ZETA_3,
    ],
]
_MASS = [
    [4, 0, 0, 0, 0],
    [202 / 3, -20 / 9, 0, 0, 0],
    [1249, -2216 / 27 - 160 / 3 * ZETA_3, -140 / 81, 0, 0],
    [
        4603055 / 162 + 135680 / 27 * ZETA_3 - 8800 * ZETA_5,
        -91723 / 27 - 34192 / 9 * ZETA_3 + 880 * ZETA_4 + 18400 / 9 * ZETA_5,
        5242 / 243 + 800 / 9 * ZETA_3 - 160 / 3 * ZETA_4,
        -332 / 243 + 64 / 27 * ZETA_3,
        0,
    ],
    [
        99512327 / 162
        + 46402466 / 243 * ZETA_3
        + 96800 * ZETA_3**2
        - 698126 / 9 * ZETA_4
        - 231757160 / 243 * ZETA_5
        + 242000 * ZETA_6
        + 412720 * ZETA_7,
        -150736283 / 1458
        - 12538016 / 81 * ZETA_3
        - 75680 / 9 * ZETA_3**2
        + 2038742 / 27 * ZETA_4
        + 49876180 / 243 * ZETA_5
        - 638000 / 9 * ZETA_6
        - 1820000 / 27 * ZETA_7,
        1320742 / 729
        + 2010824 / 243 * ZETA_3
        + 46400 / 27 * ZETA_3**2
        - 166300 / 27 * ZETA_4
        - 264040 / 81 * ZETA_5
        + 92000 / 27 * ZETA_6,
        91865 / 1458 + 12848 / 81 * ZETA_3 + 448 / 9 * ZETA_4 - 5120 / 27 * ZETA_5,
        -260 / 243 - 320 / 243 * ZETA_3 + 64 / 27 * ZETA_4,
    ],
]
_PER_LOOP = 4.0 ** np.arange(1, MAX_LOOPS + 1)[:, None]
BETA = np.array(_BETA) / _PER_LOOP
MASS = np.array(_MASS) / _PER_LOOP


def beta_coefficients(flavours: int | Int[Array, "..."], loops: int = MAX_LOOPS) -> Float[Array, "loops ..."]:
    """b_0, b_1, ... of the beta function. Source: arXiv:1606.08659."""
    return _in_flavours(BETA, flavours, loops)


def mass_coefficients(flavours: int | Int[Array, "..."], loops: int = MAX_LOOPS) -> Float[Array, "loops ..."]:
    """g_0, g_1, ... of the mass anomalous dimension. Source: arXiv:1402.6611."""
    return _in_flavours(MASS, flavours, loops)


def _in_flavours(
    table: Float[np.ndarray, "5 5"], flavours: int | Int[Array, "..."], loops: int
) -> Float[Array, "loops ..."]:
    powers = jnp.stack([jnp.asarray(flavours, dtype=float) ** n for n in range(table.shape[1])])
    return jnp.tensordot(jnp.asarray(table[:loops]), powers, axes=1)
