"""b -> c l N with massive right-handed neutrinos: explicit spinors, mirror images, closed phase space, derivatives."""

import brute_force_charged
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx
from scipy.integrate import quad_vec

from dineutrino.eft.charged import Charged, LeptonNeutrino, RightHanded, right_handed_names
from dineutrino.eft.nusmeft import NuSMEFT
from dineutrino.errors import DineutrinoError
from dineutrino.form_factors import baryon, pseudoscalar, vector
from dineutrino.hadronic import flux
from dineutrino.inputs import ckm_matrix, load_inputs, load_prior
from dineutrino.invisible.lepton_neutrino import lepton_neutrino, mirrored, negative_helicity
from dineutrino.invisible.spectrum import contract
from dineutrino.likelihood import Likelihood, Parameter
from dineutrino.matching.nusmeft_to_left import match_charged
from dineutrino.measurements import load_measurements
from dineutrino.models import SterileNeutrino, load_model
from dineutrino.observables import Predictor, get
from dineutrino.observables.charged_widths import D_STAR, LAMBDA_C, D, Hadrons
from dineutrino.theory import Flavours, Wet

pytestmark = pytest.mark.slow

NAMES = ("Rtaul(B->Dlnu)", "Rtaul(B->D*lnu)", "Rtaul(Lambdab->Lambdaclnu)", "FLtot(B0->D*taunu)", "Ptau(B0->D*taunu)",
         "BR(B+->taunu)", "BR(Bc->taunu)")  # fmt: skip
R_D, R_D_STAR, R_LAMBDA_C, F_L, P_TAU, B_PLUS, B_C = range(7)
DECAYS = {"D": (D, pseudoscalar), "D*": (D_STAR, vector), "Lambda_c": (LAMBDA_C, baryon)}
FIVE = ("VL", "VR", "SL", "SR", "T")
UNIT = 1.4e-6
"""About 4 G_F/sqrt2 |V_cb|, GeV^-2."""


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def values():
    """All observables of charged currents, of new physics and inputs."""
    return jax.jit(lambda new, inputs: jnp.stack([get(name)(new, inputs) for name in NAMES]))


def random_five(seed, shape=()):
    random = np.random.default_rng(seed)
    return random.normal(size=(*shape, 5)) + 1j * random.normal(size=(*shape, 5))


def sector(x):
    """Of coefficients of the shape (lepton, neutrino, 5)."""
    return LeptonNeutrino(*(jnp.asarray(x[..., i]) for i in range(5)))


def with_steriles(masses, cb, ub=None):
    ub = np.zeros_like(cb) if ub is None else ub
    new = RightHanded(jnp.asarray(masses, float), Charged(sector(cb), sector(ub)))
    return Wet(Flavours(), Flavours(), right_handed=new)


def random_point(seed, masses=(0.4, 0.9), size=0.3):
    x = size * UNIT * random_five(seed, (2, 3, len(masses)))
    return with_steriles(masses, x[0], 0.1 * x[1])


def lepton_side(q2, m, m_N, x, helicity):
    mirror = lepton_neutrino(q2, m, mirrored(x), m_N)
    negative = negative_helicity(q2, m, mirror, m_N)
    return {None: mirror, 1: negative, -1: jax.tree.map(jnp.subtract, mirror, negative)}[helicity]


def masses_of(decay, inputs):
    return [float(inputs[f"m_{name}"]) for name in (decay.parent, decay.daughter, "b", "c")]


def form_factors(name, q2, inputs):
    decay, function = DECAYS[name]
    return {n: float(v) for n, v in vars(function(jnp.asarray(q2), inputs.form_factors[decay.transition])).items()}


@pytest.mark.parametrize("helicity", [None, -1, 1])
@pytest.mark.parametrize("name", DECAYS)
def test_spectra_of_explicit_spinors(name, helicity, inputs):
    decay, _ = DECAYS[name]
    hadrons = Hadrons.of(decay, inputs)
    end = float(hadrons.masses.q2_max)
    for seed, m in enumerate((1.777, 0.105, 1.777, 0.6)):
        random = np.random.default_rng(seed)
        m_N, x = random.uniform(0.0, np.sqrt(end) - m - 0.3), random_five(seed)
        q2 = random.uniform((m + m_N) ** 2 + 0.05, end - 0.05)
        for longitudinal in (False, True) if name == "D*" else (False,):
            leptons = lepton_side(jnp.asarray(q2), jnp.asarray(m), jnp.asarray(m_N), jnp.asarray(x), helicity)
            amplitudes = hadrons.amplitudes(jnp.asarray(q2), hadrons.masses, hadrons.fit, longitudinal)
            ours = float(flux(jnp.asarray(q2), hadrons.masses) * contract(amplitudes, leptons))
            ff = form_factors(name, q2, inputs)
            spinors = brute_force_charged.width(q2, *masses_of(decay, inputs), ff, m, m_N, x, helicity, longitudinal)
            assert ours == pytest.approx(spinors, rel=1e-9)


