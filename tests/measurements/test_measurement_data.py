"""The measurements and sets that come with the package."""

import subprocess
import sys

import jax.numpy as jnp
import numpy as np
import pytest

from dineutrino import observables
from dineutrino.errors import DineutrinoError
from dineutrino.measurements import (
    Gaussian,
    GaussianAroundSM,
    HalfGaussianAtZero,
    Measurement,
    TruncatedGaussian,
    TwoPieceGaussian,
    UpperLimit,
    VariableWidthGaussian,
    check_independent,
    check_observables,
    load_measurements,
    measurement_names,
    measurement_rows,
    measurement_sets,
)

EXPERIMENTS = (
    "PDG",
    *("Belle II", "Belle", "NA62", "KOTO", "BaBar", "average", "LEP", "SLD", "LEP and SLD", "ATLAS", "CMS", "LHCb"),
    *("LEP, D0, ATLAS and LHCb", "LEP, Tevatron and ATLAS", "HIKE"),
)


@pytest.fixture(scope="module")
def everything():
    return {name: load_measurements(name)[0] for name in measurement_names()}


def test_every_measurement_has_a_source_and_a_known_observable(everything):
    assert len(everything) >= 30
    for name, measurement in everything.items():
        assert measurement.name == name
        assert measurement.experiment in EXPERIMENTS
        assert "arXiv:" in measurement.source or "PDG 2026, listing" in measurement.source
        assert measurement.description
    check_observables(everything.values(), observables.names())


def test_belle2_combination():
    (measurement,) = load_measurements("belle2_2023_BpKnunu_combination")
    term = measurement.term
    assert isinstance(term, TwoPieceGaussian)
    assert term.observables == (("BR(B+->Knunu)",),)
    np.testing.assert_allclose(term.value, [2.3e-5])
    np.testing.assert_allclose(term.sigma_plus, [np.hypot(0.5e-5, 0.5e-5)])
    np.testing.assert_allclose(term.sigma_minus, [np.hypot(0.5e-5, 0.4e-5)])


@pytest.mark.parametrize(("convention", "pull"), [(None, -2.8), ("two_piece", -2.8), ("variable_width", -3.1)])
def test_belle2_against_the_standard_model(convention, pull):
    # the paper's own likelihood puts its Standard Model, 4.97e-6, 2.7 sigma below the measurement
    (measurement,) = load_measurements("belle2_2023_BpKnunu_combination", asymmetric_errors=convention)
    sm = jnp.array([4.97e-6])
    assert float(measurement.term.pull(sm, sm)[0]) == pytest.approx(pull, abs=0.05)


@pytest.mark.parametrize(
    ("name", "observable", "limit"),
    [
        ("belle2013_BpKnunu", "BR(B+->Knunu)", 5.5e-5),
        ("belle2013_B0K0nunu", "BR(B0->Knunu)", 19.4e-5),
        ("belle2013_BpKstarnunu", "BR(B+->K*nunu)", 4.0e-5),
        ("belle2013_B0Kstarnunu", "BR(B0->K*nunu)", 5.5e-5),
        ("belle2017_BpKnunu", "BR(B+->Knunu)", 1.9e-5),
        ("belle2017_B0KSnunu", "BR(B0->KSnunu)", 1.3e-5),
        ("belle2017_B0K0nunu", "BR(B0->Knunu)", 2.6e-5),
        ("belle2017_BpKstarnunu", "BR(B+->K*nunu)", 6.1e-5),
        ("belle2017_B0Kstarnunu", "BR(B0->K*nunu)", 1.8e-5),
        ("belle2017_BKstarnunu_combined", "BR(B0->K*nunu)", 2.7e-5),
        ("babar2013_BpKnunu", "BR(B+->Knunu)", 1.6e-5),
        ("babar2013_B0K0nunu", "BR(B0->Knunu)", 4.9e-5),
        ("babar2013_BpKstarnunu", "BR(B+->K*nunu)", 6.4e-5),
        ("babar2013_B0Kstarnunu", "BR(B0->K*nunu)", 12e-5),
        ("babar2013_BpKnunu_hadronic", "BR(B+->Knunu)", 3.7e-5),
        ("babar2013_B0K0nunu_hadronic", "BR(B0->Knunu)", 8.1e-5),
        ("babar2013_BpKstarnunu_hadronic", "BR(B+->K*nunu)", 11.6e-5),
        ("babar2013_B0Kstarnunu_hadronic", "BR(B0->K*nunu)", 9.3e-5),
    ],
)
def test_limits(everything, name, observable, limit):
    term = everything[name].term
    assert isinstance(term, UpperLimit)
    assert term.observables == ((observable,),)
    np.testing.assert_allclose(term.limit, [limit])
    np.testing.assert_allclose(term.confidence_level, [0.9])


