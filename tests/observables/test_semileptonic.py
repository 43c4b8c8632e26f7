"""B -> M l l: flavio at random complex points (frozen by tests/validation/freeze_semileptonic.py), limits, edges."""

import sys
from functools import partial
from pathlib import Path

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft import NuNu
from dineutrino.eft.dipoles import dipole_coefficients, dipoles_to_lagrangian
from dineutrino.eft.leptons import LL, lepton_coefficients, leptons_to_lagrangian
from dineutrino.errors import DineutrinoError
from dineutrino.hadronic.quark_loops import massless_loop, one_loop
from dineutrino.inputs import SB, FormFactorCoefficients, load_inputs, normalisation
from dineutrino.invisible import Couplings, Currents, SpinOne, contract, fermion_pair
from dineutrino.invisible.charged_leptons import charged_leptons, products
from dineutrino.observables import Predictor, get
from dineutrino.observables.predictor import contract as values_of
from dineutrino.theory import Flavours, Theory, Wet

sys.path.append(str(Path(__file__).parents[1] / "validation"))
from peers import frozen
from semileptonic_points import RATIOS, TAUS, TWO_FLAVOURS, leptons, of_ratios, of_taus, of_two_flavours

NOTHING = Wet(Flavours(), Flavours())
NAMES = (("BR(B+->Ktaumu)",), ("BR(B0->Ktautau)",), ("<dBR/dq2>(Bs->phitautau)", 15.0, 18.5), RATIOS[2])
"""One of each kind of kernel."""


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def peer():
    return frozen("flavio_semileptonic")


@pytest.fixture(scope="module")
def of_flavio(inputs, peer):
    """Our inputs with the numbers of flavio."""
    found = inputs.replace(peer["inputs"]["scalars"])
    for transition, fit in peer["inputs"]["form_factors"].items():
        coefficients = FormFactorCoefficients(
            {name: jnp.asarray(values) for name, values in fit["coefficients"].items()},
            {name: jnp.asarray(value) for name, value in fit["constants"].items()},
            "BSZ",
            "flavio",
            transition,
        )
        found = eqx.tree_at(lambda i, t=transition: i.form_factors[t], found, coefficients)
    return found


@pytest.fixture(scope="module")
def predictor(inputs):
    return Predictor(NAMES, inputs)


def new_physics(values, inputs, C7p=0.0):
    """Coefficients by name, in the normalisation of flavio; C7p is its Standard Model's, where ours has m_s = 0."""
    ll = leptons_to_lagrangian(lepton_coefficients(values), inputs)
    named = {name: value for name, value in values.items() if name.startswith("C7")}
    dipoles = dipoles_to_lagrangian(dipole_coefficients(named | {"C7p_bs": named.get("C7p_bs", 0.0) + C7p}), inputs)
    return Wet(Flavours(), Flavours(), Flavours(sb=ll), dipoles=Flavours(sb=dipoles))


def batch(values, inputs, C7p=0.0):
    return jax.vmap(lambda given: new_physics(given, inputs, C7p))({k: jnp.asarray(v) for k, v in values.items()})


def random_wet(seed, size=3e-9):
    random = np.random.default_rng(seed)
    draws = [jnp.asarray(size * (random.normal(size=(3, 3)) + 1j * random.normal(size=(3, 3)))) for _ in range(10)]
    dipole = dipoles_to_lagrangian(dipole_coefficients({"C7_bs": 0.1 + 0.05j * seed, "C7p_bs": 0.2j}), load_inputs())
    return Wet(Flavours(), Flavours(), Flavours(sb=LL(*draws)), dipoles=Flavours(sb=dipole))


