import re
from importlib.resources import files

import numpy as np
import pytest
import yaml

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import CHOICES, form_factor_sets, input_rows, input_sets, load_inputs, load_prior
from dineutrino.observables import Predictor

HBAR = 6.62607015e-34 / (2 * np.pi * 1.602176634e-19) / 1e9  # GeV s, from the exact definitions


def raw(name):
    return yaml.safe_load(files("dineutrino.inputs").joinpath("data", *name.split("/")).read_text())


@pytest.fixture(scope="module")
def default():
    return load_inputs("default")


def test_names():
    assert set(input_sets()) == {
        "default", "pdg2024", "marzocca2024", "marzocca2024_rates", "felkl2023", "he2024", "belle2_2025",
        "belle2_2025_simulation", "degiorgi2022",
    }  # fmt: skip
    assert "HPQCD2022" in form_factor_sets()["B->K"]
    assert "GRvDV2023" in form_factor_sets()["B->K*"]


def test_units_are_powers_of_gev(default):
    assert default["hbar"] == pytest.approx(HBAR, rel=1e-12)
    assert default["m_B+"] == pytest.approx(5.27941)
    assert default["m_e"] == pytest.approx(0.51099895069e-3)
    assert default["tau_B+"] == pytest.approx(1.637e-12 / HBAR)
    assert default["tau_tau"] == pytest.approx(290.3e-15 / HBAR)
    # widths quoted by PDG 2024 in GeV
    assert 1 / load_inputs("pdg2024")["tau_B+"] == pytest.approx(4.018e-13, rel=3e-4)
    assert 1 / default["tau_tau"] == pytest.approx(2.267e-12, rel=3e-4)
    assert default["f_K+"] == pytest.approx(0.1557)
    for name, value in default.values.items():
        assert np.isfinite(value), name


def extended(name):
    """The content of a set with what it takes from the one that it extends."""
    record = raw(f"sets/{name}.yaml")
    base = extended(record["extends"]) if "extends" in record else {}
    changes = ("choices", "form_factors", "overrides")
    return record | {field: (base.get(field) or {}) | (record.get(field) or {}) for field in changes}


@pytest.mark.parametrize("name", input_sets())
def test_a_set_differs_from_default_only_by_what_it_overrides(default, name):
    record = extended(name)
    inputs = load_inputs(name)
    overrides = record.get("overrides") or {}
    for key, value in default.values.items():
        assert (inputs[key] == value) or key in overrides, key
    for key in overrides:
        assert key in default.values
    for key, value in default.choices.items():
        assert inputs.choices[key] == (record.get("choices") or {}).get(key, value)
    for transition, fit in default.form_factors.items():
        assert inputs.form_factors[transition].name == (record.get("form_factors") or {}).get(transition, fit.name)
    rows, base = ({row.name: row for row in input_rows(n)} for n in (name, "default"))
    for key, entry in overrides.items():
        assert rows[key].value == pytest.approx(float(entry["value"]))
        assert rows[key].uncertainty == pytest.approx(float(entry.get("uncertainty", 0)))
        assert rows[key].source == " ".join(entry["source"].split())
    for key in set(base) & set(rows) - set(overrides):
        if " a" not in key:
            assert rows[key] == base[key]


PLACES = (
    *("table ", "section ", "eq. (", "eqs. (", "abstract", "below eq.", "CODATA 2022, ", "flavio 2.7.1", "HEPfit"),
    *("computed, ", "convention", "second-hand", "Nucl. Phys. B347"),
)
"""What the source of a scalar says about where the number stands; or a data block of the PDG."""
EXACT = {
    "definitions and conventions": ("hbar", "mu_b", "mu_B_mixing", "mu_K_mixing", "mu_D_mixing"),
    "edges of bins": ("NA62_q2_max_1", "NA62_q2_min_2", "NA62_q2_max_2"),
    "references of other numbers": ("kappa_lambda", "kappa_alpha_em", "kappa_s2_w", "C_A_m_t", "C_A_alpha_s"),
    "parity": ("A_- B+->pi", "A_- B0->pi"),
    "another input has the uncertainty": ("m_c(m_c)", "m_b(m_b)", "m_u(2 GeV)", "m_d(2 GeV)", "X_c_tau/X_c_e"),
    "published without one": (
        *("eta_EW", "C_A_m_t_power", "C_A_alpha_s_power", "Re A_S(gammagamma)", "Im A_S(gammagamma)", "eta_B"),
        *("C_1_SM", "C_2_SM", "C_3_SM", "C_4_SM", "C_5_SM", "C_6_SM", "C_7eff_SM", "C_8eff_SM", "C_9_SM"),
        *("alpha_em(mu_b)", "m_b(pole)", "m_c(pole)", "Delta_alpha_lep"),
        *("s2_eff_u-s2_eff_l", "s2_eff_d-s2_eff_l", "rho_W_l", "rho_W_q", "delta_gamma(tau->lnunu)"),
        *("a(C7)", "a(C8)", "a(C7p)", "a(C8p)", "b(C7 C7)", "b(C8 C8)", "b(C7 C8)"),
    ),
}
"""Why a scalar has no uncertainty -> those for which that is so."""


