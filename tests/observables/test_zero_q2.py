"""At q2 = 0 a spectrum and F_L are their limits, for every kind of pair and every hadron."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from close import approx

from dineutrino.eft import NeutrinoCoefficients, NuNu, to_lagrangian
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import c_l_sm, load_inputs
from dineutrino.invisible import (
    Couplings,
    DarkFermions,
    DarkScalars,
    DarkVectors,
    FermionOperators,
    Fermions,
    ScalarOperators,
    VectorOperators,
)
from dineutrino.observables import Predictor, get
from dineutrino.observables.modes import MODES, decay
from dineutrino.observables.pair_kernel import Differential
from dineutrino.theory import Wet

HADRONS = (("B+->K", False), ("B0->K*", False), ("B0->K*", True), ("Lambdab->Lambda", False))


def every_operator(kind):
    return kind(**{name: jnp.asarray((1 + 0.3j) * (0.4 + 0.1 * i)) for i, name in enumerate(kind.names())})


PAIRS = {
    "scalars": lambda m: DarkScalars(m, every_operator(ScalarOperators)),
    "fermions": lambda m: DarkFermions(m, every_operator(FermionOperators)),
    "vectors": lambda m: DarkVectors(m, every_operator(VectorOperators)),
    "two masses": lambda m: Fermions(0.5 * m, m, Couplings(VV=0.3, VA=0.2, AV=0.1, AA=0.4, SS=0.5, PP=0.6, TT=0.7)),
}


@pytest.fixture(scope="module")
def inputs():
    return load_inputs()


@pytest.fixture(scope="module")
def spectra(inputs):
    """kind of pair -> (q2, m) -> spectra of every hadron, and their derivatives by q2 and m."""

    def rates(q2, m, kind):
        found = []
        for name, longitudinal in HADRONS:
            its = decay(MODES[name], inputs)
            kernel = Differential(its, its.form_factors(inputs), jnp.asarray(1.0), q2, longitudinal=longitudinal)
            found.append(kernel.rate(PAIRS[kind](m)))
        return (jnp.stack(found),) * 2

    return {
        kind: jax.jit(jax.jacfwd(lambda q2, m, kind=kind: rates(q2, m, kind), argnums=(0, 1), has_aux=True))
        for kind in PAIRS
    }


@pytest.mark.slow
@pytest.mark.parametrize("kind", PAIRS)
def test_the_spectrum_at_zero_and_at_the_threshold_is_its_limit(kind, spectra):
    """Just above a massless threshold the spectrum is c_0 + c_1 sqrt(q2) + ..., just above another c_1 v + ..."""
    values = lambda q2, m: np.asarray(spectra[kind](q2, m)[1])  # noqa: E731
    assert np.all(values(1.0, 0.1) > 0)
    for m in (0.0, 1e-6, 1e-3, 0.1, 0.7):
        if m == 0 and kind == "vectors":
            continue
        threshold = float(PAIRS[kind](m).threshold)
        at_zero = values(0.0, m)
        for q2 in (1e-3, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12):
            if m == 0:
                assert values(q2, m) == approx(at_zero, rel=0, abs=10 * np.sqrt(q2) * np.max(at_zero))
            elif q2 <= threshold:
                assert np.array_equal(values(q2, m), at_zero)
        if m > 0:
            assert not np.any(at_zero)
            assert not np.any(values(threshold, m))
            assert np.all(values(threshold * (1 + 1e-12), m) < 1e-4 * np.max(values(4 * threshold, m)))


@pytest.mark.slow
@pytest.mark.parametrize("kind", PAIRS)
def test_gradients_at_zero_are_finite_and_those_nearby(kind, spectra):
    slopes = lambda q2, m: spectra[kind](q2, m)[0]  # noqa: E731
    for m in (0.0, 1e-3, 0.7):
        if m == 0 and kind == "vectors":
            continue
        by_q2, by_m = slopes(0.0, m)
        assert np.all(np.isfinite(by_q2))
        nearby = slopes(1e-9, m)[1]
        assert by_m == approx(nearby, rel=1e-3, abs=1e-3 * np.max(np.abs(nearby)))


def test_massless_scalars(inputs):
    """The number of a user who found a tenth of the rate at q2 = 0."""
    states = Wet.b_to_s(dark=(DarkScalars(jnp.asarray(0.0), ScalarOperators(S=3e-9)),))
    found = Predictor([("dBR/dq2(B+->Knunu)", 0.0), ("dBR/dq2(B+->Knunu)", 1e-6)], inputs)(states)
    assert found[0] == approx(found[1], rel=1e-6)


# -- the longitudinal fraction --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fractions(inputs):
    return Predictor([("FL(B0->K*nunu)", q2) for q2 in (0.0, 1e-6, 4.0)], inputs)


@pytest.fixture(scope="module")
def no_neutrinos(inputs):
    none = NeutrinoCoefficients(-c_l_sm(inputs) * jnp.eye(3, dtype=complex), jnp.zeros((3, 3), complex))
    return NuNu(*to_lagrangian(none, inputs))


@pytest.mark.parametrize(
    "pair",
    [
        DarkScalars(0.0, ScalarOperators(P=1e-9)),
        DarkFermions(0.0, FermionOperators(A2=1e-8)),
        DarkFermions(0.0, FermionOperators(T1=1e-8)),
    ],
    ids=["scalars", "axial fermions", "tensor fermions"],
)
def test_the_fraction_of_massless_pairs_alone_is_its_limit(pair, fractions, no_neutrinos):
    found = fractions(Wet.b_to_s(no_neutrinos, (jax.tree.map(jnp.asarray, pair),)))
    assert found[0] == approx(found[1], rel=1e-5, abs=1e-5)


def test_the_fraction_of_nothing_is_refused(fractions, no_neutrinos):
    heavy = DarkScalars(jnp.asarray(0.9), ScalarOperators(P=jnp.asarray(1e-9)))
    states = Wet.b_to_s(no_neutrinos, (heavy,))
    with pytest.raises(DineutrinoError, match=r"FL\(B0->K\*nunu\)\[0\] is undefined: nothing is produced there"):
        fractions(states)
    with pytest.raises(DineutrinoError, match="nothing is produced"):
        fractions(Wet.b_to_s(no_neutrinos))
    batch = jax.tree.map(lambda leaf: leaf[None], states)
    assert np.array_equal(np.isnan(fractions.batch(batch)[0]), [True, True, False])


@pytest.mark.slow
def test_a_fit_through_the_point_where_nothing_is_produced_has_finite_gradients(inputs, no_neutrinos):
    observable = get("FL(B0->K*nunu)")
    scaled = lambda x: jax.tree.map(lambda c: x * c, no_neutrinos)  # noqa: E731
    slope = jax.grad(lambda x: jnp.nan_to_num(observable(Wet.b_to_s(scaled(x)), inputs, 0.0)))(1.0)
    assert np.isfinite(slope)
