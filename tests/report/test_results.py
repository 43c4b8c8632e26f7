"""results.json, tables, summary and citations: the same numbers as the objects they come from."""

import dataclasses
import json
import math
import re
from datetime import UTC, datetime

import arviz
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from report_names import CL, CR, LEVELS
from rich.console import Console
from scipy.stats import chi2

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inference import Caution, maximum
from dineutrino.inputs import load_inputs, load_prior
from dineutrino.io import strict_json
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.measurements import load_measurements
from dineutrino.models import SterileNeutrino
from dineutrino.observables import Predictor
from dineutrino.report import citations, tables
from dineutrino.report.goodness import Goodness, goodness
from dineutrino.report.references import arxiv_numbers, bibtex, used_scalars
from dineutrino.report.results import results
from dineutrino.report.summary import summary

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def written(two_modes):
    def refuse(token):
        raise AssertionError(f"{token} is not JSON")

    return json.loads(strict_json.dumps(results(two_modes)), parse_constant=refuse)


def test_all_maxima_with_errors_pulls_and_predictions(two_modes, written):
    assert len(written["best_fits"]) == len(two_modes.maxima) >= 2
    for entry, optimum in zip(written["best_fits"], two_modes.maxima, strict=True):
        assert entry["parameters"][CL]["value"] == optimum[CL]
        assert entry["parameters"][CR]["error"] == optimum.error(CR)
        assert entry["chi2"] == -2 * entry["log_prob"] == -2 * optimum.log_prob
        assert entry["gradient_norm"] == optimum.gradient_norm
        assert entry["converged"] is True
        pulls = two_modes.likelihood.pulls(optimum.point)
        for measurement, observables in entry["pulls"].items():
            for name, pull in observables.items():
                assert pull == float(pulls[measurement][name])
        predictions = two_modes.likelihood.predict(optimum.point)
        assert entry["predictions"] == {name: float(value) for name, value in predictions.items()}
        assert len(entry["nuisances"]) == 2
        constraints = sum(nuisance["value"] ** 2 for nuisance in entry["nuisances"].values())
        terms = sum(entry["log_likelihoods"].values())
        assert entry["chi2"] == pytest.approx(constraints - 2 * terms)


def test_intervals_at_every_level_with_all_stretches(two_modes, written):
    for name, profile in two_modes.profiles.items():
        assert [entry["confidence_level"] for entry in written["intervals"][name]] == list(LEVELS)
        for entry, stretches in zip(written["intervals"][name], profile.intervals, strict=True):
            assert [dataclasses.asdict(stretch) for stretch in stretches] == entry["intervals"]
    assert len(written["intervals"][CL][0]["intervals"]) == 2
    (contour,) = written["contours"]
    assert contour["parameters"] == [CL, CR]
    line = two_modes.contours[CL, CR].contours[0].lines[0]
    assert np.allclose(contour["contours"][0]["lines"][0]["vertices"], line, rtol=0, atol=0)


def test_goodness_of_fit_and_the_standard_model(two_modes, written):
    goodness = written["goodness_of_fit"]
    assert goodness["chi2"] == -2 * two_modes.best.log_prob
    assert goodness["degrees_of_freedom"] == 4 - 2
    assert goodness["p_value"] == pytest.approx(chi2.sf(goodness["chi2"], 2))
    assert "minus free parameters" in goodness["degrees_of_freedom_are"]
    likelihood, standard_model = two_modes.likelihood, written["standard_model"]
    at_central = -2 * float(likelihood.log_prob(likelihood.origin()))
    assert goodness["chi2"] < standard_model["chi2"] <= at_central
    # a grid of the two nuisances finds nothing better
    shifts = np.linspace(-1, 1, 11)
    names = [block.name for block in likelihood.prior.blocks]
    tried = [
        -2 * float(likelihood.log_prob(likelihood.origin() | {"nuisances": dict(zip(names, z, strict=True))}))
        for z in np.stack(np.meshgrid(shifts, shifts), axis=-1).reshape(-1, 2, 1)
    ]
    assert standard_model["chi2"] == pytest.approx(min(tried), abs=0.02)
    assert standard_model["chi2"] <= min(tried)
    assert standard_model["p_value"] == pytest.approx(chi2.sf(standard_model["chi2"], 4))
    pull = standard_model["pulls"]["belle2_2023_BpKnunu_combination"]["BR(B+->Knunu)"]
    assert pull == pytest.approx(-2.85, abs=0.1)


