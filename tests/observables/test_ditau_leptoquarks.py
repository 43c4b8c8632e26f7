"""Leptoquarks with their propagators in pp -> tau tau: angles, amplitudes, the contact limit, and published kernels."""

import shutil

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from ditau_files import EFFICIENCY, made_folder
from published_files import published_folder
from scipy.integrate import dblquad, quad

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import load_inputs
from dineutrino.measurements.published.leptoquark_tails import contact_yields, leptoquark_yields
from dineutrino.models.mediators import MEDIATORS
from dineutrino.observables.ditau.leptoquarks import CHANNEL, flat, other, own, propagated, table
from dineutrino.observables.ditau.partons import constants
from dineutrino.observables.ditau.yields import Tails


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return made_folder(tmp_path_factory.mktemp("files"))


@pytest.mark.parametrize("weight", [own, other, flat])
@pytest.mark.parametrize("power", [1, 2])
def test_angles(weight, power):
    """Up to the energy of the beams; for large masses nothing is left of the propagator."""
    for ratio in (1e-9, 0.3, 2.25, 169.0):
        expected, _ = quad(
            lambda y, r=ratio: float(weight(np.array([y]))[0]) / (1 + y * r) ** power, 0, 1, epsrel=1e-11
        )
        assert propagated(weight, np.array([ratio]), power)[0] == pytest.approx(expected, rel=1e-7)
    assert propagated(weight, np.array([0.0]), power)[0] == pytest.approx(0.75 if weight is flat else 1, rel=1e-13)


def spinor_sums(quark, antiquark, lepton, antilepton, mass):
    """Sums over spins: exchange of scalars and vectors with couplings of one to massless fermions of one chirality.

    By traces: a scalar joins two pairs, each 2 p.k; a vector of the t channel after its Fierz transformation is that of
    currents, for equal chiralities 16 (p.k')(p'.k) and for opposite ones 16 (p.k)(p'.k') times 1/4 or 1.
    """
    t, u, s = -2 * quark @ lepton, -2 * quark @ antilepton, 2 * quark @ antiquark
    return {
        "R2": ("t", own, t**2 / (t - mass**2) ** 2, 1 / (2 * mass**2)),
        "S1": ("u", own, u**2 / (u - mass**2) ** 2, 1 / (2 * mass**2)),
        "U1": ("t", other, 4 * u**2 / (t - mass**2) ** 2, 1 / mass**2),
        "V2": ("u", other, 4 * t**2 / (u - mass**2) ** 2, 1 / mass**2),
        "U1 both": ("t", flat, 4 * s**2 / (t - mass**2) ** 2, 2 / mass**2),
    }


@pytest.mark.parametrize("name", ["R2", "S1", "U1", "V2", "U1 both"])
def test_amplitudes(name):
    """Averages over 4 spins and 9 colours, of which 3 contribute, give the cross section of the coefficient."""
    root_s, mass = 1700.0, 1300.0
    s, metric = root_s**2, np.diag([1.0, -1.0, 0.0, -1.0])[[0, 1, 3]][:, [0, 1, 3]]

    def sigma(t):
        cosine = 1 + 2 * t / s
        sine = np.sqrt(1 - cosine**2)
        p, p_ = np.array([1, 0, 1]) * root_s / 2, np.array([1, 0, -1]) * root_s / 2
        k, k_ = np.array([1, sine, cosine]) * root_s / 2, np.array([1, -sine, -cosine]) * root_s / 2
        lowered = [metric @ x for x in (k, k_)]
        return spinor_sums(p, metric @ p_, *lowered, mass)[name][2] * 3 / 36 / (16 * np.pi * s**2)

    zero = np.zeros(3)
    _, weight, _, coefficient = spinor_sums(zero, zero, zero, zero, mass)[name]
    expected = s * coefficient**2 / (144 * np.pi) * propagated(weight, np.array([s / mass**2]), 2)[0]
    assert quad(sigma, -s, 0, epsrel=1e-10)[0] == pytest.approx(expected, rel=1e-8)


def test_brute_force(made):
    """Squares in the last bin by a double integral over angle and energy."""
    mass = 1200.0
    found = table("u", mass / 1000, made, 1500.0)["quadratic d VLR"]["sb"][-1]

    def density(y, log_energy):
        s = np.exp(2 * log_energy)
        return 1e4 / s * s / (144 * np.pi) * 1e-12 * 3 * (1 - y) ** 2 / (1 + y * s / mass**2) ** 2

    partonic = 2 * dblquad(density, np.log(1150), np.log(1500), 0, 1, epsrel=1e-10)[0]
    events = constants()["luminosity"] / constants()["pb"] * partonic * EFFICIENCY
    assert found == pytest.approx(events, rel=1e-8)