def scalars():
    return {name: entry for members in raw("scalars.yaml")["blocks"].values() for name, entry in members.items()}


def test_every_scalar_has_an_uncertainty_or_a_reason_to_have_none():
    exact = {name for name, entry in scalars().items() if not float(entry.get("uncertainty", 0))}
    assert exact == {name for names in EXACT.values() for name in names}


@pytest.mark.parametrize("file", ["scalars.yaml", *(f"sets/{name}.yaml" for name in input_sets())])
def test_no_number_was_remembered(file):
    assert "memory" not in files("dineutrino.inputs").joinpath("data", *file.split("/")).read_text().lower()


def test_every_scalar_says_where_its_number_stands():
    for name, entry in scalars().items():
        block = re.search(r"PDG 2026, [SMQ]\d{3}[A-Z0-9]+", entry["source"])
        assert block or any(place in entry["source"] for place in PLACES), f"{name}: {entry['source']}"


def test_former_numbers_differ_and_say_where_they_stood():
    for name, former in raw("sets/pdg2024.yaml")["overrides"].items():
        assert re.search(r"PDG 20\d\d, (section \d+|[SMQ]\d{3})|unitarity", former["source"]), name
        now = scalars()[name]
        assert any(float(former.get(key, 0)) != float(now.get(key, 0)) for key in ("value", "uncertainty")), name


@pytest.mark.parametrize("name", sorted(set(input_sets()) - {"default", "pdg2024"}))
def test_sets_of_papers_stand_on_the_numbers_of_their_time(name):
    assert load_inputs(name)["tau_B_s"] != load_inputs("default")["tau_B_s"]
    assert load_inputs(name)["m_t"] == load_inputs("pdg2024")["m_t"]


def test_every_row_has_a_source_and_scalars_are_described():
    for row in input_rows():
        assert row.source
        assert row.description


def test_reference_inputs_of_felkl2023():
    inputs = load_inputs("felkl2023")
    expected = {
        "m_B+": 5.27934, "m_B0": 5.27965, "m_K+": 0.493677, "m_K0": 0.497611, "m_K*+": 0.89166, "m_K*0": 0.89555,
        "tau_B+": 1.638e-12 / HBAR, "tau_B0": 1.519e-12 / HBAR, "m_b": 4.094, "m_s": 0.076, "G_F": 1.1663787e-5,
        "|V_tb V_ts*|": 0.0412, "C_L_SM": -6.3772, "K*_width_factor": 1.2, "f_B+": 0.190, "f_K+": 0.1557,
        "f_K*+": 0.204, "|V_ub|": 3.70e-3, "|V_us|": 0.2243, "tau_tau": 290.3e-15 / HBAR,
    }  # fmt: skip
    for name, value in expected.items():
        assert inputs[name] == pytest.approx(value, rel=1e-9), name
    assert 1 / inputs["alpha_em"] == pytest.approx(127.955, rel=1e-6)
    assert {t: inputs.form_factors[t].name for t in ("B->K", "B->K*")} == {"B->K": "GRvDV2023", "B->K*": "GRvDV2023"}
    assert inputs.choices == {
        "lambda_t": "direct", "C_L_SM": "value", "long_distance": "included", "K*_width": "finite",
        "Bs_normalisation": "physical", "B->d_rates": "form factors",
        "mixing_running": "NLO", "eps_K": "u-t unitarity", "ditau_cut": "last bin",
    }  # fmt: skip


def test_long_distance_size_follows_from_the_inputs():
    # BR(B+ -> tau nu) BR(tau -> K nu) = 6.07e-7 and 1.03e-6 for K*, arXiv:0908.1174
    i = {name: float(value) for name, value in load_inputs("felkl2023").values.items()}
    m_tau = i["m_tau"]
    b = i["tau_B+"] * i["G_F"] ** 2 / (8 * np.pi) * i["m_B+"] * m_tau**2
    b *= (1 - m_tau**2 / i["m_B+"] ** 2) ** 2 * i["f_B+"] ** 2 * i["|V_ub|"] ** 2
    tau = i["tau_tau"] * i["G_F"] ** 2 / (16 * np.pi) * m_tau**3 * i["|V_us|"] ** 2
    r, r_star = (i["m_K+"] / m_tau) ** 2, (i["m_K*+"] / m_tau) ** 2
    assert b * tau * i["f_K+"] ** 2 * (1 - r) ** 2 == pytest.approx(6.07e-7, rel=5e-3)
    assert b * tau * i["f_K*+"] ** 2 * (1 - r_star) ** 2 * (1 + 2 * r_star) == pytest.approx(1.03e-6, rel=5e-3)