def test_significance_of_a_chi2_difference():
    assert Goodness(1.0, 10.0, 5, 1).significance == pytest.approx(3.0)
    assert Goodness(1.0, 1.0, 5, 1).significance == pytest.approx(0.0)
    assert Goodness(1.0, 0.5, 5, 1).significance == pytest.approx(0.0)
    assert Goodness(1.0, None, 5, 1).significance is None
    assert Goodness(1.0, 2.0, 1, 1).p_value is None


def test_posterior(two_modes, written):
    posterior = written["posterior"]
    for name in (CL, CR):
        entry = posterior["parameters"][name]
        draws = two_modes.posterior.posterior[name].values
        expected = {"mean": draws.mean(), "sd": draws.std(ddof=1), "r_hat": float(arviz.rhat(draws))}
        assert {key: entry[key] for key in expected} == pytest.approx(expected, rel=1e-6)
        for key, content in (("highest_density_68", 0.683), ("highest_density_95", 0.954)):
            inside = sum(np.mean((draws >= a) & (draws <= b)) for a, b in entry[key])
            assert inside == pytest.approx(content, abs=0.05)
    assert len(posterior["parameters"][CL]["highest_density_68"]) == 2
    assert posterior["diagnostics"]["passed"] == two_modes.diagnostics.passed
    sizes = posterior["diagnostics"]["effective_samples"]
    assert {name.split("'")[1] for name in sizes if name.startswith("'")} >= {CL, CR}
    assert min(sizes.values()) == posterior["diagnostics"]["fewest_effective_samples"]
    assert max(sizes.values()) <= two_modes.posterior.posterior[CL].size
    assert len(posterior["diagnostics"]["checks"]) == len(two_modes.diagnostics.verdicts)


def test_predictions_are_those_of_the_predictor_and_of_the_draws(two_modes, written):
    likelihood = two_modes.likelihood
    predictor = Predictor(likelihood.references, load_inputs("default"))
    values = predictor(NeutrinoCoefficients.zero())
    uncertainties = np.sqrt(np.diag(predictor.covariance(NeutrinoCoefficients.zero(), likelihood.prior)))
    at_best = likelihood.predict(two_modes.best.point)
    assert [entry["name"] for entry in written["predictions"]] == [name for name, *_ in likelihood.references]
    for entry, value, uncertainty in zip(written["predictions"], values, uncertainties, strict=True):
        assert entry["standard_model"]["value"] == pytest.approx(float(value), rel=1e-12)
        assert entry["standard_model"]["uncertainty"] == pytest.approx(float(uncertainty), rel=1e-9, abs=1e-14)
        assert entry["best_fit"] == float(at_best[entry["observable"]])
        draws = two_modes.posterior.predictions["value"].sel(observable=entry["observable"]).values
        assert entry["posterior"]["median"] == np.median(draws)
        inside = (draws >= entry["posterior"]["lower_68"]) & (draws <= entry["posterior"]["upper_68"])
        assert np.mean(inside) == pytest.approx(0.683, abs=0.01)
    (binned,) = (entry for entry in written["predictions"] if entry["arguments"])
    assert (binned["observable"], binned["unit"]) == ("<dBR/dq2>(B+->Knunu)[4, 8]", "GeV^-2")