@pytest.mark.slow
def test_flavio_pairs_of_taus(peer, of_flavio):
    """100 complex points of vectors, scalars and dipoles: ratios to the Standard Model, and that itself.

    Those of B_s are averages over all times, with q/p as in tests/validation/freeze_semileptonic.py.
    """
    C7p, expected = peer["inputs"]["C7p_bs"], np.asarray(peer["standard_model"][: len(TAUS)])
    predictor = Predictor(TAUS, of_flavio)
    standard_model = np.asarray(predictor(new_physics({}, of_flavio, C7p)))
    assert standard_model == approx(expected, rel=2e-4)
    found = np.asarray(predictor.batch(batch(of_taus(), of_flavio, C7p)))
    assert found / standard_model == approx(np.asarray(peer["taus"]) / expected, rel=2e-4)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for (name,) in TWO_FLAVOURS])
def test_flavio_two_flavours(peer, of_flavio, name):
    """100 complex points. Scalars change their sign.

    In decays of B to a meson flavio interferes them with vector currents as if l_1 of "l_1 l_2" were barred, against
    what it does in B_s -> l l'; ours are the explicit spin sums of tests/hadronic/test_brute_force.py.
    """
    values = {k: -v if k.startswith("CS") else v for pair in leptons(name) for k, v in of_two_flavours(pair).items()}
    found = np.asarray(Predictor([name], of_flavio).batch(batch(values, of_flavio)))[:, 0]
    assert found == approx(np.asarray(peer["two_flavours"][name]), rel=5e-5)


@pytest.mark.slow
def test_flavio_ratios_of_light_leptons(peer, of_flavio):
    """R_K* to 7e-4, with what spectators do, and without. In B -> K flavio leaves that out: it moves R_K by 5e-3.

    Real and complex C_9, C_10 of muons and electrons below 2, all at once: corners where both interfere differently.
    """
    C7p, expected = peer["inputs"]["C7p_bs"], np.asarray(peer["standard_model"][len(TAUS) :])
    ratios, without = (np.asarray(peer[name]) for name in ("ratios", "ratios_without_spectators"))
    without = np.concatenate([ratios[:, :2], without], axis=1)
    predictor = Predictor(RATIOS, of_flavio)

    @jax.jit
    def values(inputs):
        kernels = predictor.prepare(inputs)
        wets = jax.tree.map(lambda *both: jnp.concatenate(both), nothing, batch(of_ratios(), of_flavio, C7p))
        return jax.vmap(lambda wet: values_of(predictor.references, kernels, Theory(inputs, wet)))(wets)

    nothing = jax.tree.map(lambda leaf: leaf[None], new_physics({}, of_flavio, C7p))
    standard_model, *found = np.asarray(values(of_flavio))
    assert standard_model == approx(expected, rel=3e-4)
    differences = np.abs(found / ratios - 1).max(axis=0)
    assert np.all(differences < [5e-3, 6e-3, 7e-4, 7e-4])
    assert np.all(differences[:2] > 1e-3)
    alone = of_flavio.replace({"f_B0": 0.0, "f_B+": 0.0})
    assert np.all(np.abs(np.asarray(values(alone))[1:] / without - 1).max(axis=0) < [1e-3, 1e-4, 3e-4, 1e-4])


def test_currents_are_those_of_the_spin_sums():
    """Without a photon: `fermion_pair`, which is checked by explicit spin sums, for each of the ten currents."""
    q2, m_a, m_b = map(jnp.asarray, (9.3, 0.7, 1.4))
    for seed in range(3):
        x = np.random.default_rng(seed).normal(size=12)
        x[10:] = 0
        sign = {"L": -1, "R": 1}
        g = dict.fromkeys(("VV", "VA", "AV", "AA", "SS", "SP", "PS", "PP", "TT", "TT5"), 0.0)
        for value, name in zip(x, LL.__annotations__, strict=False):
            kind, X, Y = name
            if kind == "T":
                g["TT"] += value / 2
                g["TT5"] += sign[X] * value / 2
                continue
            for i, quarks in enumerate("VA" if kind == "V" else "SP"):
                for j, lepton in enumerate("VA" if kind == "V" else "SP"):
                    g[quarks + lepton] += value / 4 * sign[X] ** i * sign[Y] ** j
        expected = fermion_pair(q2, m_a, m_b, Couplings(**g))
        found = charged_leptons(q2, m_a, m_b, products(jnp.asarray(x)))
        for ours, theirs in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
            assert float(ours) == pytest.approx(float(theirs), rel=1e-12)


