"""B -> M X with one invisible particle X, against sums over polarisations, and as a limit of what is known."""

import brute_force
import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino import form_factors
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import DB, DS, SB, load_inputs
from dineutrino.invisible import OneScalar, OneVector, Pair, Peak, ScalarOperators, scalar_pair
from dineutrino.observables import Predictor, get, neutrino_kernel
from dineutrino.observables.arguments import Whole
from dineutrino.observables.modes import K_LONG, K_PLUS, decay
from dineutrino.theory import Flavours, Wet, theory_of

INPUTS = load_inputs()
MESONS = {"B+->K": SB, "B0->K*": SB, "Bs->phi": SB, "B+->pi": DB, "B0->rho": DB}
RANDOM = np.random.default_rng(5)
COUPLINGS = {
    OneScalar: {name: complex(*RANDOM.normal(size=2)) for name in "SPVA"},
    OneVector: {name: complex(*RANDOM.normal(size=2)) for name in ("V", "A", "T", "T5")},
}


def with_x(particle, quarks=SB):
    return Wet(Flavours(), Flavours(), one=Flavours(**{quarks.name: particle}))


@pytest.fixture(scope="module")
def rates():
    """name, particle, quarks -> branching ratio, compiled once for each name and kind of particle."""
    compiled = jax.jit(
        lambda particle, name, quarks: get(name)(with_x(particle, quarks), INPUTS), static_argnums=(1, 2)
    )
    return lambda name, particle, quarks=SB: compiled(particle, name, quarks)


def elements(mode, q2):
    """Masses, and form factors as plain numbers."""
    masses = get(f"BR({mode}X)").mode.masses(INPUTS)
    transition = get(f"BR({mode}X)").mode.transition
    kind = form_factors.pseudoscalar if transition in ("B->K", "B->pi", "K->pi") else form_factors.vector
    ff = kind(jnp.asarray(q2), INPUTS.form_factors[transition])
    return [float(x) for x in (masses.B, masses.M, masses.b_quark, masses.light_quark)], {
        name: float(value) for name, value in vars(ff).items()
    }


