"""Each of the 2499 real parameters of the Warsaw basis from 1 TeV to m_Z and to 4.8 GeV, against an independent code.

Of the coefficients that a parameter becomes, 1356 at m_Z and all of LEFT below, sums with random signs are stored.
"""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from random_signs import SUMS, high_sums, low_sums
from smeft_reference import ALPHA_EM, CKM, G_F, M_Z, S2, couplings
from standard_phases import standard_phases
from way_below_m_z import STRETCH

from dineutrino.eft.warsaw import warsaw_parameters
from dineutrino.eft.warsaw_vector import warsaw_from_vector
from dineutrino.matching.warsaw_to_jms import match_warsaw
from dineutrino.running.at_m_z import mass_basis
from dineutrino.running.couplings import run_couplings
from dineutrino.running.flow import Point
from dineutrino.running.jms import run_jms
from dineutrino.running.many import run_rows
from dineutrino.running.warsaw_classes import Warsaw, rotated
from dineutrino.running.warsaw_slope import warsaw_slope

pytestmark = pytest.mark.slow
MU_UV, V = 1000.0, (np.sqrt(2) * G_F) ** -0.5
ACCURACY = {"at_m_z": 1e-5, "at_4_8": 5e-5}
"""Of the input."""


def sums(c):
    """At both scales, of coefficients at m_Z."""
    return jnp.concatenate([high_sums(c), low_sums(run_jms(match_warsaw(c, CKM, S2, V), STRETCH, ALPHA_EM))])


@jax.jit
def rows_at_m_z():
    """Derivatives of the sums by the coefficients."""
    _, pull = jax.vjp(sums, Warsaw.zero())
    (rows,) = jax.vmap(pull)(jnp.eye(2 * SUMS))
    return rows


@jax.jit
def by_parameters(high, phases):
    """Derivatives of the sums by all parameters at the high scale."""

    def start(parameters):
        return rotated(rotated(warsaw_from_vector(parameters), phases), mass_basis(high.couplings))

    _, pull = jax.vjp(start, jnp.zeros(len(warsaw_parameters())))
    return jax.vmap(lambda row: pull(row)[0])(high.coefficients)


def columns(sm, phases):
    """The sums run up from m_Z."""
    return by_parameters(run_rows(warsaw_slope, Point(rows_at_m_z(), sm), M_Z, MU_UV), phases)


@pytest.fixture(scope="module")
def both():
    """Where -> ours and the stored sums."""
    stored = np.load(Path(__file__).parent / "warsaw_columns.npz")
    sm = couplings("91.1876")
    ours = np.asarray(columns(sm, standard_phases(jax.jit(run_couplings)(sm, M_Z, MU_UV))))
    return {where: (part, stored[where]) for where, part in zip(ACCURACY, np.split(ours, 2), strict=True)}


@pytest.mark.parametrize("where", ACCURACY)
def test_wilson_parameter_by_parameter(both, where):
    """wilson 2.5.2 with its errors mended; each is described where it is, in tests/validation.

    Above m_Z: `ee` is not symmetrised; `dphi` gets `quqd1` times the transpose of a matrix where it must be the complex
    conjugate. Below: of QED only the first order of the whole way is kept; masses of leptons, where they close tensors
    to dipoles, run like those of quarks; dipoles run with a QED factor of the masses that is not taken out again; units
    of G and Gtilde run; VddXX_1231 mixes with VddXX_1123 without complex conjugation.
    """
    ours, theirs = both[where]
    assert theirs.shape == (SUMS, 2499)
    error = np.abs(ours - theirs).max(0)
    wrong = {name: float(error[i]) for i, name in enumerate(warsaw_parameters()) if not error[i] < ACCURACY[where]}
    assert not wrong
    silent = {name.split()[1].split("_")[0] for i, name in enumerate(warsaw_parameters()) if not np.any(theirs[:, i])}
    assert silent == (
        {"phi", "uphi", "dphi", "ephi"} if where == "at_4_8" else set()
    )  # they shift masses and the Higgs