def by_spinors(name, inputs, lepton, m_N, x, helicity=None, longitudinal=False):
    """The width by an integral of another kind: q2 is a polynomial of the nodes that closes smoothly at both ends."""
    decay, _ = DECAYS[name]
    masses, m = masses_of(decay, inputs), float(inputs[lepton])
    lower, upper = (m + m_N) ** 2, (masses[0] - masses[1]) ** 2
    nodes, weights = np.polynomial.legendre.leggauss(30)
    u = (nodes + 1) / 2
    q2, slope = lower + (upper - lower) * u**2 * (3 - 2 * u), (upper - lower) * 6 * u * (1 - u)
    found = [
        brute_force_charged.width(s, *masses, form_factors(name, s, inputs), m, m_N, x, helicity, longitudinal)
        for s in q2
    ]
    return float(np.sum(found * slope * weights) / 2)


def test_observables_of_explicit_spinors(values, inputs):
    """Rates of N are added to those of the Standard Model: a muon and a tau with N of 0.7 GeV."""
    m_N, x = 0.7, 0.4 * UNIT * random_five(8, (3, 1))
    x[0] = 0
    found, none = values(with_steriles([m_N], x), inputs), values(Wet(Flavours(), Flavours()), inputs)
    V_cb = complex(ckm_matrix(inputs)[1, 2])
    size = 8 * (float(inputs["G_F"] * inputs["eta_EW"]) * abs(V_cb)) ** 2
    standard = {
        name: size
        * np.array([float(Hadrons.of(decay, inputs).form(inputs[m])[0, 0]) for m in ("m_e", "m_mu", "m_tau")])
        for name, (decay, _) in DECAYS.items()
    }
    for place, name in ((R_D, "D"), (R_D_STAR, "D*"), (R_LAMBDA_C, "Lambda_c")):
        own = [0.0, *(by_spinors(name, inputs, m, m_N, x[i, 0]) for i, m in ((1, "m_mu"), (2, "m_tau")))]
        e, mu, tau = standard[name] + own
        assert float(found[place]) == pytest.approx(2 * tau / (e + mu), rel=1e-6)
        assert own[2] > 0.02 * tau
    tau = standard["D*"][2]
    whole, longitudinal, negative = (
        by_spinors("D*", inputs, "m_tau", m_N, x[2, 0], *more) for more in ((), (None, True), (-1,))
    )
    expected = (float(none[F_L]) * tau + longitudinal) / (tau + whole)
    assert float(found[F_L]) == pytest.approx(expected, rel=1e-6)
    expected = (float(none[P_TAU]) * tau + whole - 2 * negative) / (tau + whole)
    assert float(found[P_TAU]) == pytest.approx(expected, rel=1e-6)


def test_annihilation_of_explicit_spinors(values, inputs):
    m_N, x = (0.5, 2.1), 0.2 * UNIT * random_five(9, (2, 3, 2))
    found = values(with_steriles(m_N, x[0], x[1]), inputs) - values(Wet(Flavours(), Flavours()), inputs)
    for place, meson, quark, part in ((B_PLUS, "B+", "m_u(2 GeV)", x[1]), (B_C, "B_c", "m_c", x[0])):
        m, f, m_b, m_u, tau, lifetime = (
            float(inputs[n]) for n in (f"m_{meson}", f"f_{meson}", "m_b", quark, "m_tau", f"tau_{meson}")
        )
        widths = (brute_force_charged.annihilation(m, f, m_b, m_u, tau, m_N[i], part[2, i]) for i in range(2))
        assert float(found[place]) == pytest.approx(lifetime * sum(widths), rel=1e-9)


