"""The right-hand side of the whole of LEFT: an independent code class by class, symmetries of the theory."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from random_jms import COUPLINGS, contracted, values

from dineutrino.eft.names.jms import jms_from_mapping, jms_to_mapping
from dineutrino.running.jms_classes import (
    CLASSES,
    DIPOLES,
    IDENTICAL,
    IDENTICAL_LEPTONS,
    NEUTRAL,
    SIZE,
    arrays,
    crossed,
    currents,
    from_arrays,
    legs,
)
from dineutrino.running.jms_dipoles import LowCouplings, Masses
from dineutrino.running.jms_pairs import pack, unpack
from dineutrino.running.jms_slope import jms_slope
from dineutrino.running.left import left_slope
from dineutrino.running.left_classes import SHAPES, LeftVectors, changes_flavour

FROZEN = json.loads((Path(__file__).parent / "jms_slope.json").read_text())["seeds"]
G2, E2 = COUPLINGS.g3**2, COUPLINGS.e**2


@pytest.fixture(scope="module")
def slope():
    return jax.jit(jms_slope)


@pytest.fixture(scope="module")
def both(slope):
    """Ours and the stored numbers for each seed, contracted with the same random numbers."""
    pairs = []
    for seed, theirs in FROZEN.items():
        found = jms_to_mapping(slope(jms_from_mapping(values(int(seed))), COUPLINGS))
        ours = contracted({name: 16 * np.pi**2 * value for name, value in found.items()}, int(seed) + 1)
        pairs.append((ours, theirs))
    return pairs


@pytest.mark.parametrize("name", CLASSES)
def test_wilson_class_by_class(both, name):
    """wilson 2.5.2 at random complex coefficients of all classes, three of its terms mended before they are stored:
    G and Gtilde as operators without a coupling in front; masses that run in QED with dipoles, as they do not here;
    VddXX_1231 conjugated, as its flavours ask for.
    """
    assert len(both) == 2
    for ours, theirs in both:
        assert ours[name] == pytest.approx(complex(*theirs[name]), rel=1e-10, abs=1e-12)


def test_flavour_changing_vectors_run_as_the_program_of_their_own(slope):
    """Those that conserve flavour, of which that program knows nothing, are set to zero."""
    given = arrays(jms_from_mapping(values(3)))
    kept = {name: np.where(changes_flavour(name), given[name], 0) for name in SHAPES}
    alone = from_arrays({name: jnp.asarray(kept.get(name, np.zeros_like(value))) for name, value in given.items()})
    ours = arrays(slope(alone, COUPLINGS))
    theirs = jax.jit(left_slope)(LeftVectors(**{n: jnp.asarray(v) for n, v in kept.items()}), G2, E2)
    for name, value in vars(theirs).items():
        expected = np.where(changes_flavour(name), value, 0)
        assert np.where(changes_flavour(name), ours[name], 0) == approx(expected, abs=1e-12), name


@pytest.mark.slow
def test_packing_is_only_another_form():
    given = arrays(jms_from_mapping(values(4)))
    packed = pack(given)
    assert packed.singlets == approx(packed.singlets.T, abs=0)
    assert packed.octets == approx(packed.octets.T, abs=0)
    for name, value in unpack(packed).items():
        assert np.array_equal(value, given[name]), name
    assert set(unpack(packed)) == set(NEUTRAL)


@pytest.mark.slow
def test_symmetries_of_the_operators_stay(slope):
    found = arrays(slope(jms_from_mapping(values(5)), COUPLINGS))
    for name, value in found.items():
        size = float(jnp.abs(value).max())
        assert size > 0 or name == "VnunuLL"  # which does not run
        if name in NEUTRAL:
            assert jnp.abs(value - value.transpose(1, 0, 3, 2).conj()).max() <= 1e-12 * size, name
        if name in IDENTICAL:
            assert jnp.abs(value - value.transpose(2, 3, 0, 1)).max() <= 1e-12 * size, name
        if name in IDENTICAL_LEPTONS:
            assert jnp.abs(value - crossed(value)).max() <= 1e-12 * size, name


def turned(c, unitary):
    """Fields of both chiralities in another flavour basis."""
    found = {}
    for name, value in arrays(c).items():
        for place in range(len(legs(name))):
            U = unitary[_chirality(name, place)]
            value = jnp.moveaxis(jnp.tensordot(U if place % 2 == 0 else U.conj(), value, (1, place)), 0, place)
        found[name] = value
    return from_arrays(found)


def _chirality(name, place):
    field = legs(name)[place]
    if name in NEUTRAL:
        return currents(name)[place // 2]
    if name.startswith("V"):
        return field + name[-2 + place // 2]
    if name in DIPOLES:
        return field + "LR"[place]
    first, second = ("LR", "LR" if name.endswith("RR") else "RL")
    return field + (first + second)[place]


@pytest.mark.slow
def test_covariance_under_flavour_rotations(slope):
    """Without masses nothing tells flavours apart: turning fields before or after makes no difference."""
    rng = np.random.default_rng(7)
    unitary = {}
    for field, n in SIZE.items():
        for chirality in "LR":
            random = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
            unitary[field + chirality] = jnp.asarray(np.linalg.qr(random)[0])
    massless = LowCouplings(COUPLINGS.g3, COUPLINGS.e, jax.tree.map(jnp.zeros_like, COUPLINGS.masses), 23 / 3)
    c = jms_from_mapping(values(8))
    one, two = turned(slope(c, massless), unitary), slope(turned(c, unitary), massless)
    for name, value in arrays(one).items():
        assert arrays(two)[name] == approx(value, abs=1e-12 * max(1, float(jnp.abs(value).max()))), name


def test_rephasing_of_masses(slope):
    """The signs of right-handed fields are nobody's business: masses and dipoles change theirs together."""
    c = jms_from_mapping(values(9))
    flipped = LowCouplings(COUPLINGS.g3, COUPLINGS.e, jax.tree.map(jnp.negative, COUPLINGS.masses), 23 / 3)

    def chiral(c):
        """All right-handed fields turned by a half circle."""
        return from_arrays({name: -value if name in DIPOLES else value for name, value in arrays(c).items()})

    one, two = chiral(slope(c, COUPLINGS)), slope(chiral(c), flipped)
    for name, value in arrays(one).items():
        assert arrays(two)[name] == approx(value, abs=1e-12 * max(1, float(jnp.abs(value).max()))), name


