"""Sterile neutrinos above the electroweak scale: names, symmetries, running, matching, branching ratios."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from hypothesis import given, settings
from hypothesis import strategies as st

from dineutrino.eft.massive_neutrinos import SYMMETRY, MassiveNeutrinos
from dineutrino.eft.nusmeft import NuSMEFT
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.invisible import neutrino_pairs
from dineutrino.matching.nusmeft_to_left import match_nusmeft
from dineutrino.observables import Predictor
from dineutrino.running import scalar_factor, tensor_factor
from dineutrino.theory import Wet

TEV2 = 1e-6  # TeV^-2 in GeV^-2
MODES = tuple(f"BR({name}nunu)" for name in ("B+->K", "B0->K", "B+->K*", "B0->K*"))


def random_coefficients(seed, n=2):
    rng = np.random.default_rng(seed)

    def number(*shape):
        return rng.normal(size=shape) + 1j * rng.normal(size=shape)

    vectors = [number(3, 3, n, n) for _ in range(2)]
    hermitian = [v + v.conj().transpose(1, 0, 3, 2) for v in vectors]
    return NuSMEFT(*map(jnp.asarray, (*hermitian, number(3, n, 3, 3), number(3, n, 3, 3))))


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32 - 1), n=st.sampled_from([1, 3]))
def test_names_there_and_back(seed, n):
    coefficients = random_coefficients(seed, n)
    again = NuSMEFT.from_mapping(coefficients.to_mapping(), n)
    for one, two in zip(jax.tree.leaves(coefficients), jax.tree.leaves(again), strict=True):
        assert np.all(one == two)
    assert again.to_mapping() == coefficients.to_mapping()


def test_hermitian_conjugate_is_implied():
    one, two = NuSMEFT.from_mapping({"QN_2312": 1 + 2j}, 2), NuSMEFT.from_mapping({"QN_3221": 1 - 2j}, 2)
    assert np.all(one.QN == two.QN)
    assert one.to_mapping() == {"QN_2312": 1 + 2j}
    both = NuSMEFT.from_mapping({"QN_2312": 1 + 2j, "QN_3221": 1 - 2j}, 2)
    assert np.all(both.QN == one.QN)


@pytest.mark.parametrize(
    ("coefficients", "message"),
    [
        ({"QN_231": 1}, "unknown nuSMEFT coefficient 'QN_231'; did you mean 'QN_2311'"),
        ({"Qn_2311": 1}, "did you mean 'QN_2311'"),
        ({"QN_2312": 1}, r"QN_2312 \(quark, quark, sterile, sterile\) must be at most 3, 3, 1, 1"),
        ({"LNQd_4123": 1}, r"\(lepton, sterile, quark, quark\) must be at most 3, 1, 3, 3"),
        ({"dN_2311": np.nan}, "dN_2311 = nan is not finite"),
        ({"dN_2311": 1, "dN_3211": 1j}, "dN_3211 and dN_2311 contradict each other"),
        ({"dN_2211": 1j}, "dN_2211 must be real"),
    ],
)
def test_nusmeft_refuses(coefficients, message):
    with pytest.raises(DineutrinoError, match=message):
        NuSMEFT.from_mapping(coefficients)


def test_matching_has_the_symmetries_of_the_operators():
    left = match_nusmeft(random_coefficients(4, 2), jnp.asarray([0.5, 1.0]))
    matrices = {name: getattr(left, name) for name in SYMMETRY}
    checked = MassiveNeutrinos.from_matrices(left.masses, matrices)
    for one, two in zip(jax.tree.leaves(checked), jax.tree.leaves(left), strict=True):
        assert np.all(one == two)
    for name in SYMMETRY:  # b -> s nu nu with two active neutrinos: not from these operators
        assert not np.any(matrices[name][:3, :3])
    assert not np.any(left.SLL_sb[3:, 3:])


@pytest.mark.parametrize(
    ("name", "matrix", "row", "column", "factor"),
    [
        ("QN_2312", "VLL", 4, 3, -1),
        ("dN_2321", "VLR", 3, 4, -1),
        ("LNQd_2123", "SLL_bs", 3, 1, 0.5),
        ("LNQd_3232", "SLL_sb", 4, 2, 0.5),
        ("LNQdT_1123", "TLL_bs", 3, 0, 0.5),
        ("LNQdT_1232", "TLL_sb", 4, 0, 0.5),
    ],
)
def test_matching_one_by_one(name, matrix, row, column, factor):
    """arXiv:2309.02940 eqs. (8) to (10), entry by entry."""
    value = 0.3 + 0.8j
    left = match_nusmeft(NuSMEFT.from_mapping({name: value}, 2), jnp.asarray([0.5, 1.0]))
    expected = factor * (value if matrix.startswith("V") else value.conjugate())
    assert complex(getattr(left, matrix)[row, column]) == expected
    touched = [other for other in SYMMETRY if np.any(getattr(left, other))]
    assert touched == [matrix]


def test_running():
    inputs = load_inputs()
    coefficients = random_coefficients(7)
    low = coefficients.run(1000.0, 4.8, inputs)
    assert np.all(low.QN == coefficients.QN)
    assert np.all(low.dN == coefficients.dN)
    assert low.LNQd == approx(scalar_factor(1000.0, 4.8, inputs) * coefficients.LNQd, rel=1e-14)
    assert low.LNQdT == approx(tensor_factor(1000.0, 4.8, inputs) * coefficients.LNQdT, rel=1e-14)
    back = low.run(4.8, 1000.0, inputs)
    assert back.LNQd == approx(coefficients.LNQd, rel=1e-13)


# BR/C^2 in TeV^4 at 1 TeV, masses of N in GeV: independent numbers with the inputs of arXiv:2309.02940
K_TABLE = [
    ("QN_2311", 1.5, (7.4134e-3, 6.8469e-3, 6.2597e-3, 5.7698e-3)),
    ("dN_2311", 0.0, (1.3725e-2, 1.2700e-2, 3.2285e-2, 2.9964e-2)),
    ("LNQd_3123", 1.5, (3.5232e-2, 3.2513e-2, 1.3031e-2, 1.2006e-2)),
    ("LNQd_1132", 3.0, (8.6290e-3, 7.9385e-3, 1.5121e-3, 1.3850e-3)),
    ("LNQdT_2123", 1.5, (1.7992e-2, 1.6587e-2, 2.2236e-1, 2.0558e-1)),
]


@pytest.mark.slow
def test_branching_ratios_of_one_coefficient_at_a_tev():
    """From names at 1 TeV to branching ratios; the numbers contain the factors 1.608 and 0.853."""
    inputs = load_inputs("felkl2023")
    predictor = Predictor(MODES, inputs)

    @jax.jit
    def rates(coefficients, mass):
        low = coefficients.run(1000.0, inputs["mu_b"], inputs)
        pairs = neutrino_pairs(match_nusmeft(low, jnp.stack([mass])), [(0, 3), (1, 3), (2, 3), (3, 3)])
        return predictor(Wet.b_to_s(dark=pairs)), low

    standard, _ = rates(NuSMEFT.from_mapping({}), jnp.asarray(1.0))
    for name, mass, expected in K_TABLE:
        found, _ = rates(NuSMEFT.from_mapping({name: 0.1 * TEV2}), jnp.asarray(mass))
        assert (found - standard) / 0.01 == approx(expected, rel=3e-3)


def test_gradient_of_matching():
    coefficients = random_coefficients(1)

    def total(x):
        scaled = jax.tree.map(lambda c: x * c, coefficients)
        left = match_nusmeft(scaled.run(1000.0, 4.8, load_inputs()), jnp.ones(2))
        return sum(jnp.sum(jnp.abs(leaf[3, :3]) ** 2) for leaf in (left.SLL_bs, left.TLL_sb))

    slope = jax.jit(jax.grad(total))(1.3)
    assert float(slope) == pytest.approx(2 * float(total(1.3)) / 1.3, rel=1e-12)
