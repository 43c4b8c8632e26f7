"""B+ -> tau nu, tau -> K(*) nu, and the short-distance rates beside it, with the inputs of arXiv:2309.02940.

The rates are those of two independent evaluations of section 2 of the paper with these inputs.
"""

import itertools

import jax.numpy as jnp
import pytest

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inputs import Inputs, load_inputs
from dineutrino.observables import get

SM = NeutrinoCoefficients.zero()


@pytest.fixture(scope="module")
def excluded() -> Inputs:
    return load_inputs("felkl2023", long_distance="excluded")


@pytest.fixture(scope="module")
def included() -> Inputs:
    return load_inputs("felkl2023", long_distance="included")


def background(name: str, included: Inputs, excluded: Inputs, *arguments: float) -> float:
    return float(get(name)(SM, included, *arguments) - get(name)(SM, excluded, *arguments))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BR(B+->Knunu)", 4.786e-6),
        ("BR(B0->Knunu)", 4.429e-6),
        ("BR(B+->K*nunu)", 1.1258e-5),
        ("BR(B0->K*nunu)", 1.0449e-5),
    ],
)
def test_short_distance(name, expected, excluded):
    assert float(get(name)(SM, excluded)) == pytest.approx(expected, rel=5e-4)


@pytest.mark.parametrize(("q2", "expected"), [(5.0, 2.814e-7), (10.0, 2.559e-7), (15.0, 1.983e-7), (20.0, 0.845e-7)])
def test_spectrum(q2, expected, excluded):
    assert float(get("dBR/dq2(B+->Knunu)")(SM, excluded, q2)) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(("mode", "expected"), [("B+->K", 6.07e-7), ("B+->K*", 1.03e-6)])
def test_long_distance(mode, expected, included, excluded):
    assert background(f"BR({mode}nunu)", included, excluded) == pytest.approx(expected, rel=5e-3)


@pytest.mark.parametrize("mode", ["B0->K", "B0->KS", "B0->K*"])
def test_neutral_modes_have_none(mode, included, excluded):
    assert background(f"BR({mode}nunu)", included, excluded) == 0.0


@pytest.mark.parametrize(("mode", "end_point", "slope"), [("B+->K", 22.81, 1.0), ("B+->K*", 18.49, 0.330)])
def test_shape_of_the_long_distance_spectrum(mode, end_point, slope, included, excluded):
    """BR/Q (1 + a (1 - 2 q2/Q)) up to Q."""
    total = background(f"BR({mode}nunu)", included, excluded)
    for q2 in (0.0, 5.0, 18.0):
        expected = total / end_point * (1 + slope * (1 - 2 * q2 / end_point))
        assert background(f"dBR/dq2({mode}nunu)", included, excluded, q2) == pytest.approx(expected, rel=2e-3)
    assert background(f"dBR/dq2({mode}nunu)", included, excluded, end_point - 0.01) > 0
    assert background(f"dBR/dq2({mode}nunu)", included, excluded, end_point + 0.01) == 0


@pytest.mark.parametrize("mode", ["B+->K", "B+->K*"])
def test_bins_of_the_long_distance_term_add_up(mode, included, excluded):
    end_point = float(get(f"BR({mode}nunu)").mode.masses(included).q2_max)
    edges = [0.0, 3.0, 17.5, end_point]
    bins = [background(f"<BR>({mode}nunu)", included, excluded, *edge) for edge in itertools.pairwise(edges)]
    assert sum(bins) == pytest.approx(background(f"BR({mode}nunu)", included, excluded), rel=1e-9)


@pytest.mark.parametrize("mode", ["B+->K", "B+->K*"])
def test_the_long_distance_term_does_not_depend_on_new_physics(mode, included, excluded):
    wilson = NeutrinoCoefficients(3.0j * jnp.ones((3, 3)), jnp.full((3, 3), 2.0 + 0j))
    observable = get(f"BR({mode}nunu)")
    found = float(observable(wilson, included) - observable(wilson, excluded))
    assert found == pytest.approx(background(f"BR({mode}nunu)", included, excluded), rel=1e-9)
