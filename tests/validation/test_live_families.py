"""A hundred random complex points of each family of decays of leptons and quarks against flavio as it is installed."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from peers import frozen

from dineutrino.eft.charged import charged_from_flavio, charged_names
from dineutrino.eft.dipoles import dipole_coefficients, dipole_names, dipoles_to_lagrangian
from dineutrino.eft.leptons import lepton_coefficients, leptons_to_lagrangian
from dineutrino.inputs import FormFactorCoefficients, load_inputs
from dineutrino.observables import get
from dineutrino.theory import Flavours, Wet

pytestmark = [pytest.mark.validation, pytest.mark.slow]
flavio = pytest.importorskip("flavio", reason="flavio is not installed", exc_type=ImportError)
wilson = pytest.importorskip("wilson", reason="wilson is not installed", exc_type=ImportError)

POINTS = 100
SCALE = 4.8


def complex_values(seed, names, size):
    rng = np.random.default_rng(seed)
    return size * (rng.normal(size=(POINTS, len(names))) + 1j * rng.normal(size=(POINTS, len(names))))


def theirs(observable, names, values, *where):
    """Over the Standard Model of flavio."""
    points = [wilson.Wilson(dict(zip(names, map(complex, row), strict=True)), SCALE, "WET", "flavio") for row in values]
    whole = [float(flavio.np_prediction(observable, point, *where)) for point in points]
    return np.asarray(whole) / float(flavio.sm_prediction(observable, *where))


def ours(observable, wet, values, inputs, *where):
    """Over our Standard Model."""
    rates = jax.jit(jax.vmap(lambda row: get(observable)(wet(row, inputs), inputs, *where)))
    return np.asarray(rates(jnp.asarray(values))) / float(rates(jnp.zeros((1, values.shape[1]), complex))[0])


@pytest.fixture
def our_form_factors():
    """Ours in flavio, for as long as one test lasts."""
    from freeze_charged import implement

    usual = dict(flavio.config["implementation"])
    implement("B_to_D", "B->D form factor")
    implement("B_to_Dstar", "B->D* form factor")
    yield
    flavio.config["implementation"].update(usual)


@pytest.mark.usefixtures("our_form_factors")
@pytest.mark.parametrize(
    "observable", ["BR(B+->taunu)", "BR(Bc->taunu)", "Rtaul(B->D*lnu)", "FLtot(B0->D*taunu)", "Rtaul(B->Dlnu)"]
)
def test_charged(observable):
    """R(D) without tensors, in whose amplitude flavio lacks a factor sqrt2; test_live_eos_families.py has them."""
    quarks = "bu" if "B+" in observable else "bc"
    currents = ["CVL", "CVR", "CSL", "CSR", *([] if observable == "Rtaul(B->Dlnu)" else ["CT"])]
    names = [f"{c}_{quarks}taunu{nu}" for c in currents for nu in ("tau", "mu", "e")]
    values = complex_values(31, names, 0.3)
    neglected = {"m_u(2 GeV)": 0.0}
    inputs = load_inputs().replace(frozen("flavio_charged")["scalars"] | neglected)
    places = jnp.asarray([charged_names().index(name) for name in names])

    def wet(row, inputs):
        whole = jnp.zeros(len(charged_names()), complex).at[places].set(row)
        return Wet(Flavours(), Flavours(), charged=charged_from_flavio(whole, inputs))

    assert ours(observable, wet, values, inputs) == pytest.approx(theirs(observable, names, values), rel=1e-3)


@pytest.mark.parametrize("pair", ["mumu", "tautau"])
def test_leptonic(pair):
    names = [f"{c}_bs{pair}" for c in ("C9", "C10", "C9p", "C10p", "CS", "CP", "CSp", "CPp")]
    values = complex_values(32, names, 1.0) * np.where(np.arange(len(names)) < 4, 3.0, 0.05)
    inputs = load_inputs().replace(frozen("flavio_leptonic")["inputs"]["B"])

    def wet(row, inputs):
        named = dict(zip(names, row, strict=True))
        return Wet(Flavours(), Flavours(), Flavours(sb=leptons_to_lagrangian(lepton_coefficients(named), inputs)))

    found = ours(f"BR(Bs->{pair})", wet, values, inputs)
    assert found == pytest.approx(theirs(f"BR(Bs->{pair})", names, values), rel=1e-3)


def test_radiative():
    names, inputs = dipole_names(), load_inputs()
    values = complex_values(33, names, 0.15)

    def wet(row, inputs):
        named = dict(zip(names, row, strict=True))
        return Wet(
            Flavours(), Flavours(), dipoles=Flavours(sb=dipoles_to_lagrangian(dipole_coefficients(named), inputs))
        )

    found = ours("BR(B->Xsgamma)", wet, values, inputs)
    assert found == pytest.approx(theirs("BR(B->Xsgamma)", names, values), rel=1e-3)


def with_form_factors_of_flavio():
    """Inputs of B -> K and B -> K* l l."""
    peer = frozen("flavio_semileptonic")["inputs"]
    inputs = load_inputs().replace(peer["scalars"])
    for transition in ("B->K", "B->K*"):
        fit = peer["form_factors"][transition]
        theirs_as_ours = FormFactorCoefficients(
            {name: jnp.asarray(row) for name, row in fit["coefficients"].items()},
            {name: jnp.asarray(value) for name, value in fit["constants"].items()},
            "BSZ",
            "flavio",
            transition,
        )
        inputs = eqx.tree_at(lambda i, t=transition: i.form_factors[t], inputs, theirs_as_ours)
    return inputs, peer["C7p_bs"]


def semileptonic_wet(names, C7p):
    """New physics from coefficients with these names, and the C7' that m_s makes in flavio."""

    def wet(row, inputs):
        named = dict(zip(names, row, strict=True))
        dipole = dipoles_to_lagrangian(dipole_coefficients({"C7p_bs": C7p}), inputs)
        ll = leptons_to_lagrangian(lepton_coefficients(named), inputs)
        return Wet(Flavours(), Flavours(), Flavours(sb=ll), dipoles=Flavours(sb=dipole))

    return wet


