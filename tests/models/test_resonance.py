"""Colourless vectors as resonances: published numbers, the Breit-Wigner formula, all quarks one by one."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from published_files import published_folder

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import ckm_matrix, load_inputs
from dineutrino.models.mediators import Vprime, Zprime, ZprimeL, ZprimeR
from dineutrino.models.mediators.colourless import Colourless
from dineutrino.models.mediators.rank_one import direction, lepton_current, quark_current
from dineutrino.models.mediators.resonance import limit, neutral
from dineutrino.observables.ditau.luminosities import Luminosities, read_luminosity

NONE = jnp.zeros((3, 3), complex)
PB = 2.56819e-9


@pytest.fixture(scope="module")
def luminosities():
    return Luminosities.read(published_folder("atlas_ditau_2002_12223"))


@pytest.fixture(scope="module")
def ckm():
    return ckm_matrix(load_inputs("marzocca2024"))


def aligned(kind, g_q, g_l, theta):
    """With phi = pi/2, as the benchmarks of arXiv:2404.06533."""
    return kind(quark_current(g_q, direction(theta, np.pi / 2)), lepton_current(g_l, universal=False))


@pytest.mark.parametrize(("mass", "expected"), [
    (500, 3.733e-2), (600, 2.326e-2), (900, 6.94e-3), (1000, 4.862e-3), (1391, 1.393e-3),
])  # fmt: skip
def test_luminosities_of_b_quarks(luminosities, mass, expected):
    """Published values, PDF4LHC15; and those of the files at their own energies."""
    assert float(luminosities.at(mass)[0][2, 2]) == approx(expected, rel=2e-4)
    energies, values = read_luminosity(published_folder("atlas_ditau_2002_12223"), "u", "c")
    assert float(luminosities.at(energies[150])[1][0, 1]) == approx(values[150], rel=1e-12)


@pytest.mark.parametrize(("kind", "g_q", "g_l", "mass", "expected"), [
    (ZprimeL, 0.0591, 1.65, 905.0, 3.04e-3), (ZprimeR, 0.0402, 1.65, 625.0, 8.99e-3),
    (Vprime, 0.0802, 2.3, 614.0, 3.88e-2 / 4),
])  # fmt: skip
def test_published_cross_sections(kind, g_q, g_l, mass, expected, luminosities, ckm):
    """Of two taus at theta = 0.1, with half of all decays; that of V' is of sigma_a there, four times ours."""
    vector = neutral(aligned(kind, g_q, g_l, 0.1), ckm)
    assert float(vector.cross_section(mass, luminosities)) / 2 == approx(expected, rel=5e-3)
    assert float(vector.into_taus()) == approx(0.5, abs=2.5e-3)


@pytest.mark.parametrize(("kind", "g_l", "mass", "scale", "excluded", "factor"), [
    (ZprimeL, 1.65, 905.0, 9.2, {"gluons": 0.12, "b quarks": 0.155}, 1.0),
    (ZprimeR, 1.65, 625.0, 7.7, {"gluons": 0.09, "b quarks": 0.13}, 1.0),
    (Vprime, 2.289, 614.0, 9.1, {"gluons": 0.19, "b quarks": 0.29}, 4.0),
])  # fmt: skip
def test_published_angles(kind, g_l, mass, scale, excluded, factor, luminosities, ckm):
    """Below which theta the best fit is excluded, with the largest mass that B_s mixing and unitarity allow."""
    number = 4 if kind is Vprime else 1

    def rate(theta):
        g_q = number * (mass / 1000 / scale) ** 2 / (g_l * jnp.sin(theta) * jnp.cos(theta))
        vector = neutral(aligned(kind, g_q, g_l, theta), ckm)
        return factor * vector.cross_section(mass, luminosities) / 2

    angles = np.linspace(0.05, 0.4, 351)
    rates = np.asarray(jax.jit(jax.vmap(rate))(angles))
    for made, theta in excluded.items():
        above = angles[rates > float(limit(mass, made))]
        assert above[-1] == approx(theta, abs=0.007), made
        assert np.all(np.diff(rates) < 0) or above[0] == angles[0]


