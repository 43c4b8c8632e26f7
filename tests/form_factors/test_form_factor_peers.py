"""The fits and their form factors against EOS and flavio, which hold or evaluate the same fits independently."""

from importlib.resources import files

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pytest
import yaml

pytestmark = pytest.mark.validation

Q2 = np.array([0.0, 0.5, 4.0, 10.0, 15.0, 18.5])
EOS_TRANSITION = {"B->K": "B->K", "B->K*": "B->K^*", "Bs->phi": "B_s->phi"}
# our constants -> parameters of EOS
EOS_MASSES = {
    "B->K": {"m_B": "B_d", "m_M": "K_d", "m_1-": "B_s^*", "m_0+": "B_s,0"},
    "B->K*": {"m_B": "B_d", "m_M": "K_d^*", "m_0-": "B_s", "m_1-": "B_s^*", "m_1+": "B_s,1"},
    "Bs->phi": {"m_B": "B_s", "m_M": "phi", "m_1-": "B_s^*", "m_1+": "B_s,1"},
}
EOS_NAME = {"f_plus": "f_+"}
BSZ_FITS = [
    ("B->K", "GRvDV2023"),
    ("B->K", "GKvD2018"),
    ("B->K", "FLAG2021+HPQCD2022"),
    ("B->K*", "GRvDV2023"),
    ("B->K*", "GKvD2018"),
    ("B->K*", "BSZ2015"),
    ("Bs->phi", "GRvDV2023"),
    ("Bs->phi", "BSZ2015"),
]
BARYON_FITS = ("DM2016", "DM2016nominal", "DM2016HO")
EOS_BARYON = {
    "f_plus": "long^V", "f_perp": "perp^V", "f_0": "time^V", "g_plus": "long^A", "g_perp": "perp^A", "g_0": "time^A",
    "h_plus": "long^T", "h_perp": "perp^T", "htilde_plus": "long^T5", "htilde_perp": "perp^T5",
}  # fmt: skip
FLAVIO_BARYON = {
    "f_plus": "fV0", "f_perp": "fVperp", "f_0": "fVt", "g_plus": "fA0", "g_perp": "fAperp", "g_0": "fAt",
    "h_plus": "fT0", "h_perp": "fTperp", "htilde_plus": "fT50", "htilde_perp": "fT5perp",
}  # fmt: skip


def places(fit):
    """(form factor, power of z, value) of every free coefficient of a fit."""
    order = max(len(vector) for vector in fit.coefficients.values())
    for name, vector in fit.coefficients.items():
        for k, value in enumerate(vector):
            yield name, k + order - len(vector), float(value)


@pytest.mark.parametrize("key", BSZ_FITS, ids="-".join)
def test_form_factors_of_eos(key, load_fit, compiled):
    eos = pytest.importorskip("eos")
    fit = load_fit(*key)
    if fit.transition == "Bs->phi":  # EOS has one parameter for m_B of the z-map and for the resonance m_0-
        fit = eqx.tree_at(lambda f: f.constants["m_0-"], fit, fit.constants["m_B"])
    transition, parameters = EOS_TRANSITION[fit.transition], eos.Parameters.Defaults()
    for constant, name in EOS_MASSES[fit.transition].items():
        parameters[f"mass::{name}@BSZ2015"].set(float(fit.constants[constant]))
    for name, k, value in places(fit):
        label = {"f_plus": "f+", "f_0": "f0"}.get(name, name.replace("_", ""))
        parameters[f"{transition}::alpha^{label}_{k}@BSZ2015"].set(value)
    options = eos.Options(**{"form-factors": "BSZ2015"})
    for name, values in compiled(Q2, fit).items():
        qualified = f"{transition}::{EOS_NAME.get(name, name)}(q2)"
        expected = [eos.Observable.make(qualified, parameters, eos.Kinematics(q2=q2), options).evaluate() for q2 in Q2]
        np.testing.assert_allclose(values, expected, rtol=1e-12, err_msg=name)


@pytest.mark.parametrize("key", BSZ_FITS, ids="-".join)
def test_form_factors_of_flavio(key, load_fit, compiled):
    pytest.importorskip("flavio")
    from flavio.physics.bdecays.formfactors.b_p import bsz as b_p
    from flavio.physics.bdecays.formfactors.b_v import bsz as b_v

    fit = load_fit(*key)
    mesons = {"B->K": ("B0", "K0"), "B->K*": ("B0", "K*0"), "Bs->phi": ("Bs", "phi")}[fit.transition]
    parameters = {f"m_{meson}": float(fit.constants[c]) for meson, c in zip(mesons, ("m_B", "m_M"), strict=True)}
    poles = {"m_1-": "m+", "m_0+": "m0"} if fit.transition == "B->K" else {"m_0-": "m0", "m_1-": "m1-", "m_1+": "m1+"}
    for constant, pole in poles.items():
        parameters[f"{fit.transition} BCL {pole}"] = float(fit.constants[constant])
    flavio_name = {"f_plus": "f+", "f_0": "f0", "f_T": "fT"}
    for name, k, value in places(fit):
        parameters[f"{fit.transition} BSZ a{k}_{flavio_name.get(name, name.replace('_', ''))}"] = value
    evaluate = b_p.ff if fit.transition == "B->K" else b_v.ff
    expected = [evaluate(fit.transition, float(q2), dict(parameters), n=3) for q2 in Q2]
    for name, values in compiled(Q2, fit).items():
        theirs = [point[flavio_name.get(name, name.replace("_", ""))] for point in expected]
        np.testing.assert_allclose(values, theirs, rtol=1e-12, err_msg=name)


