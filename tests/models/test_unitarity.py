"""Partial waves and widths of heavy fields: against explicit sums over states, the literature, and W and Z bosons."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from grassmann import EPSILON, PAULI
from typer.testing import CliRunner

from dineutrino.analysis.strength import too_strong_for
from dineutrino.cli import app
from dineutrino.inputs import load_inputs
from dineutrino.models import load_model
from dineutrino.models.mediators import MEDIATORS, S1, V2, Vprime, Zprime, ZprimeL, ZprimeR
from dineutrino.models.mediators.couplings import Vector
from dineutrino.models.mediators.rank_one import direction, lepton_current, quark_current
from dineutrino.models.mediators.unitarity import heaviest

NONE = jnp.zeros((3, 3), complex)
THIRD = NONE.at[2, 2].set(1.0)


def read(name, values):
    return MEDIATORS[name].read({key: jnp.asarray(float(value)) for key, value in values.items()})


def strongest(name, *parameters):
    """The coupling at which the largest partial wave is 1/2."""
    return float(jnp.sqrt(0.5 / read(name, dict.fromkeys(parameters, 1.0)).partial_wave()))


@pytest.mark.parametrize(("name", "parameter", "limit"), [
    ("S1", "Re y1L_33", 3.206), ("R2t", "Re y2Lt_33", 3.304), ("Vprime", "Re g3l_33", 2.289),
    ("ZprimeL", "Re gLl_33", 1.650), ("ZprimeR", "Re gRl_33", 1.650), ("Zprime", "Re g1q_22", 1.650),
])  # fmt: skip
def test_limits_of_the_paper(name, parameter, limit):
    """arXiv:2404.06533: 3.2, 3.3, 2.3 and 1.65."""
    assert strongest(name, parameter) == approx(limit, rel=3e-4)


def test_heaviest():
    """Eq. (17) of arXiv:2404.06533: 2340 GeV for V', and the mass at which the vector itself makes that coefficient."""
    assert float(heaviest(2.3, 9.1, 0.05, 1.0, 1 / 4)) == approx(2.340, rel=1e-3)
    turning = float(jnp.sin(0.2) * jnp.cos(0.2))
    for kind, number, strongest in ((ZprimeL, 1.0, 1.65), (Vprime, 1 / 4, 2.3)):
        mass = heaviest(strongest, 9.1, 0.05, turning, number)
        n = direction(0.2, np.pi / 2)
        c = kind(quark_current(0.05 * strongest, n), lepton_current(strongest, False)).match(mass).vectors
        assert abs(complex((c.lq1 + c.lq3)[2, 2, 1, 2])) ** -0.5 == approx(9.1, rel=1e-12)


COLOURS = np.eye(3)
CONTRACTIONS = {
    "S1": [("y1L", [EPSILON]), ("y1R", [np.eye(1)])],
    "S1t": [("y1Rt", [np.eye(1)])],
    "S3": [("y3L", [EPSILON @ s for s in PAULI])],
    "R2": [("y2L", [row[None] for row in EPSILON]), ("y2R", [column[:, None] for column in np.eye(2)])],
    "R2t": [("y2Lt", [row[None] for row in EPSILON])],
}  # fmt: skip
"""Field -> for each coupling of a quark to a lepton, and each component of isospin, the coefficients of SU(2)."""


def integral(function):
    """Over the cosine, over 32 pi."""
    cosines, weights = np.polynomial.legendre.leggauss(400)
    return np.sum(weights * function(cosines)) / (32 * np.pi)


@pytest.mark.parametrize("name", list(CONTRACTIONS))
def test_scalar_leptoquarks_by_all_states(name):
    """All pairs of colours, isospins and two families, in all representations, with cosines integrated numerically."""
    sine = lambda cosine: np.sqrt(1 - cosine**2)  # noqa: E731
    exchanged_fermion = integral(lambda c: sine(c) / (1 - c) * sine(c) / 2**0.5)
    exchanged_scalar = integral(lambda c: (1 + c) / 2)
    rng, values, tensors = np.random.default_rng(3), {}, []
    for coupling, components in CONTRACTIONS[name]:
        matrix = rng.normal(size=(2, 2)) + 1j * rng.normal(size=(2, 2))
        for i, j in np.ndindex(2, 2):
            values |= {
                f"Re {coupling}_{i + 2}{j + 2}": matrix[i, j].real,
                f"Im {coupling}_{i + 2}{j + 2}": matrix[i, j].imag,
            }
        c = np.einsum("ab,xij,pq->axbipjq", COLOURS, np.array(components), matrix)  # leptoquark, quark, lepton
        n = 3 * len(components)
        tensors.append(c.reshape(n, 3 * c.shape[3] * 2, c.shape[5] * 2))
    sizes = [tensors[0].shape[0]] + [size for c in tensors for size in c.shape[1:]]
    places = np.split(np.arange(sum(s**2 for s in sizes)), np.cumsum([s**2 for s in sizes])[:-1])
    waves = np.zeros((sum(s**2 for s in sizes),) * 2, complex)
    for k, c in enumerate(tensors):
        quark, lepton = places[1 + 2 * k], places[2 + 2 * k]
        pair = lambda pattern, c=c: np.einsum(pattern, c, c.conj())  # noqa: E731
        for rows, columns, block in [
            (places[0], quark, exchanged_fermion * pair("aql,brl->abqr")),
            (places[0], lepton, exchanged_fermion * pair("aql,bqm->ablm")),
            (quark, lepton, exchanged_scalar * pair("aql,arm->qrlm")),
        ]:
            block = block.reshape(len(rows), len(columns))
            waves[np.ix_(rows, columns)], waves[np.ix_(columns, rows)] = block, block.T
    expected = np.linalg.norm(waves, 2)
    assert float(read(name, values).partial_wave()) == approx(expected, rel=1e-10)