def test_massless_ones_are_the_mirror_images_of_left_handed_ones(values, inputs):
    """Flavours that do not interfere with the Standard Model; helicities change their sign."""
    x = 0.5 * UNIT * random_five(3, (2, 3, 3)) * (1 - np.eye(3))[:, :, None]
    right = values(with_steriles([0.0, 0.0, 0.0], x[0], 0.1 * x[1]), inputs)
    cb, ub = (sector(np.asarray(mirrored(jnp.asarray(part)))) for part in (x[0], 0.1 * x[1]))
    left = values(Wet(Flavours(), Flavours(), charged=Charged(cb, ub)), inputs)
    others = [i for i in range(7) if i != P_TAU]
    assert right[np.array(others)] == approx(left[np.array(others)], rel=1e-12)
    hadrons, m = Hadrons.of(D_STAR, inputs), inputs["m_tau"]
    V_cb = complex(ckm_matrix(inputs)[1, 2])
    standard = 8 * float(inputs["G_F"] * inputs["eta_EW"] * abs(V_cb)) ** 2 * float(hadrons.form(m)[0, 0])
    none = float(values(Wet(Flavours(), Flavours()), inputs)[P_TAU])
    F = np.asarray(hadrons.form(m))
    own = sum(np.real(y.conj() @ F @ y) for y in np.asarray(mirrored(jnp.asarray(x[0, 2]))))
    difference = [float(p[P_TAU]) * (standard + own) - none * standard for p in (left, right)]
    assert difference[0] == pytest.approx(-difference[1], rel=1e-10)
    assert abs(difference[0]) > 0.01 * standard


def test_small_masses_are_close_to_none(values, inputs):
    x = 0.5 * UNIT * random_five(4, (3, 1))
    at = [np.asarray(values(with_steriles([m], x, 0.1 * x), inputs)) for m in (0.0, 1e-8, 1e-4)]
    assert at[1] == approx(at[0], rel=1e-9)
    assert at[2] == approx(at[0], rel=1e-3)


@pytest.mark.parametrize(("name", "lepton"), [("D", "m_e"), ("D*", "m_mu"), ("Lambda_c", "m_tau")])
def test_integrals_over_q2(name, lepton, inputs):
    """Adaptive quadrature, for N of any mass."""
    decay, _ = DECAYS[name]
    hadrons, m, x = Hadrons.of(decay, inputs), inputs[lepton], random_five(5)
    end = float(np.sqrt(hadrons.masses.q2_max))

    @jax.jit
    def spectrum(q2, m_N):
        leptons = lepton_neutrino(q2, m, mirrored(jnp.asarray(x)), m_N)
        return flux(q2, hadrons.masses) * contract(hadrons.amplitudes(q2, hadrons.masses, hadrons.fit, False), leptons)

    cb = np.zeros((3, 1, 5), complex)
    cb[0, 0] = x
    for m_N in (1e-3, 0.05, 0.5 * (end - float(m)), end - float(m) - 0.02):
        new = with_steriles([m_N], cb).right_handed
        found = float(hadrons.right_handed(new, 1, 0, m))
        start = (float(m) + m_N) ** 2
        width = end**2 - start

        def along(t, start=start, width=width, m_N=m_N):
            return float(spectrum(start + width * np.sin(t) ** 2, m_N)) * width * np.sin(2 * t)

        exact, error = quad_vec(along, 0, np.pi / 2, epsrel=1e-11, points=[1e-4, 1e-3, 1e-2, 0.1])
        assert error < 1e-9 * exact
        assert found == pytest.approx(exact, rel=1e-8)


def test_no_phase_space(values, inputs):
    """At the threshold and beyond it nothing is added, and slopes by the mass are finite."""
    x, none = 0.5 * UNIT * random_five(6, (3, 1)), values(Wet(Flavours(), Flavours()), inputs)
    x[:2] = 0
    gaps = [float(inputs["m_B0"] - inputs[n] - inputs["m_tau"]) for n in ("m_D+", "m_D*+")]
    assert gaps[0] > gaps[1]

    def at(m):
        new = RightHanded(m[None], Charged(sector(x), sector(0.1 * x)))
        return values(Wet(Flavours(), Flavours(), right_handed=new), inputs)

    for m_N in (gaps[1], gaps[1] + 1e-9, gaps[0], 6.0):
        found, slopes = at(jnp.asarray(m_N)), jax.jacfwd(at)(jnp.asarray(m_N))
        assert np.all(np.isfinite(slopes))
        closed = [R_D_STAR, F_L, P_TAU] + ([R_D] if m_N >= gaps[0] else [])
        assert found[np.array(closed)] == approx(none[np.array(closed)], rel=1e-12)
    assert values(with_steriles([6.5], x, x), inputs) == approx(none, rel=1e-14)
    just_open = np.asarray(at(jnp.asarray(gaps[1] - 1e-4)) - none)
    assert 0 < just_open[R_D_STAR] < 1e-4
    assert np.all(np.isfinite(np.asarray(jax.jacfwd(at)(jnp.asarray(0.0)))))