def test_provenance(two_modes, written):
    provenance = written["provenance"]
    assert provenance["measurements"] == {m.name: m.source for m in two_modes.likelihood.measurements}
    assert provenance["form_factors"]["B->K"] == "HPQCD2022"
    assert provenance["input_set"] == "default"
    assert provenance["seed"] == 1
    age = datetime.now(UTC) - datetime.fromisoformat(provenance["created"])
    assert 0 <= age.total_seconds() < 3600


def test_a_fit_without_degrees_of_freedom_posterior_or_standard_model(one_parameter):
    written = json.loads(strict_json.dumps(results(one_parameter)))
    assert written["goodness_of_fit"]["degrees_of_freedom"] == 0
    assert written["goodness_of_fit"]["p_value"] is None
    assert written["standard_model"] is None
    assert written["posterior"] is None
    assert written["contours"] == []
    assert written["untrusted"] == ["a test of a warning."]
    assert all(entry["standard_model"]["uncertainty"] == 0 for entry in written["predictions"])
    text = summary(one_parameter)
    assert "**a test of a warning.**" in text
    assert "not defined" in text
    assert "Posterior" not in text


def test_where_the_standard_model_is_depends_on_the_model(two_modes):
    def shifted(values):
        return NeutrinoCoefficients.from_mapping({"CL_bsnutaunutau": 1.0})

    likelihood = Likelihood(
        [Parameter("g", -1, 1, 1)], two_modes.likelihood.measurements, two_modes.likelihood.prior, shifted
    )
    assert dataclasses.replace(two_modes, likelihood=likelihood).standard_model_values is None
    assert two_modes.standard_model_values == two_modes.standard_model_marks == {CL: 0.0, CR: 0.0}


def test_a_mass_does_not_mark_the_standard_model(two_modes):
    """Without coupling any mass will do, the smallest as well; only the coupling says that it is the Standard Model."""
    names, bounds = ("mass", "Re QN_2311"), ((0.1, 2.0), (0.0, 0.1))
    parameters = [Parameter(name, *ends, 0.1) for name, ends in zip(names, bounds, strict=True)]
    prior = two_modes.likelihood.prior
    model = SterileNeutrino.from_inputs(prior.central)
    likelihood = Likelihood(parameters, two_modes.likelihood.measurements, prior, model)
    best = two_modes.maxima.best
    best = dataclasses.replace(best, vector=best.vector.at[:2].set(jnp.asarray([0.6, 0.05])))
    maxima = dataclasses.replace(two_modes.maxima, optima=(best,))
    found = dataclasses.replace(two_modes, likelihood=likelihood, maxima=maxima)
    assert found.standard_model_values == {"mass": 0.1, "Re QN_2311": 0.0}
    assert found.standard_model_marks == {"Re QN_2311": 0.0}


def numbers_in(cell):
    return [float(number) for number in re.findall(r"[+-]?\d+\.?\d*", cell)]


