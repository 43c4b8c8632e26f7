"""The whole of LEFT against wilson as it is installed: names, matching, right-hand side, running."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

pytestmark = pytest.mark.validation
wilson_left = pytest.importorskip("wilson_left", reason="wilson is not installed", exc_type=ImportError)

from random_jms import COUPLINGS, values  # noqa: E402  (in tests)
from random_smeft import warsaw  # noqa: E402
from smeft_reference import CKM, G_F, S2  # noqa: E402  (in tests)
from wilson import wcxf  # noqa: E402
from wilson.run.wet import WETrunner  # noqa: E402

from dineutrino.eft.names.jms import VIOLATING, jms_from_mapping, jms_names, jms_to_mapping  # noqa: E402
from dineutrino.matching.warsaw_to_jms import match_warsaw  # noqa: E402
from dineutrino.running.jms import Stretch, run_jms  # noqa: E402
from dineutrino.running.jms_classes import CHARGE, DIPOLES  # noqa: E402
from dineutrino.running.jms_dipoles import Masses  # noqa: E402
from dineutrino.running.jms_slope import jms_slope  # noqa: E402


def test_names_are_those_of_the_basis():
    basis = {name for sector in wcxf.Basis["WET", "JMS"].sectors.values() for name in sector}
    assert {name for name in basis if name.split("_")[0] not in VIOLATING} == set(jms_names())
    assert {name.split("_")[0] for name in basis} >= set(VIOLATING)


@pytest.mark.slow
def test_matching():
    v = (np.sqrt(2) * G_F) ** -0.5
    for seed in (71, 81):
        c = warsaw(seed)
        ours = jms_to_mapping(jax.jit(match_warsaw)(c, CKM, S2, v))
        theirs = wilson_left.by_name(wilson_left.matched(c, CKM))
        for name in jms_names():
            assert ours.get(name, 0) == pytest.approx(theirs.get(name, 0), rel=1e-7, abs=1e-7), name


def test_right_hand_side():
    for seed in (91, 92):
        start = values(seed)
        ours = jms_to_mapping(jax.jit(jms_slope)(jms_from_mapping(start), COUPLINGS))
        theirs = wilson_left.slopes(start, COUPLINGS)
        for name in jms_names():
            assert 16 * np.pi**2 * ours.get(name, 0) == pytest.approx(theirs[name], rel=1e-10, abs=1e-10), name


@pytest.mark.slow
def test_running_coefficient_by_coefficient():
    """Random coefficients from m_Z to 4.8 GeV, to the second order in alpha_em, which wilson drops, of sums of many.

    Left out: dipoles of leptons and G, where wilson's masses and units differ at once (see `wilson_left.slopes`), and
    tensors that close with masses of leptons, which it lets run like quarks. Those are compared by their slopes.
    """
    start = {name: value for name, value in values(93).items() if not name.startswith(("Te", "G", "egamma"))}
    start = {name: value for name, value in start.items() if name not in wilson_left.CONJUGATED}
    runner = WETrunner(wcxf.WC("WET", "JMS", 91.1876, wcxf.WC.dict2values(start)))
    high, low = (runner._get_running_parameters(mu, 5) for mu in (91.1876, 4.8))
    names = (("m_u", "m_c"), ("m_d", "m_s", "m_b"), ("m_e", "m_mu", "m_tau"))
    masses = Masses(*(jnp.asarray([high[name] for name in kind]) for kind in names))
    stretch = Stretch(*map(jnp.asarray, (high["alpha_s"], low["alpha_s"], low["m_b"] / high["m_b"])), masses, 5)
    ours = jms_to_mapping(jax.jit(run_jms)(jms_from_mapping(start), stretch, high["alpha_e"]))
    theirs = runner.run(4.8).dict
    way = high["alpha_e"] / (2 * wilson_left.BETA_0) * (1 / high["alpha_s"] - 1 / low["alpha_s"])
    for name in jms_names():
        if name.split("_")[0] not in ("egamma", "G", "Gtilde") and name not in wilson_left.CONJUGATED:
            masses_in_qed = 6 * CHARGE[name[0]] ** 2 * way if name.split("_")[0] in DIPOLES else 0.0
            mended = theirs.get(name, 0) * (1 + masses_in_qed)
            assert ours.get(name, 0) == pytest.approx(mended, abs=5e-3), name