def test_mirror_image(slope):
    """CP turns coefficients into their complex conjugates and Gtilde into its negative."""

    def mirrored(c):
        return from_arrays({n: (-1 if n == "Gtilde" else 1) * value.conj() for n, value in arrays(c).items()})

    c = jms_from_mapping(values(10))
    one, two = mirrored(slope(c, COUPLINGS)), slope(mirrored(c), COUPLINGS)
    for name, value in arrays(one).items():
        assert arrays(two)[name] == approx(value, abs=1e-12 * max(1, float(jnp.abs(value).max()))), name


def test_lepton_flavour_is_conserved(slope):
    """mu -> e operators give mu -> e operators, dipoles among them, and nothing else."""
    start = {name: value for name, value in values(11).items() if name in ("TedRR_1233", "SeuRR_1222", "VeeLL_1233")}
    found = jms_to_mapping(slope(jms_from_mapping(start), COUPLINGS), tolerance=1e-14)
    assert {"egamma_12", "TedRR_1233", "SedRR_1233", "TeuRR_1222", "VeeLL_1211"} & set(found)
    for name in found:
        cls, _, index = name.partition("_")
        charged = [digit for digit, field in zip(index, legs(cls), strict=True) if field == "e"]
        assert sorted(charged).count("1") % 2 == 1, name
        assert sorted(charged).count("2") % 2 == 1, name


def test_known_entries(slope):
    """Closed forms of QCD alone: scalars, tensors, dipoles, colour singlets and octets."""
    masses = Masses(jnp.zeros(2), jnp.zeros(3), jnp.zeros(3))
    c = arrays(jms_from_mapping(values(12)))
    found = arrays(slope(from_arrays(c), LowCouplings(jnp.asarray(1.1), jnp.asarray(0.0), masses, 23 / 3)))
    loop = 16 * np.pi**2 / 1.1**2
    for name, gamma in (
        ("SedRL", -8),
        ("SnueduRR", -8),
        ("TeuRR", 8 / 3),
        ("dgamma", 8 / 3),
        ("dG", -19 / 3),
        ("G", 13),
    ):
        assert loop * found[name] == approx(gamma * np.asarray(c[name]), rel=1e-12), name
    mixing = c["VddLL"][1, 2, 1, 2]
    assert complex(loop * found["VddLL"][1, 2, 1, 2]) == pytest.approx(4 * complex(mixing))
    for name in ("VnunuLL", "VnudLL", "VeeRR", "VedLR", "VnueduLL"):
        assert np.abs(found[name]).max() < 1e-15, name


@pytest.mark.slow
def test_compiled_or_not(slope):
    start = jms_from_mapping(values(13))
    compiled = arrays(slope(start, COUPLINGS))
    for name, value in arrays(jms_slope(start, COUPLINGS)).items():
        assert compiled[name] == approx(value, abs=1e-12), name