def test_the_table_shows_the_same_numbers_in_every_format(two_modes):
    predictions = two_modes.predictions
    lines = tables.markdown(predictions).strip().splitlines()
    assert len(lines) == 2 + len(predictions)
    latex = tables.latex(predictions)
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\\") == 1 + len(predictions)
    console = Console(width=200, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(tables.rich_table(predictions))
    screen = console.export_text()
    for line, row, prediction in zip(lines[2:], tables.rows(predictions), predictions, strict=True):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert cells == [
            f"`{prediction.label}`",
            tables.plain_unit(row),
            row.standard_model,
            row.best_fit,
            row.posterior,
        ]
        unit = 10.0**row.power
        value, *uncertainty = numbers_in(row.standard_model)
        assert value * unit == pytest.approx(prediction.standard_model, rel=0.01)
        assert (uncertainty or [0.0])[0] * unit == pytest.approx(prediction.uncertainty, rel=0.06)
        median, plus, minus = numbers_in(row.posterior)
        assert median * unit == pytest.approx(prediction.median, rel=0.02)
        assert plus * unit == pytest.approx(prediction.upper - prediction.median, rel=0.06)
        assert -minus * unit == pytest.approx(prediction.median - prediction.lower, rel=0.06)
        assert prediction.tex in latex
        for cell in (prediction.label, row.standard_model, row.best_fit, row.posterior):
            assert cell in screen


def test_the_summary_names_what_a_physicist_asks_for(two_modes):
    text = summary(two_modes, ("contour.png",))
    assert text.startswith("# two modes\n")
    for part in (CL, "p-value", "68.27% CL", "](contour.png)", "arXiv:2311.14647", "HPQCD2022", "R-hat", "Pulls"):
        assert part in text
    assert not re.search(r"\bnan\b", text)
    stretches = two_modes.profiles[CL].intervals[0]
    (row,) = (line for line in text.splitlines() if line.startswith(f"| {CL} | ["))
    shown = numbers_in(row.split("|")[2])
    assert shown == pytest.approx([end for s in stretches for end in (s.lower, s.upper)], abs=0.06)


def test_citations_are_the_sources_of_what_was_used(two_modes):
    cited = citations(two_modes)
    text = "\n".join(f"{what}: {source}" for what, source in cited)
    for measurement in two_modes.likelihood.measurements:
        assert (f"measurement {measurement.name}", measurement.source) in cited
    assert "form factors B->K: HPQCD2022: arXiv:2207.12468" in text
    assert "form factors B->K*: GRvDV2023: arXiv:2305.06301" in text
    assert "Bs->phi" not in text
    assert cited[-1][0] == "software"
    used = used_scalars(two_modes.likelihood)
    assert {"G_F", "alpha_em", "C_L_SM", "tau_B+", "m_B+", "m_K+"} <= set(used)
    assert not {"f_B+", "|V_ub|", "X_t", "m_phi", "|V_tb V_ts*|"} & set(used)


def test_bibtex(two_modes):
    text = bibtex(two_modes)
    keys = re.findall(r"@misc\{(.*),", text)
    assert len(keys) == len(set(keys))
    assert {"2311.14647", "2207.12468", "2305.06301", "dineutrino"} <= set(keys)
    assert text.count("{") == text.count("}")


def test_arxiv_numbers():
    assert arxiv_numbers("arXiv:2311.14647, abstract; arXiv:hep-ph/0406120 and arXiv:2311.14647") == [
        "2311.14647",
        "hep-ph/0406120",
    ]
    assert arxiv_numbers("PDG 2024") == []


def test_infinite_errors_are_flagged(two_modes):
    flat = dataclasses.replace(two_modes.best, errors=two_modes.best.errors.at[0].set(math.inf), flat=(CL,))
    maxima = dataclasses.replace(two_modes.maxima, optima=(flat,))
    written = json.loads(strict_json.dumps(results(dataclasses.replace(two_modes, maxima=maxima))))
    entry = written["best_fits"][0]["parameters"][CL]
    assert entry["error"] is None
    assert entry["unconstrained"] is True
    assert written["not_finite"] == {f"/best_fits/0/parameters/{CL}/error": "inf"}
    assert "not constrained" in summary(dataclasses.replace(two_modes, maxima=maxima))


def test_parameters_that_the_data_do_not_see_are_no_degrees_of_freedom():
    """C_L of muon and tau enter all rates as |C_mu|^2 + |C_tau|^2 next to the Standard Model: a ring of best fits."""
    likelihood = Likelihood(
        [Parameter(f"Re CL_bsnu{flavour}nu{flavour}", -40, 40, 10) for flavour in ("mu", "tau")],
        load_measurements("default"),
        load_prior("default").restrict(()),
    )
    with pytest.warns(Caution, match="flat"):
        maxima = maximum(likelihood, jax.random.key(0))
    (best,) = maxima
    fit = goodness(likelihood, best, None)
    assert fit.n_measured == 4
    assert fit.n_parameters == 1
    assert fit.degrees_of_freedom == 3
    assert fit.p_value == pytest.approx(chi2.sf(fit.chi2, 3))
