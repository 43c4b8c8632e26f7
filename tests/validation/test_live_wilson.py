"""Running, names, bases and branching ratios against wilson as it is installed."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from peers import frozen, matched

pytestmark = pytest.mark.validation
wilson_peer = pytest.importorskip("wilson_peer", reason="wilson is not installed", exc_type=ImportError)

import random_smeft  # noqa: E402  (in tests)
from smeft_reference import ALPHA_EM, G_F, evolve  # noqa: E402  (in tests)

from dineutrino.eft import NeutrinoCoefficients  # noqa: E402
from dineutrino.eft.flavio.vectors import semileptonic  # noqa: E402
from dineutrino.eft.flavio.wet import flavio_from_left, flavio_places, left_from_flavio  # noqa: E402
from dineutrino.eft.names.left import is_outside, left_from_mapping, left_names, left_to_mapping  # noqa: E402
from dineutrino.eft.smeft import outside, smeft_from_mapping, smeft_names  # noqa: E402
from dineutrino.eft.wcxf.left import belongs  # noqa: E402
from dineutrino.observables import Predictor  # noqa: E402
from dineutrino.running.left_classes import SCALAR_SHAPES, Left, LeftVectors  # noqa: E402
from dineutrino.running.left_scalars import run_left_scalars  # noqa: E402
from dineutrino.running.smeft_slope import smeft_slope  # noqa: E402
from dineutrino.running.vector_classes import CLASSES  # noqa: E402


@pytest.fixture(scope="module", params=range(3))
def both_slopes(request):
    """Random complex coefficients and Yukawa matrices."""
    seed = 100 * request.param
    c, sm = random_smeft.coefficients(seed), random_smeft.couplings(seed + 1)
    ours = jax.jit(smeft_slope)(c, sm)
    return {name: 16 * np.pi**2 * np.asarray(getattr(ours, name)) for name in CLASSES}, wilson_peer.slopes(c, sm)


@pytest.mark.parametrize("name", CLASSES)
def test_right_hand_side_class_by_class(both_slopes, name):
    """wilson gives ee' without the symmetry C_prst = C_ptsr of its operator (issues 111, 126); it is restored here.

    HWB' has, besides, what other classes do to it, all of them zero here.
    """
    ours, theirs = both_slopes[0][name], both_slopes[1][name]
    if name == "ee":
        theirs = (theirs + theirs.transpose(0, 3, 2, 1)) / 2
    assert np.abs(ours - theirs).max() < 1e-11 * np.abs(theirs).max()


def test_names_are_those_of_the_bases():
    """Every name of wilson's bases is one of ours, or known and refused; none of ours is new."""
    warsaw = wilson_peer.basis("SMEFT", "Warsaw")
    assert {name for name in warsaw if name.split("_")[0] not in outside()} == set(smeft_names())
    jms = wilson_peer.basis("WET", "JMS")
    assert set(left_names()) <= set(jms)
    assert all(is_outside(name) for name in jms if name not in left_names())
    flavio = wilson_peer.basis("WET", "flavio")
    assert set(flavio_places()) <= set(flavio)
    assert all(belongs(name, "flavio") for name in flavio)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_translation(seed):
    stored, rng = frozen("wet"), np.random.default_rng(seed)
    numbers = (stored[name] for name in ("G_F", "alpha_em", "m_b", "m_s"))
    normalisation = jnp.asarray(np.asarray(stored["ckm"]) @ [1, 1j]), *numbers
    values = {name: complex(*rng.normal(size=2)) * 1e-9 for name in left_names()}
    left = left_from_mapping(values)
    ours, theirs = flavio_from_left(left, *normalisation), wilson_peer.translate(values, "JMS", "flavio")
    for name in flavio_places():
        assert ours[name] == pytest.approx(theirs[name], rel=1e-11), name
    back = wilson_peer.translate(ours, "flavio", "JMS")
    for name, value in left_to_mapping(left_from_flavio(ours, *normalisation), 1e-16).items():
        assert value == pytest.approx(back[name], rel=1e-11), name