def test_arguments_win_over_the_set(default):
    inputs = load_inputs(
        "default",
        form_factors={"B->K": "GRvDV2023"},
        overrides={"m_b": {"value": 4180, "uncertainty": 10, "unit": "MeV", "source": "test"}},
        choices={"K*_width": "finite"},
        long_distance="included",
    )
    assert inputs["m_b"] == pytest.approx(4.18)
    assert inputs.form_factors["B->K"].name == "GRvDV2023"
    assert inputs.form_factors["B->K*"].name == default.form_factors["B->K*"].name
    assert inputs.choices == default.choices | {"K*_width": "finite", "long_distance": "included"}


def test_table_1_and_the_rates_of_marzocca2024_need_two_ckm_values():
    """arXiv:2404.06533 appendix A.1.1: 4.44(30), 9.8(1.4) and 2.05(14) times 1e-6."""
    names = ("BR(B+->Knunu)", "BR(B+->K*nunu)", "BR(B0->KSnunu)")
    zero, printed = NeutrinoCoefficients.zero(), np.array([4.44e-6, 9.8e-6, 2.05e-6])
    table, rates = (Predictor(names, load_inputs(name))(zero) for name in ("marzocca2024", "marzocca2024_rates"))
    np.testing.assert_allclose(rates, printed, rtol=3e-3)
    np.testing.assert_allclose(table / printed, 1.065, rtol=3e-3)
    assert load_inputs("marzocca2024")["|V_tb V_ts*|"] == 0.0410


def test_kaons_of_marzocca2024():
    """arXiv:2404.06533, eq. (A6): 2 x 3.06 + 2.52 and 3.4, times 1e-11."""
    predictor = Predictor(("BR(K+->pinunu)", "BR(KL->pinunu)"), load_inputs("marzocca2024"))
    np.testing.assert_allclose(predictor(NeutrinoCoefficients.zero()), [8.64e-11, 3.4e-11], rtol=1e-4)


def test_what_a_set_extends_must_exist(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("source: me\nextends: marzoca2024\n")
    with pytest.raises(
        DineutrinoError, match=r"mine\.yaml: unknown input set 'marzoca2024'; did you mean 'marzocca2024"
    ):
        load_inputs(path)
    path.write_text("source: me\nextends: marzocca2024\nform_factors: {B->K: GRvDV2023}\n")
    inputs = load_inputs(path)
    assert inputs.choices["lambda_t"] == "direct"
    assert (inputs.form_factors["B->K"].name, inputs.form_factors["B->K*"].name) == ("GRvDV2023", "BSZ2015")


def test_an_override_without_uncertainty_is_exact():
    exact = {"m_b": {"value": 4.18, "unit": "GeV", "source": "test"}}
    assert "m_b" not in load_prior("default", overrides=exact).labels


def test_choices_are_static_and_replace_is_pure(default):
    assert hash(default.choice_pairs) == hash(load_inputs("default").choice_pairs)
    changed = default.replace({"m_b": 4.0})
    assert changed["m_b"] == 4.0
    assert default["m_b"] != 4.0
    with pytest.raises(DineutrinoError, match="unknown input 'm_bb'; did you mean 'm_b'"):
        default.replace({"m_bb": 4.0})
    with pytest.raises(DineutrinoError, match="did you mean 'tau_B0'"):
        default["tau_B_0"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "marzoca2024"}, "unknown input set 'marzoca2024'; did you mean 'marzocca2024'"),
        ({"form_factors": {"B->K": "HPQCD22"}}, "unknown B->K form factors 'HPQCD22'; did you mean 'HPQCD2022'"),
        ({"form_factors": {"B->Kstar": "BSZ2015"}}, "unknown transition 'B->Kstar'; did you mean"),
        ({"choices": {"lambdat": "direct"}}, "unknown choice 'lambdat'; did you mean 'lambda_t'"),
        ({"lambda_t": "wolfenstien"}, "'lambda_t': 'wolfenstien'; did you mean 'wolfenstein'"),
        ({"overrides": {"m_bb": {}}}, "unknown input 'm_bb'"),
        ({"overrides": {"m_b": {"value": 4.2, "unit": "ps", "source": "x"}}}, "does not convert to 'GeV'"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(arguments, message):
    with pytest.raises(DineutrinoError, match=message):
        load_inputs(**arguments)


def test_choices_have_the_documented_values():
    for name, values in CHOICES.items():
        for value in values:
            assert load_inputs("default", choices={name: value}).choices[name] == value