def test_neutral_kaon_is_twice_the_short_lived_one(everything):
    k0, ks = everything["belle2017_B0K0nunu"].term, everything["belle2017_B0KSnunu"].term
    np.testing.assert_allclose(k0.limit, 2 * ks.limit)


def test_every_set_loads_and_counts_nothing_twice():
    sets = measurement_sets()
    assert {"default", "marzocca2024", "marzocca2024_with_KS", "he2024", "felkl2023"} <= set(sets)
    assert not set(sets) & set(measurement_names())
    for name, description in sets.items():
        assert description
        measurements = load_measurements(name)
        assert all(isinstance(measurement, Measurement) for measurement in measurements)
        check_independent(measurements)


def test_a_set_may_be_made_of_sets():
    down = ("default", "inclusive", "kaons", "down")
    parts = (*down, "leptonic", "semileptonic", "charged", "tau", "mixing", "z_pole", "ditau")
    assert load_measurements("correlated") == tuple(m for part in parts for m in load_measurements(part))
    assert load_measurements("global") == load_measurements("correlated")
    assert load_measurements(["kaons", "belle2017_Bppinunu"])[-1].name == "belle2017_Bppinunu"
    with pytest.raises(DineutrinoError, match="'na62_2024_Kppinunu' and 'na62_2026_Kppinunu' use the same data"):
        load_measurements(["na62_2024_Kppinunu", "kaons"])
    with pytest.raises(DineutrinoError, match=r"'kaon'.*kaons"):
        load_measurements(["kaon"])


def test_classes_of_marzocca2024():
    """Each alone, and all together; what is newer holds the data of what is older."""
    classes = ("kaons", "down", "leptonic", "charged", "mixing", "electroweak", "tails")
    parts = [m for name in ("marzocca2024", *(f"marzocca2024_{c}" for c in classes)) for m in load_measurements(name)]
    assert load_measurements("marzocca2024_global") == tuple(parts)
    with pytest.raises(DineutrinoError, match="use the same data"):
        load_measurements(["marzocca2024_charged", "charged"])
    with pytest.raises(DineutrinoError, match="use the same data"):
        load_measurements(["mixing", "marzocca2024_mixing"])


def test_charged_currents_of_marzocca2024(everything):
    """R(D) = 0.356(29) and R(D*) = 0.284(13) with 0.298(4) and 0.254(5) in the Standard Model: chi2 = 13.58."""
    term, one = everything["marzocca2024_RD_RDstar"].term, jnp.ones(2)
    assert -2 * float(term.log_prob(one, one)) == pytest.approx(13.58, abs=0.01)
    errors = np.hypot([0.029, 0.013], [0.004, 0.005]) / [0.298, 0.254]
    np.testing.assert_allclose(term.sigma, errors, rtol=1e-3)
    np.testing.assert_allclose(term.value, [0.356 / 0.298, 0.284 / 0.254], rtol=1e-5)


def test_limits_of_marzocca2024(everything):
    """Two-sided Gaussians around the Standard Model."""
    term, standard_model = everything["marzocca2024_Bppinunu"].term, jnp.array([1.166e-7])
    assert float(term.pull(jnp.array([1.4e-5]), standard_model)[0]) == pytest.approx(1.645, abs=1e-3)
    assert isinstance(everything["marzocca2024_KLpinunu"].term, GaussianAroundSM)


def test_pion_and_two_neutrinos(everything):
    """The Standard Model of arXiv:2404.06533 is 1.68 sigma below the number of NA62 that it used."""
    old, term = everything["marzocca2024_Kppinunu"].term, everything["na62_2026_Kppinunu"].term
    assert isinstance(term, TwoPieceGaussian)
    np.testing.assert_allclose([term.value[0], term.sigma_plus[0], term.sigma_minus[0]], [9.6e-11, 1.9e-11, 1.8e-11])
    assert float(old.pull(jnp.array([8.64e-11]), jnp.array([8.64e-11]))[0]) == pytest.approx(-1.68, abs=0.005)
    assert {"na62_2024_Kppinunu", "marzocca2024_Kppinunu"} <= set(everything["na62_2026_Kppinunu"].contains)


def test_default_holds_the_strongest_limit_on_each_mode(everything):
    default = load_measurements()
    assert [m.name for m in default] == [m.name for m in load_measurements("default")]
    assert default[0].name == "belle2_2023_BpKnunu_combination"
    for measurement in default[1:]:
        single = [
            m
            for m in everything.values()
            if m.observables == measurement.observables and isinstance(m.term, UpperLimit) and "combined" not in m.name
        ]
        assert float(measurement.term.limit[0]) == min(float(m.term.limit[0]) for m in single)
    assert {m.observables[0][0] for m in default} == {
        "BR(B+->Knunu)",
        "BR(B0->KSnunu)",
        "BR(B+->K*nunu)",
        "BR(B0->K*nunu)",
    }