def test_derivatives(values, inputs):
    point, along = random_point(1), random_point(2, masses=(0.3, -0.2))
    moved = [jax.tree.map(lambda a, b, t=t: a + t * b, point, along) for t in (1e-5, -1e-5)]
    slopes = jax.jvp(lambda wet: values(wet, inputs), (point,), (along,))[1]
    assert slopes == approx((values(moved[0], inputs) - values(moved[1], inputs)) / 2e-5, rel=1e-5, abs=1e-9)
    for name in ("m_tau", "m_B0", "m_b", "m_D*+", "ckm_A", "f_B_c"):
        x, step = inputs[name], 1e-5 * float(inputs[name])
        slope = jax.jvp(lambda y, n=name: values(point, inputs.replace({n: y})), (x,), (jnp.ones_like(x),))[1]
        ends = [values(point, inputs.replace({name: x + sign * step})) for sign in (1, -1)]
        assert slope == approx((ends[0] - ends[1]) / (2 * step), rel=1e-5, abs=1e-8)


def test_reverse_mode_by_the_mass(values, inputs):
    x = 0.4 * UNIT * random_five(7, (3, 1))

    def ratio(m):
        new = RightHanded(m[None], Charged(sector(x), sector(0.1 * x)))
        return values(Wet(Flavours(), Flavours(), right_handed=new), inputs)

    m = jnp.asarray(0.8)
    backward, forward = jax.jacrev(ratio)(m), jax.jacfwd(ratio)(m)
    assert backward == approx(forward, rel=1e-10)
    assert backward == approx((ratio(m + 1e-5) - ratio(m - 1e-5)) / 2e-5, rel=1e-6)


def test_jit_eager_batch_and_loop_agree(values, inputs):
    points = [random_point(seed, masses=(0.1 + 0.2 * seed, 1.0)) for seed in range(3)]
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *points)
    predictor, loop = Predictor(NAMES, inputs), jnp.stack([values(point, inputs) for point in points])
    assert predictor.batch(stacked) == approx(loop, rel=1e-11)
    assert jnp.stack([predictor(point) for point in points]) == approx(loop, rel=1e-11)
    eager = jnp.stack([get(name)(points[0], inputs) for name in NAMES])
    assert eager == approx(loop[0], rel=1e-11)


def test_matching_component_by_component(inputs):
    """(Lbar^a N) eps_ab (Qbar^b d) written out: L = (nu, e), Q = (V^dagger u, d), arXiv:2309.02940 eqs. (1), (7)."""
    random, V = np.random.default_rng(1), np.asarray(ckm_matrix(inputs))
    arrays = {n: random.normal(size=(3, 2, 3, 3)) + 1j * random.normal(size=(3, 2, 3, 3)) for n in ("LNQd", "LNQdT")}
    zero = jnp.zeros((3, 3, 2, 2), complex)
    found = match_charged(NuSMEFT(zero, zero, **{n: jnp.asarray(a) for n, a in arrays.items()}), ckm_matrix(inputs))
    eps = {(1, 2): 1, (2, 1): -1}
    for up, its in ((1, found.cb), (0, found.ub)):
        for entry, array in ((its.SR, arrays["LNQd"]), (its.T, arrays["LNQdT"])):
            expected = np.zeros((3, 2), complex)
            for lepton, sterile, quark in np.ndindex(3, 2, 3):
                # ubar_quark = sum_m ubar_m V_(m quark); the lepton is the lower, the up quark the upper component
                expected[lepton, sterile] += eps[2, 1] * V[up, quark] * array[lepton, sterile, quark, 2]
            assert entry == approx(expected, rel=1e-13)
        assert not np.any([its.VL, its.VR, its.SL])