def test_breit_wigner(luminosities, ckm):
    """A narrow one is the integral of s |A|^2/(144 pi) over its peak, quark by quark, of all chiralities."""
    rng = np.random.default_rng(8)

    def hermitian(size):
        g = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
        return jnp.asarray(size * (g + g.conj().T))

    field = Zprime(hermitian(0.1), hermitian(0.1), hermitian(0.1), hermitian(0.02), hermitian(0.02))
    vector, mass = neutral(field, ckm), 700.0
    down, up = (np.asarray(table) for table in luminosities.at(mass))
    width = mass * float(vector.relative_width())
    taus = abs(field.g1l[2, 2]) ** 2 + abs(field.g1e[2, 2]) ** 2
    left_up = np.asarray(ckm) @ np.asarray(field.g1q) @ np.asarray(ckm).conj().T
    quarks = sum(abs(np.asarray(g)) ** 2 for g in (field.g1q, field.g1d)), abs(left_up) ** 2 + abs(
        np.asarray(field.g1u)
    ) ** 2  # fmt: skip
    partons = np.sum(quarks[0] * down) + np.sum(quarks[1][:2, :2] * up)
    expected = partons * taus / (144 * np.pi) * np.pi / (mass * width) / PB
    found = vector.cross_section(mass, luminosities) * vector.into_taus()
    assert float(found) == approx(float(expected), rel=1e-10)


def test_width_of_a_neutral_vector(ckm):
    """Of V' a quarter of that of sigma_a; of a Z' that of the field itself."""
    z = ZprimeL(NONE.at[2, 2].set(0.3), NONE.at[2, 2].set(1.2))
    assert float(neutral(z, ckm).relative_width()) == approx(float(z.relative_width()), rel=1e-12)
    v = Vprime(NONE.at[2, 2].set(0.3), NONE.at[2, 2].set(1.2))
    expected = (2 * 3 * 0.15**2 + 2 * 0.6**2) / (24 * np.pi)
    assert float(neutral(v, ckm).relative_width()) == approx(expected, rel=1e-12)
    assert float(neutral(v, ckm).relative_width()) == approx(float(v.relative_width()), rel=1e-12)


def test_gradients_and_transformations(luminosities, ckm):
    """By couplings and mass; nan where neither luminosities nor limits are known."""

    def rate(x):
        vector = neutral(aligned(ZprimeL, x[0], x[1], x[2]), ckm)
        return vector.cross_section(1000 * x[3], luminosities) * vector.into_taus() / limit(1000 * x[3])

    at = jnp.array([0.06, 1.2, 0.15, 0.913])
    points = jnp.stack([at, 0.9 * at])
    each = jnp.stack([rate(x) for x in points])
    np.testing.assert_allclose(jax.jit(jax.vmap(rate))(points), each, rtol=1e-12)
    for i, slope in enumerate(jax.jit(jax.grad(rate))(at)):
        h = jnp.zeros(4).at[i].set(1e-6)
        assert float(slope) == approx(float(rate(at + h) - rate(at - h)) / 2e-6, rel=1e-6)
    assert np.isnan(limit(150.0))
    assert np.isnan(limit(2300.0))
    assert np.isnan(luminosities.at(1e5)[0]).all()
    assert float(limit(800.0, "b quarks")) == approx(0.00164, rel=1e-12)


def test_refusals(tmp_path, ckm):
    class Own(Colourless):
        name = "Own"

        def match(self, mass):
            raise NotImplementedError

    with pytest.raises(DineutrinoError, match="the neutral vector of Own is not known"):
        neutral(Own(), ckm)
    with pytest.raises(DineutrinoError, match=r"there is no file '.*d_dbar.dat'; 'dineutrino data fetch atlas2020"):
        Luminosities.read(tmp_path)
    folder = tmp_path / "parton_luminosities_PDF4LHC15"
    folder.mkdir()
    (folder / "d_dbar.dat").write_text("1 2 3\n4 5 6\n")
    with pytest.raises(DineutrinoError, match="has 3 columns, not an energy and a luminosity"):
        read_luminosity(tmp_path, "d", "d")
    (folder / "d_dbar.dat").write_text("1 x\n")
    with pytest.raises(DineutrinoError, match="is not a table of numbers"):
        read_luminosity(tmp_path, "d", "d")