def test_semileptonic():
    """B -> K* tau tau above the psi(2S), where flavio too has form factors and quark loops alone."""
    observable, where = "<dBR/dq2>(B0->K*tautau)", (15.0, 19.0)
    names = [f"{c}_bstautau" for c in ("C9", "C10", "C9p", "C10p", "CS", "CP", "CSp", "CPp")]
    values = complex_values(34, names, 1.0) * np.where(np.arange(len(names)) < 4, 3.0, 0.3)
    inputs, C7p = with_form_factors_of_flavio()
    found = ours(observable, semileptonic_wet(names, C7p), values, inputs, *where)
    assert found == pytest.approx(theirs(observable, names, values, *where), rel=1e-3)


@pytest.mark.parametrize("where", [(0.1, 1.1), (1.1, 6.0)], ids=str)
@pytest.mark.parametrize("observable", ["<Rmue>(B+->Kll)", "<Rmue>(B0->K*ll)"])
def test_light_leptons(observable, where):
    """R_K and R_K* of LHCb with |C_9|, |C_10| up to 2 in muons and in electrons.

    Flavio interpolates what spectators do in B -> K* from a table of its own, and leaves it out of B -> K: 8e-3 there.
    """
    names = [f"{c}_bs{pair}" for pair in ("mumu", "ee") for c in ("C9", "C10", "C9p", "C10p")]
    random = np.random.default_rng(35)
    phases = np.exp(2j * np.pi * random.uniform(size=(POINTS, len(names))))
    values = 2 * random.uniform(size=phases.shape) * phases * np.where(["p_" in name for name in names], 0.5, 1)
    inputs, C7p = with_form_factors_of_flavio()
    found = ours(observable, semileptonic_wet(names, C7p), values, inputs, *where)
    right = theirs(observable, names, values, *where)
    assert found == pytest.approx(right, rel=1e-3 if "K*" in observable else 1e-2)


@pytest.mark.parametrize(
    "observable", ["BR(B+->Ktaumu)", "BR(B0->Kmutau)", "BR(B+->Kemu)", "BR(B0->K*taumu)", "BR(B0->K*etau)"]
)
def test_two_flavours(observable):
    """With scalars, whose sign is that of flavio's B_s -> l l', not that of its B -> M l l'."""
    pair = observable[:-1].rpartition("K")[2].removeprefix("*")
    names = [f"{c}_bs{pair}" for c in ("C9", "C10", "C9p", "C10p", "CS", "CP", "CSp", "CPp")]
    values = complex_values(36, names, 1.0) * np.where(np.arange(len(names)) < 4, 3.0, 0.5)
    signs = np.array([-1 if name.startswith("CS") else 1 for name in names])
    inputs, C7p = with_form_factors_of_flavio()
    rates = jax.jit(jax.vmap(lambda row: get(observable)(semileptonic_wet(names, C7p)(row, inputs), inputs)))
    found = np.asarray(rates(jnp.asarray(values * signs)))
    points = [wilson.Wilson(dict(zip(names, map(complex, row), strict=True)), SCALE, "WET", "flavio") for row in values]
    right = [float(flavio.np_prediction(observable, point)) for point in points]
    assert found == pytest.approx(right, rel=1e-3)
