"""Operators that violate lepton or baryon number against wilson as it is installed, coefficient by coefficient."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

pytestmark = pytest.mark.validation
wilson_warsaw = pytest.importorskip("wilson_warsaw", reason="wilson is not installed", exc_type=ImportError)

from ckmutil.ckm import ckm_tree  # noqa: E402
from random_smeft import couplings as random_couplings  # noqa: E402  (in tests)
from random_violating import violating  # noqa: E402
from smeft_reference import M_Z, couplings  # noqa: E402
from wilson import wcxf  # noqa: E402
from wilson.parameters import p as parameters  # noqa: E402
from wilson.translate.smeft import warsaw_to_warsaw_up  # noqa: E402
from wilson.util import smeftutil  # noqa: E402

from dineutrino.eft.names.warsaw import VIOLATING  # noqa: E402
from dineutrino.eft.violating import violating_from_mapping, violating_names, violating_to_mapping  # noqa: E402
from dineutrino.running.flow import Point  # noqa: E402
from dineutrino.running.violating import run_violating, violating_slope  # noqa: E402
from dineutrino.running.violating_classes import like_qqql, rotated  # noqa: E402

_run = jax.jit(run_violating)


def random_values(seed):
    rng = np.random.default_rng(seed)
    return {name: complex(*rng.normal(size=2)) for name in violating_names()}


def random_signs(seed):
    rng = np.random.default_rng(seed)
    return {name: complex(*rng.choice([-1, 1], 2)) for name in violating_names()}


def test_names_and_arrays_are_those_of_the_basis():
    """But for llphiphi: wilson puts a coefficient at both of its places, where other classes have half of it."""
    basis = {name for sector in wcxf.Basis["SMEFT", "Warsaw"].sectors.values() for name in sector}
    assert {name for name in basis if name.split("_")[0] in VIOLATING} == set(violating_names())
    values = random_values(1)
    theirs, ours = smeftutil.wcxf2arrays_symmetrized(values), violating_from_mapping(values)
    for cls, array in vars(ours).items():
        whole = array * (2 - np.eye(3)) if cls == "llphiphi" else array
        assert np.abs(np.asarray(whole) - theirs[cls]).max() < 1e-14, cls


@pytest.mark.slow
def test_right_hand_side():
    """wilson's error: what qque and duql add to qqql lacks the symmetry of the operators; its part with it is ours."""
    slopes = jax.jit(violating_slope)
    for seed in (100, 200):
        c, sm = violating(seed), random_couplings(seed + 1)
        ours, theirs = slopes(c, sm), wilson_warsaw.slopes_of_violating(c, sm, mend=False)
        for cls, array in vars(ours).items():
            expected = np.asarray(like_qqql(jnp.asarray(theirs[cls]))) if cls == "qqql" else theirs[cls]
            difference = np.abs(16 * np.pi**2 * np.asarray(array) - expected).max()
            assert difference < 1e-12 * np.abs(expected).max(), cls
        assert np.abs(theirs["qqql"] - np.asarray(like_qqql(jnp.asarray(theirs["qqql"])))).max() > 1


@pytest.mark.slow
@pytest.mark.parametrize(("mu", "accuracy"), [(1000.0, 2e-6), (10000.0, 2e-5)])
def test_running_coefficient_by_coefficient(mu, accuracy):
    """All 279 with random signs and at random points, to the accuracy of four Runge-Kutta steps, of order one."""
    begin = wilson_warsaw.high_couplings(mu, couplings("91.1876"), M_Z)
    for values in (random_signs(1), random_signs(2), random_values(3), random_values(4)):
        theirs = wilson_warsaw.violating_at(values, mu, begin, M_Z)
        start = Point(violating_from_mapping(values), wilson_warsaw.as_ours(begin))
        ours = violating_to_mapping(_run(start, jnp.asarray(mu), jnp.asarray(M_Z)).coefficients)
        for name in violating_names():
            assert abs(ours[name] - theirs[name]) < accuracy, name


def test_alignment_with_up_quarks():
    """The doublets of quarks are turned by the CKM matrix."""
    values = random_values(5)
    theirs = warsaw_to_warsaw_up(values)
    V = ckm_tree(*(parameters[name] for name in ("Vus", "Vub", "Vcb", "gamma")))
    ours = violating_to_mapping(rotated(violating_from_mapping(values), {"q": jnp.asarray(V)}))
    assert max(abs(ours[name] - theirs[name]) for name in violating_names()) < 1e-12
