"""Analyses of pp -> tau tau with the propagator of a leptoquark, or with yields of contact interactions from files."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from ditau_files import made_folder
from published_files import published_folder

from dineutrino.analysis import packaged_text, parse_analysis
from dineutrino.errors import DineutrinoError
from dineutrino.inference.checkpoint import mark_of
from dineutrino.measurements.published.leptoquark_tails import contact_yields, leptoquark_yields
from dineutrino.models.mediators import R2t
from dineutrino.observables.ditau.yields import NAMES, Tails

TEXT = """\
model: {model}
tails: {tails}
parameters: {{{parameters}}}
measurements: {measurements}
nuisances: none
"""
POINT = {"Re y2Lt_33": 1.5, "Re y2Lt_23": -0.4, "Im y2Lt_33": 0.3}
PARAMETERS = ", ".join(f"{name}: {{min: -3, max: 3}}" for name in POINT)


def text(tails="{leptoquark: R2t}", model="{R2t: {mass: 2.0}}", parameters=PARAMETERS, measurements="ditau"):
    return TEXT.format(tails=tails, model=model, parameters=parameters, measurements=measurements)


def analysis(folder, **given):
    return parse_analysis(text(**given), "a.yaml", Path(), folder)


def events(likelihood, point):
    predicted = likelihood.predict(likelihood.origin(point))
    return np.array([predicted[name] for name in NAMES])


def new_physics(likelihood, point):
    """Squares of coefficients: yields are linear and quadratic in them, and they in couplings; by two strengths."""
    one = events(likelihood, point)
    four = events(likelihood, {name: 2**0.5 * value for name, value in point.items()})
    return (four - 2 * one) / 2


def refusal(folder=None, **given):
    with pytest.raises(DineutrinoError) as caught:
        analysis(folder, **given)
    (line,) = str(caught.value).splitlines()
    return line


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return made_folder(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def propagating(made):
    return analysis(made).likelihood()


def test_predictions_are_those_of_the_yields(made, propagating):
    """Of the coefficients that the couplings leave by hand, C_ld = -y y*/(2 M^2), with and without the propagator."""
    inputs = propagating.prior.central
    y = jnp.zeros((3, 3), complex).at[2, 2].set(1.5 + 0.3j).at[1, 2].set(-0.4)
    coefficients = R2t(y).match(jnp.asarray(2000.0))
    np.testing.assert_allclose(coefficients.vectors.ld[2, 2], -jnp.outer(y[:, 2], y[:, 2].conj()) / (2 * 2000.0**2))
    kept, contact = leptoquark_yields("R2t", 2.0, inputs, made), contact_yields(inputs, made)
    for found, yields in ((propagating, kept), (analysis(made, tails="{data: elsewhere}").likelihood(), contact)):
        expected = Tails.of(inputs.with_tails(yields)).events(coefficients)
        np.testing.assert_allclose(events(found, POINT), expected, rtol=1e-12)
    assert np.all(new_physics(propagating, POINT) > 0)


def test_a_heavy_leptoquark_is_a_contact_interaction(made):
    """What is missing falls with the square of its mass, from s/M^2 at the end of the tails."""
    point = {"Re y2Lt_33": 2.0}
    given = {"parameters": "Re y2Lt_33: {min: 0, max: 30}"}
    missing = []
    for mass in (5.0, 10.0):
        of_mass = given | {"model": f"{{R2t: {{mass: {mass}}}}}"}
        found, contact = (
            new_physics(analysis(made, **of_mass, **tails).likelihood(), point)
            for tails in ({}, {"tails": "{data: elsewhere}"})
        )
        missing.append(1 - found / contact)
        assert np.all(missing[-1] > 0)
        assert np.all(missing[-1] < 2 * 1.5**2 / mass**2)
    np.testing.assert_allclose(missing[0] / missing[1], 4, rtol=0.1)


def test_gradients(propagating):
    """By finite differences; jit = eager, vmap = loop."""
    start = propagating.to_vector(propagating.origin(POINT))

    def log_prob(x):
        return propagating.log_prob(propagating.to_point(x))

    slope = jax.grad(log_prob)(start)
    for i in range(len(start)):
        step = 1e-5 * jnp.eye(len(start))[i]
        found = (log_prob(start + step) - log_prob(start - step)) / 2e-5
        assert float(slope[i]) == pytest.approx(float(found), rel=1e-7)
    points = jnp.stack([start, 0.3 * start, 0 * start])
    each = jnp.stack([log_prob(x) for x in points])
    np.testing.assert_allclose(jax.jit(jax.vmap(log_prob))(points), each, rtol=1e-12)
    with jax.disable_jit():
        assert float(log_prob(start)) == pytest.approx(float(each[0]), rel=1e-12)


def test_what_was_chosen_is_written_down(made, propagating):
    assert propagating.provenance["tails"] == "yields of R2t with its propagator at 2 TeV"
    assert "tails: yields of R2t with its propagator at 2 TeV\n" in propagating.describe()
    contact = analysis(made, tails="{data: elsewhere}").likelihood()
    assert contact.provenance["tails"] == "yields of contact interactions from files"
    packaged = parse_analysis(text().replace("tails: {leptoquark: R2t}\n", ""), "a.yaml", Path()).likelihood()
    assert "tails" not in packaged.provenance
    marks = {mark_of(likelihood.prior) for likelihood in (propagating, contact, packaged)}
    assert len(marks) == 3


def test_folders(made, monkeypatch):
    """Of the tails, relative to the file, else of the analysis, else of the environment; that of a command is first."""
    monkeypatch.delenv("DINEUTRINO_DATA", raising=False)
    with_folder = text(tails=f"{{leptoquark: R2t, data: {made.name}}}")
    expected = parse_analysis(with_folder, "a.yaml", made.parent).prior.central.tails
    for written, given in (
        (f"data: {made}\n{text()}", None), (f"data: nowhere\n{with_folder}", None),
        (f"data: nowhere\n{with_folder.replace(made.name, 'nowhere')}", made),
    ):  # fmt: skip
        found = parse_analysis(written, "a.yaml", made.parent, given).prior.central.tails
        np.testing.assert_array_equal(found.down.opposite, expected.down.opposite)
    monkeypatch.setenv("DINEUTRINO_DATA", str(made))
    assert parse_analysis(text(), "a.yaml", Path()).prior.central.tails.mass == 2


def test_the_cut_counts(made):
    """Kernels that end at 1.5 TeV have all of it; another choice is in the yields, too."""
    rows = made / "kernels" / "FVLR_00_bb_tata_Reg_Reg.dat"
    kept = rows.read_text()
    try:
        table = np.loadtxt(rows)
        table[-1, 2] = 3000
        np.savetxt(rows, table)
        last, none = (
            parse_analysis(f"choices: {{ditau_cut: {cut}}}\n{text()}", "a.yaml", Path(), made).prior.central.tails
            for cut in ("last bin", "none")
        )
    finally:
        rows.write_text(kept)
    assert none.down.opposite[2, 2, -1] > 1.05 * last.down.opposite[2, 2, -1]


def test_lighter_ones_are_known_with_their_propagator(made):
    """Down to 1 TeV, at which a contact interaction is refused."""
    assert analysis(made, model="{R2t: {mass: 1.2}}").prior.central.tails.mass == 1.2
    assert "as a contact interaction" in refusal(made, model="{R2t: {mass: 1.2}}", tails="{data: elsewhere}")
    assert "from 1 TeV on, not of 0.9 TeV" in refusal(made, model="{R2t: {mass: 0.9}}")


def test_several_fields(made):
    """One without leptons may come along, and one without couplings; another leptoquark would interfere."""
    model = "{Mediators: {mass: 2.0}}"
    for other in ("Re lambda_D_3", "Re CL_bsnutaunutau"):
        parameters = f"{PARAMETERS}, {other}: {{min: 0, max: 1}}"
        assert analysis(made, model=model, parameters=parameters).prior.central.tails.leptoquark == "R2t"
    sentence = refusal(made, model=model, parameters=f"{PARAMETERS}, Re y1L_33: {{min: 0, max: 1}}")
    assert "tails have the propagator of one field, and R2t comes with S1 here" in sentence


@pytest.mark.parametrize(("given", "said"), [
    ({"tails": "{leptoquark: R2T}"}, "unknown leptoquark 'R2T'; did you mean 'R2t'?"),
    ({"tails": "{leptoquark: Vprime}"}, "unknown leptoquark 'Vprime'"),
    ({"tails": "{leptoquark: 2}"}, "'leptoquark' of tails must be text, not 2."),
    ({"tails": "{leptoquark: R2t, mass: 2}"}, "tails have the mass of the model"),
    ({"tails": "{leptoquarks: R2t}"}, "unknown key of tails 'leptoquarks'; did you mean 'leptoquark'?"),
    ({"tails": "{}"}, "tails are {leptoquark: R2t}, or {data: FOLDER}"),
    ({"tails": "R2t"}, "or {data: FOLDER} for contact interactions from files, not 'R2t'."),
    ({"tails": "{leptoquark: S1}"}, "of S1 need it in the model, 'model: {S1: {mass: 2.0}}', not the model R2t"),
    ({"model": "{SMEFT: {scale: 2.0}}", "parameters": "Re ld_3333: {min: 0, max: 1}"}, "not the model SMEFT."),
    ({"model": "{Mediators: {mass: 2.0}}", "parameters": "Re y1L_33: {min: 0, max: 1}"}, "need couplings of it"),
    ({"model": "R2t", "parameters": f"{PARAMETERS}, m_R2t: {{min: 1.5, max: 3}}"}, "need one mass, in TeV"),
])  # fmt: skip
def test_what_is_refused(made, given, said):
    assert said in refusal(made, **given)


def test_missing_files(monkeypatch, tmp_path):
    """How to get them, once."""
    monkeypatch.delenv("DINEUTRINO_DATA", raising=False)
    assert "get them with 'dineutrino data fetch atlas2020_ditau'" in refusal()
    assert f"'dineutrino data fetch atlas2020_ditau --out {tmp_path}' gets them." in refusal(tmp_path)


def test_tails_that_nothing_needs(made):
    """Are no error, but said."""
    given = {"parameters": "Re y2Lt_33: {min: 0, max: 1}"}
    used = analysis(made, **given)
    idle = analysis(made, **given, measurements="belle2_2023_BpKnunu_combination")
    assert used.cautions() == []
    assert idle.cautions()[-1].startswith("tails: no bin of them is asked for, so yields of R2t")


@pytest.mark.parametrize("leptoquark", ["R2t", "S1", "V2"])
def test_packaged_analyses_say_how(made, leptoquark):
    """As it is printed by --example, without the mark of a comment."""
    printed = packaged_text(f"marzocca2024_{leptoquark}")
    changed = printed.replace("\n# tails:", "\ntails:")
    assert changed != printed
    assert parse_analysis(changed, "a.yaml", Path(), made).prior.central.tails.leptoquark == leptoquark
    assert parse_analysis(printed, "a.yaml", Path(), made).prior.central.tails is None


def test_published_files():
    """R_2~ of 2 TeV makes 12 to 42% less than its contact interaction in the last ten bins, where squares count."""
    folder = published_folder("atlas_ditau_2002_12223")
    kept, contact = (
        analysis(folder).likelihood(),
        parse_analysis(text().replace("tails: {leptoquark: R2t}\n", ""), "a.yaml", Path()).likelihood(),
    )
    assert contact.prior.central.tails is None
    missing = 1 - new_physics(kept, {"Re y2Lt_33": 1.5})[-10:] / new_physics(contact, {"Re y2Lt_33": 1.5})[-10:]
    assert np.all(np.diff(missing) > 0)
    assert (missing[0], missing[-1]) == (pytest.approx(0.12, abs=0.005), pytest.approx(0.42, abs=0.005))
    yields = leptoquark_yields("R2t", 2.0, kept.prior.central, folder)
    field = R2t(jnp.zeros((3, 3), complex).at[2, 2].set(1.5)).match(jnp.asarray(2000.0))
    expected = Tails.of(kept.prior.central.with_tails(yields)).events(field)
    np.testing.assert_allclose(events(kept, {"Re y2Lt_33": 1.5}), expected, rtol=1e-12)