@pytest.mark.parametrize("mode", ["B+->K", "K+->pi", pytest.param("B0->K*", marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", [OneScalar, OneVector])
def test_sums_over_polarisations(rates, mode, kind):
    """All couplings at once, complex, so that every interference counts."""
    for m in (0.1, 0.3) if mode.startswith("K") else (0.3, 2.1):
        (m_B, m_M, m_b, m_s), ff = elements(mode, m**2)
        expected = brute_force.one_particle_width(
            m, m_B, m_M, m_b, m_s, ff, COUPLINGS[kind] | {"vector": kind is OneVector}
        )
        lifetime, quarks = float(INPUTS[f"tau_{mode[:2]}"]), DS if mode.startswith("K") else SB
        found = rates(f"BR({mode}X)", kind(jnp.asarray(m), **COUPLINGS[kind]), quarks)
        assert found == approx(expected * lifetime, rel=1e-10)


class Resonance(Pair):
    """phi phi^dagger by way of X, a scalar or a vector with a width of its own."""

    mass: float
    width: float
    coupling: float
    current: str = eqx.field(static=True)

    @property
    def threshold(self):
        return 4 * jnp.asarray(M_PHI) ** 2

    @property
    def peaks(self):
        return (Peak(self.mass, self.width),)

    def currents(self, q2):
        propagator = self.coupling / (q2 - self.mass**2 + 1j * self.mass * self.width)
        pair = scalar_pair(q2, M_PHI, ScalarOperators(**{self.current: 1.0}))
        return jax.tree.map(lambda entry: entry * abs(propagator) ** 2, pair)


M_PHI = 0.2


@pytest.mark.slow
@pytest.mark.parametrize("mode", [*MESONS, "Lambdab->Lambda"])
@pytest.mark.parametrize(("kind", "current"), [(OneScalar, "S"), (OneVector, "V"), (OneScalar, "P"), (OneVector, "A")])
def test_a_narrow_resonance_of_two_scalars_is_one_particle(rates, mode, kind, current):
    """The pair and its phase space are those of `scalar_pair`; Gamma(X -> phi phi^dagger) is from textbooks."""
    quarks, m, c = MESONS.get(mode, SB), 1.7, 1e-7
    v = np.sqrt(1 - 4 * M_PHI**2 / m**2)
    width = 1e-7 * m
    per_square = v / (16 * np.pi * m) if kind is OneScalar else m * v**3 / (48 * np.pi)
    pair = Resonance(m, width, c * np.sqrt(width / per_square), current)
    name = f"BR({mode}nunu)"
    both = get(name)(Wet(Flavours(), Flavours(**{quarks.name: (pair,)})), INPUTS)
    resonant = both - get(name)(Wet(Flavours(), Flavours()), INPUTS)
    assert resonant == approx(rates(f"BR({mode}X)", kind(jnp.asarray(m), **{current: c}), quarks), rel=1e-5, abs=1e-12)


def test_derivatives_of_a_scalar_are_its_yukawa_couplings(rates):
    """By the equations of motion: S = i (m_b - m_s) V, P = -i (m_b + m_s) A."""
    m_b, m_s = float(INPUTS["m_b"]), float(INPUTS["m_s"])
    V, A = 1e-9 + 2e-9j, 3e-9 - 1e-9j
    for name in ("BR(B+->KX)", "BR(B0->K*X)"):
        derivative = rates(name, OneScalar(jnp.asarray(1.3), V=V, A=A))
        yukawa = rates(name, OneScalar(jnp.asarray(1.3), S=1j * (m_b - m_s) * V, P=-1j * (m_b + m_s) * A))
        assert derivative == approx(yukawa, rel=1e-12)
        opposite = OneScalar(jnp.asarray(1.3), S=-1j * (m_b - m_s) * V, P=1j * (m_b + m_s) * A, V=V, A=A)
        assert rates(name, opposite) == approx(0.0, abs=1e-12 * float(derivative))


def test_a_light_vector_is_a_goldstone_boson(rates):
    """Its longitudinal polarisation has the couplings V/m and A/m of a scalar, up to m^2 over that of the meson.

    Form factors of K* obey A_12(0) = (m_B^2 - m_V^2)/(8 m_B m_V) A_0(0) with the masses of their fit.
    """
    m = 1e-3
    for name, precision in (("BR(B+->KX)", 1e-6), ("BR(B0->K*X)", 1e-4)):
        vector = rates(name, OneVector(jnp.asarray(m), V=1e-9j, A=2e-9))
        scalar = rates(name, OneScalar(jnp.asarray(m), V=1e-9j / m, A=2e-9 / m))
        assert vector == approx(scalar, rel=precision)


def test_the_transition_that_is_coupled_is_the_one_that_decays(rates):
    """And massless scalars are allowed: the limit is that of light ones."""
    for mode, quarks in MESONS.items():
        name = f"BR({mode}X)"
        massless, light = (rates(name, OneScalar(jnp.asarray(m), S=1e-9, A=1e-9), quarks) for m in (0.0, 1e-5))
        assert massless == approx(light, rel=1e-9)
        other = DB if quarks == SB else SB
        assert rates(name, OneScalar(jnp.asarray(0.0), S=1e-9, A=1e-9), other) == 0.0


@pytest.mark.slow
def test_edges(rates):
    """Up to m_B - m_M the rate is that of phase space; from there on it is zero, without a slope."""
    mode = get("BR(B+->KX)").mode
    end = float(np.sqrt(mode.end_point(INPUTS)))
    for kind, power in ((OneScalar, 0.5), (OneVector, 1.5)):
        slope = jax.jit(jax.grad(lambda m, kind=kind: rates("BR(B+->KX)", kind(m, **COUPLINGS[kind]))))
        for m in (end, end * (1 + 1e-12), end + 1.0):
            assert rates("BR(B+->KX)", kind(jnp.asarray(m), **COUPLINGS[kind])) == 0.0
            assert slope(jnp.asarray(m)) == 0.0
        near, far = (rates("BR(B+->KX)", kind(jnp.asarray(end - d), **COUPLINGS[kind])) for d in (1e-6, 4e-6))
        assert far / near == approx(4**power, rel=1e-4)
        assert np.isfinite(slope(jnp.asarray(end - 1e-9)))
        if kind is OneScalar:
            assert slope(jnp.asarray(0.0)) == 0.0


@pytest.mark.slow
def test_gradients_batches_and_jit(rates):
    """Against finite differences, a loop, and what is not compiled."""
    kind = OneVector

    def rate(x):
        return rates("BR(B0->K*X)", kind(x[0], V=x[1] + 1j * x[2], A=x[3] + 0j, T=x[4] - 1j * x[5], T5=x[6] + 0j))

    x = jnp.asarray([1.1, 0.5, -0.3, 0.7, 0.2, 0.4, 0.6])
    step = 1e-5
    finite = [(rate(x.at[i].add(step)) - rate(x.at[i].add(-step))) / (2 * step) for i in range(len(x))]
    assert jax.grad(rate)(x) == approx(jnp.stack(finite), rel=1e-6)
    points = x * jnp.linspace(0.5, 1.5, 3)[:, None]
    assert jax.vmap(rate)(points) == approx(jnp.stack([rate(point) for point in points]), rel=1e-13)
    with jax.disable_jit():
        eager = get("BR(B+->KX)")(with_x(kind(1.1, V=0.5 - 0.3j, T=0.2)), INPUTS)
    assert rates("BR(B+->KX)", kind(jnp.asarray(1.1), V=0.5 - 0.3j, T=0.2)) == approx(eager, rel=1e-12)


def test_x_counts_among_what_is_invisible():
    """In the whole rate, in the bin that its mass is in and in no other, and in F_L."""
    m, coupling = 1.5, 1e-8
    references = ("BR(B+->Knunu)", "BR(B+->KX)", ("<BR>(B+->Knunu)", 1.0, 2.25), ("<BR>(B+->Knunu)", 2.25, 4.0),
                  ("<dBR/dq2>(B+->Knunu)", 2.25, 4.0))  # fmt: skip
    predictor = Predictor(references, INPUTS)
    particle = OneScalar(jnp.asarray(m), S=coupling)
    without, with_it = predictor(Wet.b_to_s()), predictor(with_x(particle))
    rate = with_it[1]
    assert rate > 1e-6
    assert without[1] == 0.0
    assert with_it - without == approx(jnp.asarray([rate, rate, 0.0, rate, rate / 1.75]), rel=1e-9, abs=1e-20)


@pytest.mark.slow
def test_a_spinless_x_leaves_k_star_longitudinal():
    """F_L comes near one when such decays are most of all."""
    predictor = Predictor(["FL(B0->K*nunu)", "BR(B0->K*nunu)", "BR(B0->K*X)"], INPUTS)
    wet = with_x(OneScalar(jnp.asarray(0.5), P=1e-6))
    fraction, total, alone = predictor(wet)
    before, neutrinos, _ = predictor(Wet.b_to_s())
    assert fraction == approx((before * neutrinos + alone) / total, rel=1e-9)
    assert fraction > 0.9


def test_what_has_no_answer_is_refused(rates):
    particle = OneScalar(jnp.asarray(1.0), S=1e-9)
    with pytest.raises(DineutrinoError, match="a line at q2 = m_X\\^2"):
        jax.eval_shape(lambda: get("dBR/dq2(B+->Knunu)")(with_x(particle), INPUTS, 4.0))
    with pytest.raises(DineutrinoError, match="take BR\\(K\\+->piX\\)"):
        jax.eval_shape(lambda: get("BR(K+->pinunu)")(with_x(particle, DS), INPUTS))
    for wrong, sentence in ((OneScalar(-1.0), "scalar X is -1.0 GeV"), (OneVector(0.0), "finite and positive")):
        with pytest.raises(DineutrinoError, match=sentence):
            with_x(wrong).check()
    found = [rates("BR(B+->KX)", OneScalar(jnp.asarray(m), S=1e-9)) for m in (1.0, jnp.nan, -1.0)]
    assert np.isnan(found).tolist() == [False, True, True]


@pytest.mark.slow
def test_inputs_that_matter():
    """Form factors and the lifetime, nothing of the Standard Model's loops."""
    kernel = get("BR(B+->KX)").prepare(INPUTS)
    nothing, theory = theory_of(Wet.b_to_s(), INPUTS), theory_of(with_x(OneScalar(0.5, S=1e-9)), INPUTS)
    assert kernel.entries(nothing) == []
    slopes = jax.jit(jax.jacrev(lambda inputs: get("BR(B+->KX)").prepare(inputs).entries(theory)))(INPUTS)
    assert any(np.any(slope.form_factors["B->K"].coefficients["f_0"]) for slope in slopes)
    assert not any(np.any(slope.values["ckm_A"]) for slope in slopes)


def test_k_long_sees_couplings_of_one_phase():
    """CP: a scalar coupling that is real, others imaginary; then K_L has the rate of a K+ of its mass and lifetime."""
    m, pions = jnp.asarray(0.1), {"m_K0": INPUTS["m_K+"], "m_pi0": INPUTS["m_pi+"], "tau_K_L": INPUTS["tau_K+"]}
    inputs = INPUTS.replace(pions)
    rate = jax.jit(lambda particle, name: get(name)(with_x(particle, DS), inputs), static_argnums=1)
    for kind, seen in ((OneScalar, {"S": 1.0, "V": 1j}), (OneVector, {"V": 1j, "T": 1j})):
        for name, phase in seen.items():
            visible, unseen = (rate(kind(m, **{name: c * 1e-9}), "BR(KL->piX)") for c in (phase, 1j * phase))
            assert unseen == 0.0
            assert visible == approx(rate(kind(m, **{name: 1e-9 * phase}), "BR(K+->piX)"), rel=1e-12)


@pytest.mark.slow
def test_form_factors_of_kaons_are_those_of_neutrinos():
    """The same hadronic side with massless neutrinos: kappa_+ to 2%, kappa_L, with mixing of pi0 and eta, to 6%."""
    for mode, name, precision in ((K_PLUS, "BR(K+->pinunu)", 0.02), (K_LONG, "BR(KL->pinunu)", 0.06)):
        per_square = neutrino_kernel.integrated(decay(mode, INPUTS), INPUTS, Whole()).plus
        assert per_square == approx(get(name).prepare(INPUTS).plus, rel=precision)