def test_marzocca_set_is_gaussian():
    measurements = load_measurements("marzocca2024_with_KS")
    assert all(isinstance(m.term, Gaussian) for m in measurements)
    numbers = [(float(m.term.value[0]), float(m.term.sigma[0])) for m in measurements]
    assert numbers == [(2.93, 0.90), (1.0, 1.1), (1.0, 3.3)]


@pytest.mark.parametrize(
    ("convention", "kind"),
    [
        ("gaussian_around_sm", GaussianAroundSM),
        ("half_gaussian_at_zero", HalfGaussianAtZero),
        ("truncated", TruncatedGaussian),
    ],
)
def test_convention_of_upper_limits_can_be_chosen(convention, kind):
    kinds = [type(m.term) for m in load_measurements("default", upper_limits=convention)]
    assert kinds == [TwoPieceGaussian, kind, kind, kind]


def test_convention_of_asymmetric_errors_can_be_chosen():
    measurements = load_measurements("default", asymmetric_errors="variable_width")
    assert type(measurements[0].term) is VariableWidthGaussian
    assert all(isinstance(m.term, HalfGaussianAtZero) for m in measurements[1:])
    with pytest.raises(DineutrinoError, match="did you mean 'two_piece'"):
        load_measurements("default", asymmetric_errors="twopiece")


@pytest.mark.parametrize(
    "pair",
    [
        ("belle2_2023_BpKnunu_combination", "belle2_2023_BpKnunu_inclusive"),
        ("belle2017_B0KSnunu", "belle2017_B0K0nunu"),
        ("marzocca2024_RKplus", "belle2_2023_BpKnunu_hadronic"),
        ("belle2017_RKstar_combined", "belle2017_BKstarnunu_combined"),
        ("belle2_eps2023_BpKnunu", "belle2_2023_BpKnunu_inclusive"),
    ],
)
def test_counting_data_twice_is_refused(pair):
    with pytest.raises(DineutrinoError, match="use the same data"):
        load_measurements(list(pair))
    with pytest.raises(DineutrinoError, match="use the same data"):
        load_measurements(list(reversed(pair)))


def test_independent_tags_may_be_combined():
    names = ["belle2_2023_BpKnunu_inclusive", "belle2_2023_BpKnunu_hadronic", "babar2013_BpKnunu"]
    assert [m.name for m in load_measurements(names)] == names


def test_the_same_measurement_twice_is_refused():
    with pytest.raises(DineutrinoError, match="'belle2017_B0KSnunu' is used twice"):
        load_measurements(["belle2017_B0KSnunu", "belle2017_B0KSnunu"])


def test_unknown_names_are_refused_with_the_nearest():
    with pytest.raises(DineutrinoError, match="did you mean 'marzocca2024'"):
        load_measurements("marzoca2024")
    with pytest.raises(DineutrinoError, match="did you mean 'belle2017_B0KSnunu'"):
        load_measurements(["belle2017_B0KSnun"])
    with pytest.raises(DineutrinoError, match="did you mean 'truncated'"):
        load_measurements("default", upper_limits="truncate")


def test_unknown_observable_is_refused_with_the_nearest(everything):
    with pytest.raises(DineutrinoError, match=r"'belle2017_B0KSnunu': unknown observable .* did you mean"):
        check_observables([everything["belle2017_B0KSnunu"]], ["BR(B+->Knunu)", "BR(B0->KLnunu)"])


def test_rows_for_tables():
    rows = measurement_rows()
    assert [row["name"] for row in rows] == list(measurement_names())
    assert all(set(row) == {"name", "observable", "value", "experiment", "source"} for row in rows)
    values = {row["name"]: row["value"] for row in measurement_rows(load_measurements("default"))}
    assert values == {
        "belle2_2023_BpKnunu_combination": "(2.30 +0.71 -0.64)e-5",
        "belle2017_B0KSnunu": "< 1.30e-5 (90% CL)",
        "belle2013_BpKstarnunu": "< 4.00e-5 (90% CL)",
        "belle2017_B0Kstarnunu": "< 1.80e-5 (90% CL)",
    }


@pytest.mark.slow
def test_nothing_is_read_at_import():
    code = (
        "import dineutrino.measurements, sys\n"
        "from dineutrino.measurements import load\n"
        "assert load._data.cache_info().currsize == 0\n"
        "assert not {'scipy.stats', 'numpyro', 'matplotlib', 'xarray', 'pydantic'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