@pytest.mark.parametrize(
    ("transition", "name"),
    [*(("Lambda_b->Lambda", name) for name in BARYON_FITS), ("Lambda_b->Lambda_c", "DKMR2017")],
)
def test_baryonic_form_factors_of_eos(transition, name, load_fit, compiled):
    eos = pytest.importorskip("eos")
    fit, parameters = load_fit(transition, name), eos.Parameters.Defaults()
    theirs = "DKMR2017" if name == "DKMR2017" else "DM2016"
    for form_factor, k, value in places(fit):
        parameters[f"{transition}::a_{k}_{EOS_BARYON[form_factor]}@{theirs}"].set(value)
    options, q2 = eos.Options(**{"form-factors": theirs}), np.array([0.0, 0.5, 4.0, 10.0, 15.0, 20.2])
    for form_factor, values in compiled(q2, fit).items():
        qualified = f"{transition}::f_{EOS_BARYON[form_factor]}(q2)"
        expected = [eos.Observable.make(qualified, parameters, eos.Kinematics(q2=x), options).evaluate() for x in q2]
        np.testing.assert_allclose(values, expected, rtol=1e-12, err_msg=form_factor)


@pytest.mark.parametrize(("name", "order"), [("DM2016nominal", 2), ("DM2016HO", 3)])
def test_baryonic_form_factors_of_flavio(name, order, load_fit, compiled):
    pytest.importorskip("flavio")
    from flavio.physics.bdecays.formfactors.lambdab_12 import sse

    fit = load_fit("Lambda_b->Lambda", name)
    masses = {"m_Lambdab": "m_Lambda_b", "m_Lambda": "m_Lambda", "m_B+": "m_B", "m_K+": "m_K"}
    parameters = {theirs: float(fit.constants[ours]) for theirs, ours in masses.items()}
    for form_factor, k, value in places(fit):
        parameters[f"Lambdab->Lambda SSE a{k}_{FLAVIO_BARYON[form_factor]}"] = value
    q2 = np.array([0.0, 0.5, 4.0, 10.0, 15.0, 20.2])
    expected = [sse.ff("Lambdab->Lambda", float(x), dict(parameters), n=order) for x in q2]
    for form_factor, values in compiled(q2, fit).items():
        theirs = [point[FLAVIO_BARYON[form_factor]] for point in expected]
        np.testing.assert_allclose(values, theirs, rtol=1e-12, err_msg=form_factor)


@pytest.mark.parametrize(("name", "files_of_the_fit"), [("DM2016nominal", ""), ("DM2016HO", "_HO")])
def test_baryonic_coefficients_in_flavio(name, files_of_the_fit, load_block):
    pytest.importorskip("flavio")
    from flavio.physics.bdecays.formfactors.lambdab_12.lattice_parameters import csv_to_dict

    def read(kind):
        return csv_to_dict(f"data/arXiv-1602-01399v1/LambdabLambda{files_of_the_fit}_{kind}.dat")

    block = load_block("Lambda_b->Lambda", name)
    keys = []
    for form_factor, a in (label.split(" ")[1:] for label in block.labels):
        bare = form_factor.replace("_", "")
        shared = {"gplus": "gpp", "htildeplus": "htildepp"} if a == "a0" else {}
        keys.append(f"{a}_{shared.get(bare, bare)}")
    values, covariance = read("results"), read("covariance")
    assert len(keys) == len(values)
    np.testing.assert_array_equal(block.mean, [values[key] for key in keys])
    expected = [[covariance[one, other] for other in keys] for one in keys]
    np.testing.assert_allclose(covariance_of(block), expected, rtol=1e-9, atol=1e-13)