@pytest.mark.parametrize("leptoquark", ["R2", "S1", "U1", "V2"])
def test_contact_limit(inputs, made, leptoquark):
    """A heavy one is a contact interaction, with the tensor that comes with its scalar; a light one makes less."""
    heavy = leptoquark_yields(leptoquark, 1e4, inputs, made)
    contact, light = contact_yields(inputs, made), leptoquark_yields(leptoquark, 1.0, inputs, made)
    for kind in ("down", "up"):
        of_heavy, of_contact, of_light = (getattr(yields, kind) for yields in (heavy, contact, light))
        for name in ("linear", "same", "opposite"):
            expected = getattr(of_contact, name)
            np.testing.assert_allclose(getattr(of_heavy, name), expected, rtol=1e-6)
            assert np.all(np.abs(getattr(of_light, name))[..., -1] < 0.75 * np.abs(expected)[..., -1])
    np.testing.assert_allclose(heavy.down.scalar, contact.down.scalar, rtol=1e-6)
    np.testing.assert_allclose(heavy.up.scalar, contact.up.scalar + contact.up.tensor / 16, rtol=1e-6)
    np.testing.assert_array_equal(heavy.up.tensor, 0)


def test_all_leptoquarks_are_known(inputs, made):
    """Each has fewer squares than as a contact interaction with the coefficients that it leaves; jit = eager."""
    couplings = (2.0 + 1.5j) * jnp.ones((3, 3), complex)
    contact = Tails.of(inputs.with_tails(contact_yields(inputs, made)))
    for name in CHANNEL:
        field, tails = MEDIATORS[name], Tails.of(inputs.with_tails(leptoquark_yields(name, 1.5, inputs, made)))
        c = field(*[couplings] * len(field.couplings)).match(jnp.asarray(1500.0))
        less = jax.tree.map(jnp.negative, c)
        np.testing.assert_allclose(eqx.filter_jit(tails.events)(c), tails.events(c), rtol=1e-12)
        found, expected = (float((of.events(c) + of.events(less))[-1]) for of in (tails, contact))
        assert 0 < found < 0.9 * expected, name


def test_what_is_refused(inputs, made, tmp_path):
    with pytest.raises(DineutrinoError, match=r"unknown leptoquark 'R2T'.*R2t"):
        leptoquark_yields("R2T", 2.0, inputs, made)
    with pytest.raises(DineutrinoError, match=r"from 1 TeV on, not of 0\.9 TeV"):
        leptoquark_yields("R2t", 0.9, inputs, made)
    with pytest.raises(DineutrinoError, match="dineutrino data fetch atlas2020_ditau"):
        leptoquark_yields("R2t", 2.0, inputs, tmp_path)
    (tmp_path / "di-tau_ATLAS_2002_12223.csv").touch()
    with pytest.raises(DineutrinoError, match=r"there is no file .*'dineutrino data fetch atlas2020_ditau' gets it"):
        leptoquark_yields("R2t", 2.0, inputs, tmp_path)
    shutil.copytree(made / "parton_luminosities_PDF4LHC15", tmp_path / "parton_luminosities_PDF4LHC15")
    with pytest.raises(DineutrinoError, match=r"there is no kernel .*'dineutrino data fetch atlas2020_ditau' gets it"):
        leptoquark_yields("R2t", 2.0, inputs, tmp_path)
    (tmp_path / "kernels").mkdir()
    (tmp_path / "kernels" / "FVLL_00_dd_tata_A_Reg.dat").write_text("1 2 3\n")
    with pytest.raises(DineutrinoError, match="has 3 columns"):
        leptoquark_yields("R2t", 2.0, inputs, tmp_path)


def test_published_files(inputs):
    """With real files: the table of the package, and what the kernels of R_2 of 2 TeV find for b quarks.

    Those come with arXiv:2207.10756 (HighPT, commit 756d68f, Mediators/GeV_2000/TPOLES/PVRL_00_bb_tata_R2_R2): squares
    over those of a contact interaction in the last ten bins, with their own acceptance.
    """
    folder = published_folder("atlas_ditau_2002_12223")
    packaged, contact = Tails.of(inputs).yields, contact_yields(inputs, folder)
    for one, of_files in zip(jax.tree.leaves(packaged), jax.tree.leaves(contact), strict=True):
        np.testing.assert_allclose(of_files, one, rtol=1e-6)
    found = leptoquark_yields("R2t", 2.0, inputs, folder).down.opposite[2, 2]
    published = np.array([0.921, 0.915, 0.848, 0.822, 0.784, 0.797, 0.719, 0.683, 0.655, 0.540])
    np.testing.assert_allclose((found / packaged.down.opposite[2, 2])[4:], published, rtol=0.1)
