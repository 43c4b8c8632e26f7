"""A hundred random complex points of charged currents and of B_s -> mu mu against EOS as it is installed.

Ratios to the Standard Model. EOS 1.0.21 multiplies |C_T|^2 in R(Lambda_c) by 1.09, where Dirac spinors have 10.4
(tests/observables/test_lambda_b_to_lambda_c.py): that one is compared without tensors.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dineutrino.eft.charged import charged_from_flavio, charged_names
from dineutrino.eft.leptons import lepton_coefficients, leptons_to_lagrangian
from dineutrino.inputs import SB, load_inputs, normalisation
from dineutrino.inputs.standard_model import axial_leptons
from dineutrino.observables import get
from dineutrino.theory import Flavours, Wet

pytestmark = [pytest.mark.validation, pytest.mark.slow]
eos = pytest.importorskip("eos", reason="EOS is not installed", exc_type=ImportError)

POINTS = 100
MASSES = {"m_B0": "B_d", "m_D+": "D_d", "m_D*+": "D_d^*", "m_Lambda_b": "Lambda_b", "m_Lambda_c": "Lambda_c",
          "m_tau": "tau", "m_mu": "mu", "m_e": "mu", "m_b": "b(MSbar)", "m_B_c": "B_c"}  # fmt: skip
CHARGED = ("cVL", "cVR", "cSL", "cSR", "cT")
LEPTONIC = ("c10", "c10'", "cS", "cS'", "cP", "cP'")


def complex_values(seed, names, size):
    rng = np.random.default_rng(seed)
    return size * (rng.normal(size=(POINTS, len(names))) + 1j * rng.normal(size=(POINTS, len(names))))


def theirs(parameters, observable, sector, names, values):
    """Over the Standard Model of EOS, whose coefficients contain it."""
    standard = {name: parameters[f"{sector}::Re{{{name}}}"].evaluate() for name in names}

    def at(row):
        for name, value in zip(names, row, strict=True):
            parameters[f"{sector}::Re{{{name}}}"].set(float(standard[name] + value.real))
            parameters[f"{sector}::Im{{{name}}}"].set(float(value.imag))
        return observable.evaluate()

    found, none = [at(row) for row in values], at(np.zeros(len(names), complex))
    return np.asarray(found) / none


def ours(name, wet, values, inputs):
    """Over our Standard Model."""
    value = jax.jit(jax.vmap(lambda row: get(name)(wet(row), inputs)))
    return np.asarray(value(jnp.asarray(values))) / float(value(jnp.zeros((1, values.shape[1]), complex))[0])


@pytest.mark.parametrize(
    ("name", "of_eos", "parent", "daughter", "unlike"),
    [
        ("Rtaul(B->Dlnu)", "B->Dlnu::R_D", "m_B0", "m_D+", ()),
        ("Rtaul(B->D*lnu)", "B->D^*lnu::R_D^*", "m_B0", "m_D*+", ()),
        ("FLtot(B0->D*taunu)", "B->D^*lnu::F_L", "m_B0", "m_D*+", ()),
        ("Rtaul(Lambdab->Lambdaclnu)", "Lambda_b->Lambda_clnu::R(Lambda_c)", "m_Lambda_b", "m_Lambda_c", ("cT",)),
        ("BR(Bc->taunu)", "B_c->lnu::BR", "m_B_c", None, ()),
    ],
)
def test_charged(name, of_eos, parent, daughter, unlike):
    """Masses of quarks at m_b(m_b), where rates of scalars alone say that m_c is 0.911 GeV in EOS."""
    parameters = eos.Parameters()
    masses = {mine: parameters[f"mass::{its}"].evaluate() for mine, its in MASSES.items()}
    parameters["cbtaunutau::mu"].set(masses["m_b"])
    where = {}
    if daughter is not None:
        ends = {"min": masses["m_tau"] ** 2, "max": (masses[parent] - masses[daughter]) ** 2 - 1e-9}
        where = {f"q2_tau_{end}": value for end, value in ends.items()}
        where |= {"q2_mu_min": masses["m_mu"] ** 2, "q2_mu_max": ends["max"]}
        if "F_L" in of_eos:
            where = {f"q2_{end}": value for end, value in ends.items()}
    options = {"model": "WET", "form-factors": "DKMR2017" if "Lambda" in name else "BSZ2015"}
    options |= {} if "::R" in of_eos else {"l": "tau"}
    observable = eos.Observable.make(of_eos, parameters, eos.Kinematics(**where), eos.Options(**options))
    names = [each for each in CHARGED if each not in unlike]
    values = complex_values(41, names, 0.3)
    places = jnp.asarray([charged_names().index(f"C{each[1:]}_bctaunutau") for each in names])
    inputs = load_inputs().replace(masses | {"eta_EW": 1.0, "m_c": 0.911})

    def wet(row):
        whole = jnp.zeros(len(charged_names()), complex).at[places].set(row)
        return Wet(Flavours(), Flavours(), charged=charged_from_flavio(whole, inputs))

    found = ours(name, wet, values, inputs)
    expected = theirs(parameters, observable, "cbtaunutau", names, values)
    assert found == pytest.approx(expected, rel=1e-3, abs=5e-4)  # F_L over its Standard Model may be as small as 0.3


def test_leptonic():
    """At all times, with the y_s of EOS; its scalars have no factor m_b, and its m_b + m_s is read off one rate."""
    parameters = eos.Parameters()
    options = eos.Options(model="WET", l="mu", q="s")
    rate, untagged = (
        eos.Observable.make(f"B_q->ll::{kind}", parameters, eos.Kinematics(), options) for kind in ("BR", "BR@Untagged")
    )
    m_B, m_mu = (parameters[f"mass::{particle}"].evaluate() for particle in ("B_s", "mu"))
    y_s, C_10 = 1 - rate.evaluate() / untagged.evaluate(), parameters["b->smumu::Re{c10}"].evaluate()
    # |P|^2 with C_P alone over that with C_10 alone is (m_B^2 C_P/(2 m_mu (m_b + m_s) C_10))^2
    none = rate.evaluate()
    parameters["b->smumu::Re{c10}"].set(0.0)
    parameters["b->smumu::Re{cP}"].set(1.0)
    m_quarks = m_B**2 / (2 * m_mu * abs(C_10)) * np.sqrt(none / rate.evaluate())
    parameters["b->smumu::Re{c10}"].set(C_10)
    parameters["b->smumu::Re{cP}"].set(0.0)
    assert 4.1 < m_quarks < 4.4
    values = complex_values(42, LEPTONIC, 1.0) * np.where(np.arange(6) < 2, 2.0, 0.05)
    inputs = load_inputs()
    m_b = float(inputs["m_b"])
    inputs = inputs.replace({"m_B_s": m_B, "m_mu": m_mu, "y_s": y_s, "m_s": m_quarks - m_b})
    our_C_10 = float((2 * axial_leptons(inputs, SB) / normalisation(inputs)).real)
    inputs = inputs.replace({"C_A": float(inputs["C_A"]) * C_10 / our_C_10})
    mine = [f"{name[:-1]}p_bsmumu" if name.endswith("'") else f"{name}_bsmumu" for name in LEPTONIC]

    def wet(row):
        scaled = row / jnp.where(jnp.arange(6) < 2, 1.0, m_b)
        named = {f"C{name[1:]}": scaled[i] for i, name in enumerate(mine)}
        return Wet(Flavours(), Flavours(), Flavours(sb=leptons_to_lagrangian(lepton_coefficients(named), inputs)))

    found = ours("BR(Bs->mumu)", wet, values, inputs)
    assert found == pytest.approx(theirs(parameters, untagged, "b->smumu", LEPTONIC, values), rel=1e-3)


@pytest.mark.parametrize("daughter", ["K", "K*"])
@pytest.mark.parametrize("where", [(2.0, 4.0), (4.0, 6.0)], ids=str)
def test_spectators(daughter, where):
    """Rates into muons of u over d spectators of the same masses, less 1, in the Standard Model: 1 %, of one sign.

    EOS takes alpha_s of spectators at 1.5 GeV rather than at mu_b, and scattering beyond leading power.
    """
    parameters = eos.Parameters.Defaults()
    for meson in ("B", "K"):
        parameters[f"mass::{meson}_u"].set(parameters[f"mass::{meson}_d"].evaluate())
    parameters["mass::K_u^*"].set(parameters["mass::K_d^*"].evaluate())
    kinematics = eos.Kinematics(q2_min=where[0], q2_max=where[1])
    options = {"tag": "BFS2004", "l": "mu", "form-factors": "BSZ2015", "model": "SM"}
    name, theirs = f"B->{daughter.replace('*', '^*')}ll::BR", {}
    for quark in "ud":
        observable = eos.Observable.make(name, parameters, kinematics, eos.Options(**options, q=quark))
        theirs[quark] = observable.evaluate() / parameters[f"life_time::B_{quark}"].evaluate()

    inputs, ours = load_inputs(), {}
    inputs = inputs.replace({f"m_{meson}+": inputs[f"m_{meson}0"] for meson in ("B", "K", "K*")})
    for parent, quark in (("B+", "u"), ("B0", "d")):
        kernel = get(f"<Rmue>({parent}->{daughter}ll)").prepare(inputs, *where)
        ours[quark] = float(kernel.forms.constant[0] / inputs[f"tau_{parent}"])
    ratio = (ours["u"] / ours["d"] - 1) / (theirs["u"] / theirs["d"] - 1)
    assert 0.6 < ratio < 1.0
