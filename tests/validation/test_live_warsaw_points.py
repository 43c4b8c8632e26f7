"""Random points with all coefficients of the Warsaw basis, down to m_Z and to 4.8 GeV, against wilson as installed."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

pytestmark = [pytest.mark.validation, pytest.mark.slow]
wilson_warsaw = pytest.importorskip("wilson_warsaw", reason="wilson is not installed", exc_type=ImportError)

import wilson_columns  # noqa: E402
from random_signs import VEV  # noqa: E402  (in tests)
from random_warsaw import random_values  # noqa: E402
from smeft_reference import ALPHA_EM, CKM, G_F, M_Z, S2, couplings  # noqa: E402
from standard_phases import standard_phases  # noqa: E402
from way_below_m_z import STRETCH  # noqa: E402

from dineutrino.eft.names.jms import jms_names, jms_to_mapping  # noqa: E402
from dineutrino.eft.warsaw import warsaw_from_mapping, warsaw_names, warsaw_to_mapping  # noqa: E402
from dineutrino.matching.warsaw_to_jms import match_warsaw  # noqa: E402
from dineutrino.numerics.interpreted import by_numpy  # noqa: E402
from dineutrino.running.at_m_z import mass_basis  # noqa: E402
from dineutrino.running.couplings import run_couplings  # noqa: E402
from dineutrino.running.flow import Point  # noqa: E402
from dineutrino.running.jms import run_jms  # noqa: E402
from dineutrino.running.jms_classes import DIPOLES  # noqa: E402
from dineutrino.running.many import run_many  # noqa: E402
from dineutrino.running.warsaw_classes import rotated  # noqa: E402
from dineutrino.running.warsaw_slope import warsaw_slope  # noqa: E402

SCALES = (500.0, 1000.0, 3000.0, 10000.0, 50000.0)
POINTS, STEPS, V = 10, 32, (np.sqrt(2) * G_F) ** -0.5
"""At each scale, above m_Z; GeV."""
AT_M_Z, BELOW = 5e-6, 5e-6
"""Of the largest coefficient of a point."""


def aligned(many, phases, sm):
    """In the basis of the couplings, from the one of wilson."""
    basis = mass_basis(sm)
    return jax.vmap(lambda c: rotated(rotated(c, phases), basis))(many)


def below(many):
    return jax.vmap(lambda c: run_jms(match_warsaw(c, CKM, S2, V), STRETCH, ALPHA_EM))(many)


def one_of(many, i):
    return jax.tree.map(lambda leaf: jnp.asarray(leaf[i]), many)


@pytest.fixture(scope="module")
def at_m_z():
    """Ours as arrays, wilson's as rows of `warsaw_names()`; with as many steps as make ours exact."""
    sm, ours, theirs = couplings("91.1876"), [], []
    for mu in SCALES:
        values = [random_values(int(mu) + i) for i in range(POINTS)]
        high = jax.jit(run_couplings, static_argnames="steps")(sm, M_Z, mu, steps=64)
        start = jax.tree.map(lambda *leaves: jnp.stack(leaves), *map(warsaw_from_mapping, values))
        there = by_numpy(aligned, start, standard_phases(high), high)
        ours.append(run_many(warsaw_slope, Point(there, high), mu, M_Z, STEPS).coefficients)
        begin = wilson_warsaw.high_couplings(mu, sm, M_Z)
        found = [wilson_warsaw.at_m_z(point, mu, begin, M_Z) for point in values]
        theirs += [[point.get(name, 0) for name in warsaw_names()] for point in found]
    return jax.tree.map(lambda *leaves: np.concatenate(leaves), *ours), np.array(theirs)


def largest_difference(ours, theirs, names, units=1.0):
    """Of all points and coefficients in given units, over the largest coefficient of a point."""
    found = np.array([[point.get(name, 0) for name in names] for point in ours]) / units
    return float((np.abs(found - theirs / units).max(1) / np.abs(theirs / units).max(1)).max())


def test_random_points_at_m_z(at_m_z):
    """All 1356 coefficients; wilson's errors are mended where it is called."""
    ours, theirs = at_m_z
    points = [warsaw_to_mapping(one_of(ours, i)) for i in range(len(theirs))]
    assert largest_difference(points, theirs, warsaw_names()) < AT_M_Z


@pytest.mark.slow
def test_random_points_below(at_m_z):
    """All of LEFT at 4.8 GeV, wilson's QED to all orders by extrapolation of short runs."""
    ours, theirs = at_m_z
    matched = wilson_columns.matched(theirs, CKM)
    low = (4 * wilson_columns.run_left(matched, 16) - wilson_columns.run_left(matched, 4)) / 3
    left = by_numpy(below, ours)
    points = [jms_to_mapping(one_of(left, i)) for i in range(len(theirs))]
    units = np.array([VEV if name.split("_")[0] in DIPOLES else 1.0 for name in jms_names()])
    assert largest_difference(points, low, jms_names(), units) < BELOW