def test_vectors_by_integrals():
    """The exchange of a vector of mass M at s = 100 M^2; sigma_a/2 sigma_a/2 of a fermion and an antifermion."""
    equal = integral(lambda c: 2 / (0.01 + (1 - c) / 2))  # f f, J = 0
    opposite = integral(lambda c: 2 * ((1 + c) / 2) ** 2 / (0.01 + (1 - c) / 2))  # f fbar, J = 1
    isospin = sum(np.einsum("ij,lk->ikjl", s / 2, s / 2).reshape(4, 4) for s in PAULI)
    rng = np.random.default_rng(2)
    g, h = (a + a.conj().T for a in rng.normal(size=(2, 3, 3)) + 1j * rng.normal(size=(2, 3, 3)))
    largest = max(np.linalg.norm(g, 2), np.linalg.norm(h, 2)) ** 2
    g, h = jnp.asarray(g), jnp.asarray(h)
    assert float(ZprimeL(g, h).partial_wave()) == approx(largest * equal, rel=1e-9)
    assert float(Vprime(g, h).partial_wave()) == approx(largest * opposite * np.linalg.norm(isospin, 2), rel=1e-9)


def test_families_do_not_matter():
    """A rotation of families changes no limit, and a coupling of rank one has that of its strength."""
    rng = np.random.default_rng(5)
    y = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
    u, w = (np.linalg.qr(rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3)))[0] for _ in range(2))
    one, other = (S1(jnp.asarray(a), NONE) for a in (y, u @ y @ w))
    assert float(one.partial_wave()) == approx(float(other.partial_wave()), rel=1e-12)
    assert float(one.relative_width()) == approx(float(other.relative_width()), rel=1e-12)
    rank_one = S1(2.0 * jnp.outer(jnp.asarray(u[0]), jnp.asarray(w[0])), NONE)
    assert float(rank_one.partial_wave()) == approx(float(S1(2.0 * THIRD, NONE).partial_wave()), rel=1e-12)


@pytest.mark.parametrize("name", ["S1", "Vprime"])
def test_gradients_and_transformations(name):
    """Of both numbers, by two couplings."""
    parameters = {"S1": ("Re y1L_33", "Re y1L_23", "Im y1L_22"), "Vprime": ("Re g3l_33", "Re g3q_23", "Im g3q_23")}[
        name
    ]

    def numbers(vector):
        field = MEDIATORS[name].read(dict(zip(parameters, vector, strict=True)))
        return jnp.stack([field.partial_wave(), field.relative_width()])

    at = jnp.asarray([1.1, 0.4, 0.2])
    compiled, slope = jax.jit(numbers), jax.jit(jax.jacfwd(numbers))
    assert compiled(at) == approx(numbers(at), rel=1e-12)
    for i, h in enumerate(1e-6 * np.eye(3)):
        assert np.asarray(slope(at))[:, i] == approx((compiled(at + h) - compiled(at - h)) / 2e-6, abs=1e-9)
    assert np.all(np.isfinite(slope(jnp.zeros(3))))


@pytest.mark.parametrize("coupled", [S1, ZprimeL, Vprime])
def test_gradients_where_families_are_alike(coupled):
    """Equal eigenvalues: the slope along their common strength is that of any of them."""
    slope = jax.grad(lambda g: coupled(g * jnp.eye(3, dtype=complex), NONE).partial_wave())(0.7)
    assert float(slope) == approx(
        2 / 0.7 * float(coupled(0.7 * jnp.eye(3, dtype=complex), NONE).partial_wave()), rel=1e-9
    )


