"""Random coefficients and inputs against flavio as it is installed."""

import numpy as np
import pytest
from peers import FLAVOURS, coefficients, frozen, matched, relative_differences

pytestmark = pytest.mark.validation
flavio_peer = pytest.importorskip("flavio_peer", reason="flavio is not installed", exc_type=ImportError)

NAMES = [f"C{X}_bsnu{a}nu{b}" for X in "LR" for a in FLAVOURS for b in FLAVOURS]


def random_references(rng: np.random.Generator) -> list[tuple]:
    """Each kind of observable of each mode, at random q2 and in random bins."""
    found: list[tuple] = []
    for mode in flavio_peer.MODES:
        low, high = np.sort(rng.uniform(0.0, 19.0, 2))
        found += [(f"BR({mode}nunu)",), (f"dBR/dq2({mode}nunu)", rng.uniform(0.01, 19.0))]
        found += [(f"<dBR/dq2>({mode}nunu)", low, high)]
        if "*" in mode:
            found += [(f"FL({mode}nunu)", rng.uniform(0.01, 19.0)), (f"<FL>({mode}nunu)", low, high)]
    return found


def random_coefficients(rng: np.random.Generator) -> dict[str, list[float]]:
    """Between one and eighteen complex coefficients, of the size of the Standard Model."""
    chosen = rng.choice(NAMES, rng.integers(1, len(NAMES) + 1), replace=False)
    return {str(name): [float(part) for part in rng.normal(0.0, 7.0, 2)] for name in chosen}


def test_the_frozen_inputs_are_those_of_the_installed_flavio():
    assert flavio_peer.version() == frozen("flavio")["peer"]
    assert flavio_peer.inputs() == frozen("flavio")["inputs"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_random_points(seed):
    rng = np.random.default_rng(seed)
    references, points = random_references(rng), [random_coefficients(rng) for _ in range(2)]
    theirs = [
        flavio_peer.predict({name: complex(*value) for name, value in point.items()}, references) for point in points
    ]
    ours = [coefficients(point) for point in points]
    differences = np.abs(
        relative_differences(list(zip(ours, theirs, strict=True)), references, matched(flavio_peer.inputs()))
    )
    differential = np.array([reference[0].startswith(("dBR", "FL")) for reference in references])
    assert differences[:, differential].max() < 1e-12
    assert differences[:, ~differential].max() < 1e-4
