"""Our predictions at EOS's inputs against frozen predictions of EOS, and against the numbers of EOS's own tests."""

import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array, Float
from peers import frozen, matched, relative_differences, universal

from dineutrino import form_factors
from dineutrino.hadronic import to_pseudoscalar, to_vector
from dineutrino.hadronic.masses import Masses
from dineutrino.hadronic.width import width
from dineutrino.inputs import Inputs, c_l_sm, normalisation
from dineutrino.invisible import Couplings, fermion_pair
from dineutrino.numerics import integrate
from dineutrino.observables import get

CASES = {case["name"]: case for case in frozen("eos")["cases"]}
TESTS_OF_EOS = {
    "test of B -> P nunu": (2.05845e-6, 1.68211e-6, 5.9978e-7, 4.34034e-6),
    "test of B -> V nunu": (2.84988e-6, 4.07642e-6, 1.11148e-6, 8.03757e-6),
}
"""The values EOS's unit tests assert, in the bins of the frozen file."""


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_spectra_agree_to_rounding_and_integrals_to_the_tolerance_of_eos(name):
    case = CASES[name]
    points = [(universal(*np.array(point["C_L, C_R"]).view(complex)), point["values"]) for point in case["points"]]
    differences = np.abs(relative_differences(points, case["references"], matched(case["inputs"])))
    integrals = np.array([reference[0].startswith("<") for reference in case["references"]])
    assert differences[:, integrals].max() < 1e-7
    assert np.all(differences[:, ~integrals] < 1e-13)


@pytest.mark.parametrize("name", TESTS_OF_EOS)
def test_values_of_the_unit_tests_of_eos(name):
    case = CASES[name]
    difference = relative_differences(
        [(universal(0, 0), TESTS_OF_EOS[name])], case["references"], matched(case["inputs"])
    )
    assert np.abs(difference).max() < 1e-4


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    """EOS's default parameters; the quark masses are those EOS runs to 4.2 GeV."""
    return matched(CASES["default parameters"]["inputs"]).replace({"m_b": 4.170, "m_s": 0.080})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "end", "expected"),
    [("<BR>(B+->Knunu)", 22.9, 1.05123e-7), ("<BR>(B0->K*nunu)", 19.2, 1.94823e-7)],
)
def test_one_unit_of_a_vector_coefficient(inputs, name, end, expected):
    wilson = universal(-1.0 - c_l_sm(inputs), 0.0)
    assert float(get(name)(wilson, inputs, 0.0, end)) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("couplings", "expected_pseudoscalar", "expected_vector", "tolerance"),
    [
        ({"VV": 0.25, "VA": -0.25, "AV": -0.25, "AA": 0.25}, 1.05123e-7, 1.94823e-7, 1e-4),
        ({"SS": 0.5, "SP": -0.5, "PS": -0.5, "PP": 0.5}, 3.23914e-7, 1.00796e-7, 5e-4),
        ({"TT": 1.0, "TT5": -1.0}, 3.70705e-7, 5.69810e-6, 1e-4),
    ],
    ids=["vector", "scalar", "tensor"],
)
def test_one_unit_of_every_current(inputs, couplings, expected_pseudoscalar, expected_vector, tolerance):
    """EOS counts each of three flavours, scalars and tensors as Majorana pairs: half of a distinguishable pair.

    The scalar rates carry the quark masses of EOS, known here to 1 MeV.
    """
    identical = 1.0 if "VV" in couplings else 0.5
    found = {
        "B->K": 3 * identical * _branching_ratio(inputs, couplings, "B+", "K+", 22.9),
        "B->K*": 3 * identical * _branching_ratio(inputs, couplings, "B0", "K*0", 19.2),
    }
    assert found["B->K"] == pytest.approx(expected_pseudoscalar, rel=tolerance)
    assert found["B->K*"] == pytest.approx(expected_vector, rel=tolerance)


def _branching_ratio(inputs: Inputs, couplings: dict[str, float], parent: str, daughter: str, end: float) -> float:
    """BR of one distinguishable pair of massless fermions, couplings in units of our normalisation."""
    scale = jnp.abs(normalisation(inputs))
    g = Couplings(**{name: scale * value for name, value in couplings.items()})
    masses = Masses(inputs[f"m_{parent}"], inputs[f"m_{daughter}"], inputs["m_b"], inputs["m_s"])
    massless = jnp.asarray(0.0)

    def rate(q2: Float[Array, " node"]) -> Float[Array, " node"]:
        if daughter == "K+":
            values = form_factors.pseudoscalar(q2, inputs.form_factors["B->K"])
            hadronic = to_pseudoscalar.hadronic_currents(q2, values, masses)
        else:
            values = form_factors.vector(q2, inputs.form_factors["B->K*"])
            hadronic = to_vector.hadronic_currents(q2, values, masses).summed()
        return width(q2, hadronic, fermion_pair(q2, massless, massless, g), masses)

    return float(inputs[f"tau_{parent}"] * integrate(rate, massless, jnp.asarray(end)))