def test_photons_make_vector_pairs():
    """A dipole with its propagator, 2 e c/q2 times sqrt(q2), is as good as a vector current of the leptons."""
    q2, mass = jnp.asarray(9.3), jnp.asarray(0.7)
    V, T = 1.3, -0.4
    hadronic = Currents(
        vector=SpinOne(jnp.asarray(V**2), jnp.asarray(T**2), jnp.asarray(V * T)),
        axial=SpinOne(jnp.asarray(V**2), jnp.asarray(T**2), jnp.asarray(V * T)),
    )

    def rate(x):
        return float(contract(hadronic, charged_leptons(q2, mass, mass, products(jnp.asarray(x)))))

    photon = 0.9
    dipole, vector = np.zeros(12), np.zeros(12)
    dipole[10], dipole[:2] = photon, 0.2
    # P_R on the quarks for the dipole, so that a right-handed current has the same parity
    vector[:2] = 0.2
    vector[2:4] = 2 * photon / np.sqrt(9.3) * T / V
    assert rate(dipole) == pytest.approx(rate(vector), rel=1e-12)


@pytest.mark.slow
def test_left_handed_massless_leptons_are_neutrinos(inputs):
    """Three flavours of neutrinos make three times the rate of one left-handed lepton of the same mass, zero."""
    at = inputs.replace({"m_e": 0.0, "m_mu": 0.0, "C_L_SM": 0.0})
    C = normalisation(at, SB) * 3.0
    left = jnp.zeros((3, 3), complex).at[0, 1].set(C)
    none = LL.zero()
    ours = Wet(Flavours(), Flavours(), Flavours(sb=LL(**(vars(none) | {"VLL": left}))))
    neutrinos = Wet(Flavours(sb=NuNu(left, jnp.zeros_like(left))), Flavours())
    for charged, neutral in (
        ("BR(B+->Kmue)", "BR(B+->Knunu)"),
        ("BR(B0->K*mue)", "BR(B0->K*nunu)"),
        ("BR(Bs->phimue)", "BR(Bs->phinunu)"),
    ):
        found, expected = float(get(charged)(ours, at)), float(get(neutral)(neutrinos, at))
        assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.slow
def test_which_lepton_is_which(inputs):
    """C9_bsmutau makes tau- mu+, named mutau; the other charge and other flavours see nothing of it."""
    wet = new_physics({"C9_bsmutau": jnp.asarray(1.0)}, inputs)
    names = ["BR(B+->Kmutau)", "BR(B+->Ktaumu)", "BR(B+->Kemu)", "BR(B+->Kmutau,taumu)"]
    one, other, third, both = np.asarray(Predictor(names, inputs)(wet))
    assert (other, third) == (0, 0)
    assert one > 1e-9
    assert both == pytest.approx(one, rel=1e-14)


def test_quark_loops():
    """The massless limit, the value at q2 = 0 and the threshold of h, and its imaginary part (pi/2) 4/9 (2+z) beta."""
    mu, mass, none = map(jnp.asarray, (4.8, 1.5, 1e-5))

    def loop(q2, mass):
        return complex(one_loop(jnp.asarray(q2), mass, mu))

    assert loop(5.0, none) == pytest.approx(complex(massless_loop(jnp.asarray(5.0), mu)), rel=1e-9)
    assert loop(1e-4, mass) == pytest.approx(-4 / 9 * (1 + np.log((1.5 / 4.8) ** 2)), rel=1e-4)
    z = 4 * 1.5**2 / 14.0
    assert loop(14.0, mass).imag == pytest.approx(2 / 9 * np.pi * (2 + z) * np.sqrt(1 - z), rel=1e-12)
    value, slope = jax.value_and_grad(lambda q2: one_loop(q2, mass, mu).real)(jnp.asarray(9.0))
    assert np.isfinite(value)
    assert np.isfinite(slope)