def test_nothing_else_runs_into_scalars_and_tensors():
    """Not even dipoles, flavour-diagonal entries included."""
    sources = wilson_peer.left_sources()
    for name in left_names():
        cls, flavours = name.split("_")
        if cls in SCALAR_SHAPES:
            own = {name} if cls.endswith("RL") else {f"S{cls[1:]}_{flavours}", f"T{cls[1:]}_{flavours}"}
            assert sources[name] == own, name


SCALARS = ("SedRL_3332", "SedRR_1223", "SedRR_1222", "TedRR_3323", "SnueduRL_3332", "SnueduRR_2331", "TnueduRR_1222")


@pytest.mark.slow
@pytest.mark.parametrize("name", SCALARS)
@pytest.mark.parametrize("qed", [False, True])
def test_running_of_left_scalars(name, qed):
    """From m_Z to 4.8 GeV, to first order in alpha_em as wilson has it; what we resum is below 4e-4."""
    theirs = wilson_peer.run_left({name: 1.0}, 91.1876, 4.8, qed)
    start = left_from_mapping({name: 1.0}).scalars
    ends = wilson_peer.alpha_s(91.1876), wilson_peer.alpha_s(4.8)
    alpha_em = 1 / 127.9 if qed else 0.0
    zeroth, first = jax.jvp(lambda a: run_left_scalars(start, *ends, a), (0.0,), (alpha_em,))
    ours = left_to_mapping(Left(LeftVectors.zero(), jax.tree.map(jnp.add, zeroth, first)))
    kept = {key: value for key, value in theirs.items() if key in left_names() and value != 0}
    assert ours == pytest.approx(kept, abs=1e-7)
    resummed = left_to_mapping(Left(LeftVectors.zero(), run_left_scalars(start, *ends, alpha_em)))
    assert {key: resummed[key] for key in kept} == pytest.approx(kept, abs=4e-4)


@pytest.mark.parametrize(
    "name", ["uB_33", "phiB", "dG_33", "phiud_33", "ledq_3333", "quqd1_3333", "lequ3_3333", "uphi_33"]
)
def test_what_classes_outside_do(name):
    """The stored sizes are those of wilson; each of these is the largest of its class."""
    found = wilson_peer.at_m_z(name)
    record = outside()[name.split("_")[0]]
    largest = max((abs(value) for key, value in found.items() if key in smeft_names() and key != "phiWB"), default=0)
    assert largest == pytest.approx(record["value"], rel=0.05, abs=1e-12)
    if name in ("uB_33", "phiB", "phiud_33"):
        assert abs(found.get("phiWB", 0)) == pytest.approx(record["phiWB"], rel=0.05, abs=1e-9)


NAMES = ("BR(B+->Knunu)", "BR(B0->Knunu)", "BR(B+->K*nunu)", "BR(B0->K*nunu)")
CHOSEN = ("lq1_3323", "lq3_3323", "ld_3323", "lq1_2223", "lq3_1223", "ld_2323", "phiq1_23", "phiq3_23", "phid_23")
CHOSEN += ("lq1_3333",)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_branching_ratios_from_smeft(seed):
    """One coefficient of the size of the Standard Model amplitude, two smaller ones, at 0.6 to 5 TeV: about 1e-5."""
    rng = np.random.default_rng(seed)
    mu_uv = float(rng.uniform(600, 5000))
    chosen = rng.choice(CHOSEN, 3, replace=False)
    sizes = np.array([1e-8, 2e-9, 2e-9]) * [100 if str(name) == "lq1_3333" else 1 for name in chosen]
    point = {str(n): complex(s * np.exp(2j * np.pi * rng.uniform())) for n, s in zip(chosen, sizes, strict=True)}
    point = {name: complex(value.real) if name == "lq1_3333" else value for name, value in point.items()}
    _, _, low = evolve(smeft_from_mapping(point), mu_uv)
    c = semileptonic(low, jnp.asarray(wilson_peer.ckm()), G_F, ALPHA_EM)
    ours = Predictor(NAMES, matched(frozen("flavio")["inputs"]))(NeutrinoCoefficients(c.C_L, c.C_R))
    theirs = wilson_peer.branching_ratios(point, mu_uv, NAMES)
    assert np.asarray(ours) == pytest.approx(np.asarray(theirs), rel=1e-3)