def test_sterile_neutrinos_of_the_paper():
    """NP/SM of B -> D mu N is 7e-4 at LNQd = 0.02 TeV^-2: an independent computation for arXiv:2309.02940 sec. 3.

    It does not say which |V_cb| it took; ours is 0.0418, with 0.0394 it would be 6.8e-4 here.
    """
    inputs = load_inputs()
    model = SterileNeutrino(1.608, 0.853)
    predictor = Predictor(["Rtaul(B->Dlnu)"], inputs)
    point = {"mass": jnp.asarray(0.0), "Re LNQd_2123": jnp.asarray(0.02)}
    change = float(predictor(Wet(Flavours(), Flavours()))[0] / predictor(model(point, inputs))[0] - 1)
    assert 2 * change == pytest.approx(7e-4 * (0.0394 / 0.0418) ** 2, rel=0.04)  # muons are half of the denominator
    assert model({"mass": jnp.asarray(0.0), "Re LNQd_2132": jnp.asarray(0.02)}, inputs).wet.right_handed is None
    down = load_model("SterileNeutrino", inputs, {"transition": "db"})
    V = np.asarray(ckm_matrix(inputs))
    found = down({"mass": jnp.asarray(0.3), "Im LNQdT_3113": jnp.asarray(1.0)}, inputs).wet.right_handed.currents
    for its, row in ((found.cb, 1), (found.ub, 0)):
        assert complex(its.T[2, 0]) == pytest.approx(-1e-6j * down.tensor_running * V[row, 0], rel=1e-12)


def test_named_coefficients(inputs):
    """In the normalisation of flavio; they and those of nuSMEFT add."""
    model = SterileNeutrino(1.6, 0.85, 2)
    masses = {"mass_1": jnp.asarray(0.2), "mass_2": jnp.asarray(0.4)}
    named = {"Re CVR_bctauN2": jnp.asarray(0.3), "Im CSR_bumuN1": jnp.asarray(-0.1)}
    found = model(masses | named, inputs).wet.right_handed
    unit, V = -2 * np.sqrt(2) * float(inputs["G_F"]), np.asarray(ckm_matrix(inputs))
    assert complex(found.currents.cb.VR[2, 1]) == pytest.approx(0.3 * unit * V[1, 2], rel=1e-12)
    assert complex(found.currents.ub.SR[1, 0]) == pytest.approx(-0.1j * unit * V[0, 2], rel=1e-12)
    assert found.masses == approx([0.2, 0.4])
    contact = {"Re LNQd_2123": jnp.asarray(0.02)}
    both, one = (model(masses | more, inputs).wet.right_handed.currents for more in (named | contact, contact))
    for a, b, c in zip(*map(jax.tree.leaves, (both, one, found.currents)), strict=True):
        assert a == approx(np.asarray(b) + np.asarray(c), rel=1e-12)
    assert set(right_handed_names(1)) <= {name.split()[-1] for name in SterileNeutrino(1.6, 0.85).parameters()}


def test_refused(inputs):
    with pytest.raises(DineutrinoError, match=r"the mass of N_2 is -0.1 GeV; it must be finite and zero or positive"):
        random_point(1, masses=(0.3, -0.1)).check()
    with pytest.raises(DineutrinoError, match="'Re CVR_bctauN1'"):
        SterileNeutrino(1.6, 0.85).check(["mass", "Re CVR_bctauN2"])
    traced = jax.jit(lambda m: get(NAMES[R_D])(
        Wet(Flavours(), Flavours(), right_handed=RightHanded(m, random_point(1, (0.3,)).right_handed.currents)), inputs
    ))  # fmt: skip
    assert np.isnan(float(traced(jnp.array([-0.1]))))


def test_only_what_matters_is_a_nuisance():
    """Without N the decay constant of the B_c does not matter for R(D); form factors do with N alone, too."""
    measured = load_measurements("hflav2025_RD_RDstar")
    model = load_model("SterileNeutrino", load_inputs())
    parameters = [Parameter("mass", 0.0, 3.0), Parameter("Re CVR_bctauN1", -1.0, 1.0)]
    with_N = set(Likelihood(parameters, measured, load_prior(), model).prior.labels)
    without = set(Likelihood([], measured, load_prior()).prior.labels)
    assert with_N == without
    assert {"B->D f_plus a0", "B->D* A_0 a0"} <= with_N