@pytest.mark.parametrize(("name", "values", "inverse"), [
    ("S1", {"Re y1L_33": 1}, 8), ("S1", {"Re y1R_23": 1}, 16), ("S1t", {"Re y1Rt_33": 1}, 16),
    ("S3", {"Re y3L_33": 1}, 8), ("R2", {"Im y2L_33": 1}, 16), ("R2", {"Re y2R_33": 1}, 16),
    ("R2t", {"Re y2Lt_33": 1}, 16),
    ("U1", {"Re x1L_33": 1}, 12), ("U1", {"Re x1R_33": 1}, 24), ("U3", {"Re x3L_33": 1}, 12),
    ("V2", {"Re x2L_33": 1}, 24),
    ("Zprime", {"Re g1q_33": 1}, 4), ("Zprime", {"Re g1e_33": 1}, 24), ("Zprime", {"Re g1d_23": 1}, 4),
    ("VLQ_D", {"Re lambda_D_3": 1}, 16), ("VLQ_T1", {"Re lambda_T1_3": 1}, 64), ("VLQ_Q5", {"Re lambda_Q5_3": 1}, 32),
])  # fmt: skip
def test_widths(name, values, inverse):
    """Gamma/M = 1/(inverse pi), from y^2/(16 pi), 1/(24 pi) and 1/(32 pi) for each decay of scalars, vectors, quarks.

    S1 -> u e and d nu, U1 -> d e and u nu, S3^1/3 likewise; R2, R2~ and V2 have one decay for each component; D -> u W,
    d Z and d h in 2:1:1.
    """
    assert float(read(name, values).relative_width()) == approx(1 / (inverse * np.pi), rel=1e-14)


def test_widths_of_w_and_z():
    """Those of a V' and a Z' with the couplings of the weak bosons: G_F m_W^3/(6 sqrt2 pi), G_F m_Z^3/(12 sqrt2 pi).

    With electroweak corrections, 0.4%, W -> e nu has 226.3 MeV, and Z -> nu nubar 167.2 MeV: Review of Particle
    Physics, "Electroweak model and constraints on new physics".
    """
    G_F, m_W, m_Z = 1.1663787e-5, 80.379, 91.1876
    g, g_Z = ((4 * 2**0.5 * G_F) ** 0.5 * m for m in (m_W, m_Z))
    w = Vprime(NONE, g * THIRD)
    assert m_W * float(w.relative_width()) == approx(G_F * m_W**3 / (6 * 2**0.5 * np.pi), rel=1e-12)
    assert m_W * float(w.relative_width()) == approx(0.2263, rel=5e-3)
    hadrons = Vprime(g * (jnp.eye(3) - THIRD), NONE)
    assert float(hadrons.relative_width() / w.relative_width()) == approx(6, rel=1e-12)
    z = Zprime(NONE, NONE, NONE, NONE, THIRD * g_Z / 2)  # as many states as one neutrino
    assert m_Z * float(z.relative_width()) == approx(G_F * m_Z**3 / (12 * 2**0.5 * np.pi), rel=1e-12)
    assert m_Z * float(z.relative_width()) == approx(0.1672, rel=1e-2)


def test_width_of_the_paper():
    """arXiv:2404.06533: 14% of the mass of V' for g_l = 2.3 with sigma_a, which is twice sigma_a/2."""
    assert float(Vprime(NONE, 2 * 2.3 * THIRD).relative_width()) == approx(0.14, abs=0.003)
    assert float(ZprimeR(NONE, 1.65 * THIRD).relative_width()) == approx(2 * 1.65**2 / (24 * np.pi))


def test_every_field_has_a_width():
    """Except the one that stands for others; every coupling names its fermions."""
    for name, kind in MEDIATORS.items():
        assert all(len(c.legs) == (1 if isinstance(c, Vector) else 2) or c.name == "kappa" for c in kind.couplings)
        assert (kind.read({}).relative_width() is None) == (name == "Kappa")


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


def test_cautions(inputs):
    """One sentence for each field whose couplings are too strong, none within the limits."""
    z = load_model("ZprimeL", inputs)
    values = {"m_ZprimeL": 2.0, "Re gLq_23": 0.1}
    assert too_strong_for(z, values | {"Re gLl_33": 1.64}) == []
    (caution,) = too_strong_for(z, values | {"Re gLl_33": 1.66})
    assert caution.startswith("the couplings of ZprimeL violate unitarity at tree level: a partial wave is 0.506")
    _, wide = too_strong_for(z, values | {"Re gLl_33": 7.0})
    assert wide == "ZprimeL is no particle: with these couplings its width is 1.3 times its mass."
    ansatz = load_model("S1", inputs, {"flavour": "rank_one"})
    assert too_strong_for(ansatz, {"m_S1": 2.0, "y1L": 3.2, "theta": 0.3, "phi": 1.0}) == []
    assert len(too_strong_for(ansatz, {"m_S1": 2.0, "y1L": 3.21, "theta": 0.3, "phi": 1.0})) == 1
    assert V2(THIRD, NONE).partial_wave() is None  # what gives it its mass decides
    assert too_strong_for(load_model("V2", inputs), {"m_V2": 2.0, "Re x2L_33": 1.0}) == []


@pytest.mark.slow
def test_command():
    """A caution, and the prediction all the same."""
    settings = [part for text in ("m_ZprimeL=2", "gLl_33=1.7", "gLq_23=0.01") for part in ("--set", text)]
    result = CliRunner().invoke(app, ["predict", "BR(B+->Knunu)", "--model", "ZprimeL", *settings])
    assert result.exit_code == 0, result.stderr
    assert "the couplings of ZprimeL violate unitarity at tree level" in result.stderr
    assert "BR(B+->Knunu)" in result.stdout