@pytest.mark.slow
def test_derivatives_by_coefficients_and_inputs(inputs):
    """Against finite differences."""
    entries = (
        "m_B_s",
        "ckm_A",
        "ckm_etabar",
        "y_s",
        "m_b",
        "m_tau",
        "m_mu",
        "C_2_SM",
        "m_c(pole)",
        "alpha_s",
        "m_s",
        "lambda_B",
        "f_perp_K*",
        "a1_par_K*",
        "f_B0",
    )
    wet = random_wet(1)

    def logs(x):
        at = inputs.replace(dict(zip(entries, x[1:], strict=True)))
        new = jax.tree.map(lambda leaf: x[0] * leaf, wet)
        return jnp.log(jnp.stack([get(name)(new, at, *where) for name, *where in NAMES[2:]]))

    function, exact = jax.jit(logs), jax.jit(jax.jacfwd(logs))
    at = jnp.asarray([1.0, *(float(inputs[name]) for name in entries)])
    slopes = exact(at)
    for i, step in enumerate(jnp.diag(1e-5 * at)):
        numeric = (function(at + step) - function(at - step)) / (2e-5 * at[i])
        assert slopes[:, i] == approx(numeric, rel=2e-6, abs=2e-6 * float(jnp.abs(slopes[:, i]).max()))
        assert float(jnp.abs(slopes[:, i] * at[i]).max()) > 1e-5


@pytest.mark.slow
def test_jit_is_eager_and_vmap_is_a_loop(inputs, predictor):
    wets = [random_wet(seed) for seed in range(3)]
    found = predictor.batch(jax.tree.map(lambda *leaves: jnp.stack(leaves), *wets))
    for wet, row in zip(wets, found, strict=True):
        assert row == approx(predictor(wet), rel=1e-12)
    name, *where = NAMES[0]
    assert float(row[0]) == pytest.approx(float(get(name)(wets[-1], inputs, *where)), rel=1e-12)


@pytest.mark.slow
def test_edges_and_thresholds(inputs):
    """Bins that begin at zero or end where the range does; leptons that are just, and that are not, light enough."""
    wet = random_wet(2)
    observable = get("<dBR/dq2>(B+->Ktautau)")
    end, mass = observable.mode.end_point(inputs), float(inputs["m_tau"])

    @jax.jit
    @partial(jax.value_and_grad, argnums=(0, 1, 2))
    def function(lower, upper, mass):
        return observable(wet, inputs.replace({"m_tau": mass}), lower, upper)

    values, slopes = zip(
        *(function(*at) for at in ((0.0, end, mass), (4 * mass**2, end, mass), (0.0, 20.0, mass), (20.0, end, mass))),
        strict=True,
    )
    widths = np.array([end, end - 4 * mass**2, 20.0, end - 20.0])
    rates = np.array(values) * widths
    assert rates[1] == pytest.approx(rates[0], rel=1e-4)
    assert rates[2] + rates[3] == pytest.approx(rates[0], rel=1e-4)
    assert np.all(np.isfinite(slopes))
    for mass in (np.sqrt(end) / 2 - 1e-6, np.sqrt(end) / 2, np.sqrt(end) / 2 + 1e-6, 3.0):
        value, slope = function(0.0, end, mass)
        assert 0 <= float(value) < 1e-9
        assert np.all(np.isfinite(slope))


def test_bad_bins_are_refused(inputs):
    with pytest.raises(DineutrinoError, match=r"ends below the threshold at 12\.6"):
        get("<dBR/dq2>(B+->Ktautau)").check(inputs, 1.0, 12.0)
    with pytest.raises(DineutrinoError, match=r"is not known between 8\.7 and 14 GeV\^2"):
        get("<Rmue>(B+->Kll)").check(inputs, 6.0, 10.0)
    with pytest.raises(DineutrinoError, match="takes the arguments: none; 1 given"):
        get("BR(B+->Ktautau)").check(inputs, 15.0)
