"""wilson's running of every coefficient of the Warsaw basis to m_Z and to 4.8 GeV, as matrices; minutes.

Its beta function is called as it is, with JAX in the place of NumPy, for many coefficients at a time.
"""

import sys
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import wilson_left
import wilson_warsaw
from wilson.run.smeft import SMEFT
from wilson.run.wet import definitions, rge
from wilson.util import smeftutil

from dineutrino.eft.names.jms import jms_names
from dineutrino.eft.warsaw import warsaw_from_mapping, warsaw_names, warsaw_parameters
from dineutrino.running.jms_classes import CHARGE, DIPOLES

from smeft_reference import ALPHA_EM  # isort: skip  (in tests)
from way_below_m_z import HIGH, LOW, MASS_FACTOR, MASSES  # isort: skip

TINY, STEPS, CHUNK = 1e-16, 10, 100
KEYS = smeftutil.C_keys
TRACED = sys.modules["wilson.run.smeft.beta"]


def _flat(values):
    return jnp.concatenate([jnp.ravel(jnp.asarray(values[key], complex)) for key in KEYS])


def at_m_z(mu_uv, couplings, m_z, mended=True):
    """Rows `warsaw_parameters()`, columns `warsaw_names()`: at m_Z in the down basis there."""
    slope = wilson_warsaw.mended if mended else (lambda values: wilson_warsaw.beta(values, HIGHSCALE=1))
    h = (np.log(m_z) - np.log(mu_uv)) / STEPS

    def step(y, _):
        k = jnp.zeros_like(y)
        total = y
        for part, weight in ((0, 1 / 6), (0.5, 1 / 3), (0.5, 1 / 3), (1, 1 / 6)):
            k = h / (16 * np.pi**2) * _flat(slope(smeftutil.C_array2dict(y + part * k)))
            total = total + weight * k
        return total, None

    run = jax.jit(jax.vmap(lambda y: jax.lax.scan(step, y, None, length=STEPS)[0]))
    starts = [_flat(wilson_warsaw.NOTHING | couplings | start) for start in map(_start, warsaw_parameters())]
    TRACED.np, TRACED.my_einsum, numpy = jnp, jnp.einsum, (TRACED.np, TRACED.my_einsum)
    try:
        found = np.concatenate([run(jnp.stack(starts[i : i + CHUNK])) for i in range(0, len(starts), CHUNK)])
    finally:
        TRACED.np, TRACED.my_einsum = numpy
    return np.array([_names(row) for row in found])


def _start(parameter):
    part, name = parameter.split()
    return smeftutil.wcxf2arrays_symmetrized({name: TINY * (1 if part == "Re" else 1j)})


def _names(row):
    values = smeftutil.arrays2wcxf_nonred(SMEFT._rotate_defaultbasis(smeftutil.C_array2dict(row)))
    return [values.get(name, 0) / TINY for name in warsaw_names()]


def matched(rows, V):
    """Columns `jms_names()` of LEFT at m_Z, from those of SMEFT at m_Z."""
    found = []
    for row in rows:
        values = wilson_left.by_name(
            wilson_left.matched(warsaw_from_mapping(dict(zip(warsaw_names(), row, strict=True))), V)
        )
        found.append([values.get(name, 0) for name in jms_names()])
    return np.array(found)


def run_left(rows, steps=64):
    """Columns `jms_names()` at 4.8 GeV, in short runs one after another: of each, wilson keeps the first order in
    alpha_em, and lets masses of leptons run like those of quarks.
    """
    ends = [_parameters(part) for part in np.linspace(0, 1, steps + 1)]
    for high, low in pairwise(ends):
        rows = _step(rows, high, low)
    return rows


def _parameters(part):
    """On the way of `run_jms`, from m_Z (0) to 4.8 GeV (1)."""
    quarks = MASS_FACTOR**part
    names = (("m_u", "m_c"), ("m_d", "m_s", "m_b"), ("m_e", "m_mu", "m_tau"))
    kinds = zip(names, (MASSES.up * quarks, MASSES.down * quarks, MASSES.lepton), strict=True)
    masses = {name: float(m) for kind, values in kinds for name, m in zip(kind, values, strict=True)}
    return {"alpha_s": HIGH * (LOW / HIGH) ** part, "alpha_e": ALPHA_EM} | masses


def _step(rows, high, low):
    """Mends as in `wilson_left.slopes`."""
    found, place = np.array(rows), {name: i for i, name in enumerate(jms_names())}
    for sector, kind in definitions.sectors.items():
        names = list(definitions.coeffs[sector])
        if kind == "inv" or names[0] not in place:
            continue
        before = np.array([rge.scale_C(name, high) for name in names])
        after = np.array([rge.scale_C(name, high if name in rge.G3 else low) for name in names])
        arguments = high | {"eta_s": high["alpha_s"] / low["alpha_s"], "classname": kind, "f": 5}
        U = (rge.getUs(**arguments) + rge.getUe(**arguments)) * before / after[:, None]
        where = [place[name] for name in names]
        conjugated = np.array([name in wilson_left.CONJUGATED for name in names])
        end = np.where(conjugated, rows[:, where].conj(), rows[:, where]) @ U.T
        found[:, where] = np.where(conjugated, end.conj(), end)
    way = ALPHA_EM / (2 * wilson_left.BETA_0) * (1 / high["alpha_s"] - 1 / low["alpha_s"])
    charges = [CHARGE[name[0]] if name.split("_")[0] in DIPOLES else 0.0 for name in jms_names()]
    return found * (1 + 6 * np.square(charges) * way)
