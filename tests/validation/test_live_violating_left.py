"""Operators of LEFT that violate baryon number against wilson as it is installed: names, matching, running."""

import jax.numpy as jnp
import numpy as np
import pytest

pytestmark = pytest.mark.validation
wilson = pytest.importorskip("wilson", reason="wilson is not installed", exc_type=ImportError)

from ckmutil.ckm import ckm_tree  # noqa: E402
from wilson import wcxf  # noqa: E402
from wilson.parameters import p as parameters  # noqa: E402

from dineutrino import load_inputs  # noqa: E402
from dineutrino.eft.violating import violating_from_mapping, violating_names  # noqa: E402
from dineutrino.eft.violating_left import violating_left_places, violating_left_to_mapping  # noqa: E402
from dineutrino.matching.violating_to_left import match_violating  # noqa: E402
from dineutrino.running.violating_left import FIELDS, run_violating_left_from_m_z  # noqa: E402

M_Z, SIZE = 91.1876, 1e-10
"""GeV; GeV^-2."""


@pytest.fixture(scope="module")
def both():
    """The same coefficients at m_Z, wilson's and ours."""
    rng = np.random.default_rng(1)
    values = {name: SIZE * complex(*rng.normal(size=2)) for name in violating_names() if "phi" not in name}
    ckm = jnp.asarray(ckm_tree(*(parameters[name] for name in ("Vus", "Vub", "Vcb", "gamma"))))
    theirs = wilson.Wilson(values, scale=M_Z, eft="SMEFT", basis="Warsaw")
    return theirs, match_violating(violating_from_mapping(values), ckm)


def differences(theirs, mu, ours):
    found = theirs.match_run(mu, "WET", "JMS").dict
    named = violating_left_to_mapping(ours)
    assert len(named) == 252
    return {name: abs(value - found[name]) / SIZE for name, value in named.items()}


def test_names_are_those_of_the_basis():
    basis = {name for sector in wcxf.Basis["WET", "JMS"].sectors.values() for name in sector}
    assert {name for name in basis if name.split("_")[0] in FIELDS} == set(violating_left_places())


@pytest.mark.slow
def test_matching(both):
    assert max(differences(both[0], M_Z, both[1]).values()) < 1e-12


@pytest.mark.slow
def test_running_to_m_b(both):
    """wilson's alpha_s differs from ours, by 0.07% of all coefficients, the largest of which are five of this size."""
    low = run_violating_left_from_m_z(both[1], 4.8, load_inputs())
    assert max(differences(both[0], 4.8, low).values()) < 5e-3
