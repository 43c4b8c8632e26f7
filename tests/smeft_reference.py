"""Stored evolutions of single SMEFT coefficients by an independent code, and the same by us."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from dineutrino.matching.smeft_to_left import match_smeft
from dineutrino.running.couplings import Couplings
from dineutrino.running.left import run_left
from dineutrino.running.left_classes import IDENTICAL
from dineutrino.running.smeft import smeft_at_m_z

REFERENCE = json.loads((Path(__file__).parent / "smeft_reference.json").read_text())
M_Z = REFERENCE["m_Z"]
CASES = REFERENCE["cases"]
CKM = jnp.asarray(np.asarray(REFERENCE["ckm"]) @ [1, 1j])
G_F, ALPHA_EM = REFERENCE["matching"]["GF"], REFERENCE["matching"]["alpha_e"]
S2 = 4 * np.pi * ALPHA_EM / (np.sqrt(2) * G_F) / (4 * REFERENCE["matching"]["m_W"] ** 2)
ALPHA_S = REFERENCE["alpha_s"]["mz_nf5"], REFERENCE["alpha_s"]["4.8_nf5"]


def couplings(mu):
    """Stored ones; mu as written in the file."""
    stored = REFERENCE["couplings"][mu]
    real = [jnp.asarray(stored[name]) for name in ("g1_prime", "g2", "g3", "lambda")]
    return Couplings(*real, *(jnp.asarray(np.asarray(stored[name]) @ [1, 1j]) for name in ("Yu", "Yd", "Ye")))


@jax.jit
def evolve(coefficients, mu_uv):
    """SMEFT at m_Z, LEFT at m_Z, LEFT at 4.8 GeV."""
    at_m_z = smeft_at_m_z(coefficients, mu_uv, couplings("91.1876"), M_Z)
    left = match_smeft(at_m_z, CKM, S2)
    return at_m_z, left, run_left(left, *ALPHA_S, ALPHA_EM)


def left_value(left, name):
    """A non-redundant coefficient, "VddLL_2333"."""
    cls, digits = name.split("_")
    index = tuple(int(digit) - 1 for digit in digits)
    p, r, s, t = index
    return np.asarray(getattr(left, cls))[index] * (2 if cls in IDENTICAL and (s, t, p, r) != index else 1)