def test_total_covariance_of_baryonic_coefficients_in_eos(load_block):
    """EOS has no f_0 and g_0 in this constraint."""
    eos = pytest.importorskip("eos")
    theirs = yaml.safe_load(eos.Constraints()["Lambda_b->Lambda::f_perp+long^V+A+T+T5@DM:2016A"].serialize())
    block = load_block("Lambda_b->Lambda", "DM2016")
    ours = {}
    for row, label in enumerate(block.labels):
        _, form_factor, a = label.split(" ")
        ours[f"Lambda_b->Lambda::a_{a[1]}_{EOS_BARYON[form_factor]}@DM2016"] = row
    rows = [ours[str(name)] for name in theirs["observables"]]
    assert len(rows) == 22
    np.testing.assert_allclose(block.mean[np.array(rows)], np.array(theirs["means"], float), rtol=1e-5)
    covariance = covariance_of(block)[np.ix_(rows, rows)]
    sigma = np.sqrt(np.diag(covariance))
    expected = np.array(theirs["covariance"], float)
    np.testing.assert_allclose(covariance / np.outer(sigma, sigma), expected / np.outer(sigma, sigma), atol=1e-5)


def covariance_of(block):
    return np.asarray(block.cholesky @ block.cholesky.T)


@pytest.mark.parametrize("key", [fit for fit in BSZ_FITS if fit[1] == "GKvD2018"], ids="-".join)
def test_coefficients_in_eos(key, load_block):
    eos = pytest.importorskip("eos")
    constraint = f"{EOS_TRANSITION[key[0]]}::FormFactors[parametric,LCSRLattice]@GKvD:2018A"
    theirs = yaml.safe_load(eos.Constraints()[constraint].serialize())
    block = load_block(*key)
    np.testing.assert_allclose(block.mean, np.array(theirs["means"], float), rtol=1e-5)
    ours, sigma = covariance_of(block), np.sqrt(np.diag(covariance_of(block)))
    np.testing.assert_allclose(
        ours / np.outer(sigma, sigma), np.array(theirs["covariance"], float) / np.outer(sigma, sigma), atol=1e-5
    )


@pytest.mark.parametrize("key", [fit for fit in BSZ_FITS if fit[1] == "GRvDV2023"], ids="-".join)
def test_coefficients_in_flavio(key, load_block):
    pytest.importorskip("flavio")
    file = files("flavio.physics") / "data" / "arXiv-2305-06301v1" / "BSZ-parameters-N2.yaml"
    entry = yaml.safe_load(file.read_text())[f"{EOS_TRANSITION[key[0]]}::FormFactors[parametric,BSZ]@GRvDV:2023A"]
    block = load_block(*key)
    np.testing.assert_array_equal(block.mean, entry["means"])
    np.testing.assert_allclose(covariance_of(block), entry["covariance"], rtol=1e-10, atol=1e-16)


@pytest.mark.parametrize(("transition", "mesons"), [("B->K*", "BKstar"), ("Bs->phi", "Bsphi")])
def test_coefficients_of_bsz2015_in_flavio(transition, mesons, load_block):
    pytest.importorskip("flavio")
    file = files("flavio.physics") / "data" / "arXiv-1503-05534v2" / f"{mesons}_LCSR-Lattice.json"
    entry, block = yaml.safe_load(file.read_text()), load_block(transition, "BSZ2015")
    keys = [(name.replace("_", ""), a) for name, a in (label.split(" ")[1:] for label in block.labels)]
    sigma = np.array([entry["uncertainty"][name][a] for name, a in keys])
    correlation = [[entry["correlation"][n1 + n2][a1 + a2] for n2, a2 in keys] for n1, a1 in keys]
    np.testing.assert_array_equal(block.mean, [entry["central"][name][a] for name, a in keys])
    np.testing.assert_allclose(covariance_of(block) / np.outer(sigma, sigma), correlation, atol=2e-5)


def test_hpqcd_against_its_points_in_eos(load_fit, load_block, compiled, derivatives):
    """EOS holds the fit of HPQCD as 8 correlated points, drawn from it, so that they carry sampling noise."""
    eos = pytest.importorskip("eos")
    points = yaml.safe_load(eos.Constraints()["B->K::f_0+f_++f_T@HPQCD:2022A"].serialize())
    fit, block = load_fit("B->K", "HPQCD2022"), load_block("B->K", "HPQCD2022")
    names = [name.split("::")[1].split("(")[0].replace("+", "plus") for name in points["observables"]]
    q2 = jnp.array([float(point["q2"]) for point in points["kinematics"]])
    values, gradients = compiled(q2, fit), derivatives(q2, fit)
    order = list(dict.fromkeys(label.split(" ")[1] for label in block.labels))
    jacobian = np.stack([np.concatenate([gradients[n][1][o][i] for o in order]) for i, n in enumerate(names)])
    ours = jacobian @ covariance_of(block) @ jacobian.T
    theirs = np.array(points["covariance"], float)
    sigma, their_sigma = np.sqrt(np.diag(ours)), np.sqrt(np.diag(theirs))
    central = np.array([values[name][i] for i, name in enumerate(names)])
    assert np.max(np.abs(central - np.array(points["means"], float)) / sigma) < 0.03
    np.testing.assert_allclose(their_sigma, sigma, rtol=0.02)
    np.testing.assert_allclose(theirs / np.outer(their_sigma, their_sigma), ours / np.outer(sigma, sigma), atol=0.02)
