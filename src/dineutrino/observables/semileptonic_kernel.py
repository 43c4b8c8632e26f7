"""B -> M l_a^- l_b^+ as quadratic forms in the currents of charged leptons and in the dipoles of one transition.

Both sides of the decay are integrated once for each pair of coefficients. The Standard Model enters with coefficients
that depend on q2 (`dineutrino.hadronic.quark_loops`), and on the polarisation of the meson where its spectator takes
part (`dineutrino.hadronic.spectators`), so its square and its interference are integrals of their own.
Rates of a lepton with its own antiparticle are averages over the decay and its CP conjugate.
"""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.eft.leptons import LL
from dineutrino.hadronic import Amplitudes, Masses, flux
from dineutrino.hadronic.quark_loops import Effective, effective
from dineutrino.hadronic.spectators import Shifts, Spectator
from dineutrino.inputs import Inputs, Quarks, lambda_t
from dineutrino.inputs.ckm import UP, ckm_product
from dineutrino.inputs.standard_model import axial_leptons
from dineutrino.invisible import Currents
from dineutrino.invisible.charged_leptons import (
    FOUR_FERMION,
    parities,
    product_forms,
    weights_of_products,
)
from dineutrino.numerics.quadrature import nodes
from dineutrino.observables.forms import Quadratic
from dineutrino.theory import Theory

Real = Float[Array, ""]
OfStandardModel = Complex[Array, "4 polarisation node"]
"""Coefficients in the order of `STANDARD_MODEL`, at each q2; one polarisation where they are the same for all."""
ORDER = 40
"""Nodes of q2: 1e-6 of a rate, which is what the kinks of tabulated loops leave with any number of them."""
STANDARD_MODEL = (0, 1, FOUR_FERMION, FOUR_FERMION + 1)
"""Where VLL, VLR and the two dipoles stand among the coefficients: all that the Standard Model has."""


class Pairs(eqx.Module):
    """One or several pairs l_a^- l_b^+.

    Attributes:
        selection: 1 at (a, b), otherwise 0.
        masses: of a and b, GeV.
    """

    selection: Float[Array, "pair 3 3"]
    masses: Float[Array, "pair 2"]


class Densities(eqx.Module):
    """What multiplies products of two coefficients, and the rows of `product_forms` that these are."""

    each: Float[Array, "product polarisation node"]
    rows: tuple[int, ...] = eqx.field(static=True)

    def odd(self, y: Real) -> "Densities":
        """Times y and the sign of CP of what each product makes."""
        return Densities(y * parities()[list(self.rows)][:, None, None] * self.each, self.rows)


class Side(eqx.Module):
    """The hadronic side of a decay, and where it is integrated.

    Attributes:
        masses: GeV.
        time: lifetime times what else multiplies the width, GeV^-1.
        lower, upper: edges of a bin, GeV^2; what is outside of the range of q2 does not count.
        amplitudes: its helicity amplitudes.
        transition: key of its form factors.
        spectator: the light quark of the B meson; None where what it does is left out.
    """

    masses: Masses
    time: Real
    lower: Real
    upper: Real
    spectator: Spectator | None
    amplitudes: Amplitudes = eqx.field(static=True)
    transition: str = eqx.field(static=True)

    def shifts(self, threshold: Real, inputs: Inputs) -> Shifts:
        """By the spectator, where q2 is in the bin and above a threshold."""
        if self.spectator is None:
            return lambda q2: jnp.zeros((2, 1, len(q2)), complex)
        fit = inputs.form_factors[self.transition]
        return self.spectator.between(jnp.maximum(self.lower, threshold), self.upper, self.masses, fit, inputs)

    def densities(
        self, q2: Float[Array, " node"], weights: Float[Array, " node"], masses: Float[Array, "2"], inputs: Inputs,
        polarised: bool,
    ) -> Densities:  # fmt: skip
        """dBR/dq2 times weights per product of two coefficients, of leptons with these masses, GeV."""
        hadronic, scale = self._hadronic(q2, inputs, polarised), weights * self.time * flux(q2, self.masses)
        return Densities(*weights_of_products(jax.tree.map(lambda entry: scale * entry, hadronic), q2, *masses))

    def _hadronic(self, q2: Float[Array, " node"], inputs: Inputs, polarised: bool) -> Currents:
        """Squared amplitudes, GeV^4, with an axis of one polarisation, or of transverse and longitudinal mesons."""
        fit = inputs.form_factors[self.transition]
        whole = self.amplitudes(q2, self.masses, fit, False)
        if not polarised:
            return jax.tree.map(lambda entry: entry[None], whole)
        longitudinal = self.amplitudes(q2, self.masses, fit, True)
        longitudinal = eqx.combine(longitudinal, jax.tree.map(jnp.zeros_like, whole))
        return jax.tree.map(lambda both, one: jnp.stack([both - one, one]), whole, longitudinal)

    def nodes(self, threshold: Real) -> tuple[Float[Array, " node"], Float[Array, " node"]]:
        """q2 and weights from the threshold of the pair on."""
        end = self.masses.q2_max
        return nodes(jnp.minimum(threshold, end), end, self.lower, self.upper, ORDER, 0.0)


class SemileptonicKernel(eqx.Module):
    """Branching ratios as forms in the new physics.

    Attributes:
        forms: one for each pair.
        selection: 1 at (a, b) of each pair, otherwise 0.
        phase: rotates the Standard Model to a real coefficient.
        charge: e at mu_b; None where photons make no such pair.
        quarks: of the transition.
    """

    forms: Quadratic
    selection: Float[Array, "pair 3 3"]
    phase: Complex[Array, ""]
    charge: Real | None
    quarks: Quarks = eqx.field(static=True)

    def rates(self, theory: Theory) -> Float[Array, " pair"]:
        """Of each pair."""
        found: LL = theory.leptons(self.quarks)
        currents = jnp.stack(jax.tree.leaves(found))
        x = jnp.einsum("pab,kab->pk", self.selection, currents)
        if self.charge is not None:
            dipole = theory.dipoles(self.quarks)
            photon = self.charge * jnp.stack([dipole.photon_right, dipole.photon_left])
            x = jnp.concatenate([x, jnp.broadcast_to(photon, (len(x), 2))], axis=1)
        return jax.vmap(lambda form, x: form(x))(self.forms, x * self.phase)

    def rate(self, theory: Theory) -> Real:
        """The branching ratio into all pairs."""
        return jnp.sum(self.rates(theory))

    def ratio(self, theory: Theory) -> Real:
        """The branching ratio into the first pair over that into the second."""
        first, second = self.rates(theory)
        return first / second

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        new = [theory.leptons(self.quarks)] + ([] if self.charge is None else [theory.dipoles(self.quarks)])
        return [*jax.tree.leaves((self.forms, self.phase, self.charge)), *jax.tree.leaves(new)]


def violating(side: Side, pairs: Pairs, inputs: Inputs, quarks: Quarks) -> SemileptonicKernel:
    """Pairs of two flavours, which the Standard Model does not make: |x|^2 alone, of B as if it did not mix."""

    def form(masses: Float[Array, "2"]) -> Quadratic:
        q2, weights = side.nodes(jnp.sum(masses) ** 2)
        densities = side.densities(q2, weights, masses, inputs, polarised=False)
        F = jnp.tensordot(jnp.sum(densities.each, axis=(1, 2)), product_forms()[list(densities.rows)], 1)
        F = F[:FOUR_FERMION, :FOUR_FERMION]
        return Quadratic(jnp.asarray(0.0), jnp.zeros(2 * FOUR_FERMION), _by_parts(F, F))

    return SemileptonicKernel(jax.vmap(form)(pairs.masses), pairs.selection, jnp.ones((), complex), None, quarks)


def conserving(side: Side, pairs: Pairs, inputs: Inputs, quarks: Quarks, y: Real | None = None) -> SemileptonicKernel:
    """Pairs of a lepton and its antiparticle.

    With y = Delta Gamma/(2 Gamma) the average is over all decay times of a B_s. Amplitudes of a state that is even
    under CP come from what lives short, odd ones from what lives long: a term -y eta Re(Abar^* A) beside |A|^2, all
    over 1 - y^2. Phases are relative to V_tb V_ts^*: what new physics adds to that of mixing is left out.
    Source: arXiv:1502.05509 eqs. (42), (48).
    """
    phase = lambda_t(inputs, quarks).conj() / jnp.abs(lambda_t(inputs, quarks))
    shifts = side.shifts(jnp.min(jnp.sum(pairs.masses, axis=1)) ** 2, inputs)

    def form(masses: Float[Array, "2"]) -> Quadratic:
        q2, weights = side.nodes(jnp.sum(masses) ** 2)
        S, S_bar = _standard_model(effective(q2, inputs), shifts(q2), inputs, quarks, phase)
        densities = side.densities(q2, weights, masses, inputs, polarised=S.shape[1] == 2)
        mean, squares = (S + S_bar.conj()) / 2, (_products(S, S) + _products(S_bar, S_bar)) / 2
        if y is None:
            all_products = _Integrals.of(densities, mean, squares)
            F = all_products.form()
            return Quadratic(all_products.constant(), jnp.concatenate(all_products.linear()), _by_parts(F, F))
        crossed = _products(S, S_bar)
        of, odd = (_Integrals.of(d, mean, p) for d, p in ((densities, squares), (densities.odd(y), crossed)))
        (L, M), (F, G) = ((of.linear(), odd.linear()), (of.form(), odd.form()))
        linear = jnp.concatenate([L[0] - M[0], L[1] + M[1]])
        mixed = Quadratic(of.constant() - odd.constant(), linear, _by_parts(F - G, F + G))
        return jax.tree.map(lambda part: part / (1 - y**2), mixed)

    charge = jnp.sqrt(4 * jnp.pi * inputs["alpha_em(mu_b)"])
    return SemileptonicKernel(jax.vmap(form)(pairs.masses), pairs.selection, phase, charge, quarks)


def _by_parts(real: Float[Array, "n n"], imaginary: Float[Array, "n n"]) -> Float[Array, "m m"]:
    """The matrix for real and imaginary parts."""
    none = jnp.zeros_like(real)
    return jnp.block([[real, none], [none, imaginary]])


class _Integrals(eqx.Module):
    """Of what multiplies each product, over q2 and polarisations.

    Attributes:
        alone: by itself.
        real, imaginary: with each coefficient of the Standard Model, its parts.
        squares: with each product of two of them.
        rows: of `product_forms` that the products are.
    """

    alone: Float[Array, " product"]
    real: Float[Array, "product 4"]
    imaginary: Float[Array, "product 4"]
    squares: Float[Array, "product 4 4"]
    rows: tuple[int, ...] = eqx.field(static=True)

    @classmethod
    def of(
        cls, densities: Densities, c: OfStandardModel, squares: Float[Array, "16 polarisation node"]
    ) -> "_Integrals":
        """In one product of matrices."""
        each = densities.each
        columns = jnp.concatenate([jnp.ones_like(squares[:1]), c.real, c.imag, squares])
        found = each.reshape(len(each), -1) @ columns.reshape(len(columns), -1).T
        squared = found[:, 9:].reshape(-1, 4, 4)
        return cls(found[:, 0], found[:, 1:5], found[:, 5:9], squared, densities.rows)

    @property
    def forms(self) -> Float[np.ndarray, "product 12 12"]:
        """The products as forms in the coefficients."""
        return product_forms()[list(self.rows)]

    def form(self) -> Float[Array, "12 12"]:
        """The rate as a form in coefficients that do not depend on q2."""
        return jnp.tensordot(self.alone, self.forms, 1)

    def linear(self) -> tuple[Float[Array, "12"], Float[Array, "12"]]:
        """Its bilinear with real and with imaginary parts of those of the Standard Model."""
        forms = self.forms[:, :, STANDARD_MODEL]
        return jnp.einsum("tij,tj->i", forms, self.real), jnp.einsum("tij,tj->i", forms, self.imaginary)

    def constant(self) -> Real:
        """The rate for those of the Standard Model."""
        return jnp.sum(self.forms[:, STANDARD_MODEL][:, :, STANDARD_MODEL] * self.squares)


def _products(a: OfStandardModel, b: OfStandardModel) -> Float[Array, "16 polarisation node"]:
    """Re(a_i b_j^*) at each q2."""
    return (a[:, None] * b.conj()).real.reshape(-1, *a.shape[1:])


def _standard_model(
    loops: Effective,
    shifts: Complex[Array, "2 polarisation node"],
    inputs: Inputs,
    quarks: Quarks,
    phase: Complex[Array, ""],
) -> tuple[OfStandardModel, OfStandardModel]:
    """Coefficients of the Standard Model, GeV^-2 and GeV^-1, rotated by the phase.

    Those of the decay, and those of its CP conjugate.
    """
    unit = inputs["G_F"] * inputs["alpha_em(mu_b)"] / (jnp.sqrt(2.0) * jnp.pi) * jnp.abs(lambda_t(inputs, quarks))
    axial = (axial_leptons(inputs, quarks) * phase).real
    up = ckm_product(inputs, UP, quarks) / lambda_t(inputs, quarks)
    m_b = inputs["m_b"]

    def of(up: Complex[Array, ""]) -> OfStandardModel:
        vector, left = unit * (loops.C9 + up * loops.C9_up), jnp.asarray(unit * m_b * loops.C7p, complex)
        right = unit * (m_b * (loops.C7 + up * loops.C7_up) + shifts[0] + up * shifts[1])
        return jnp.stack(jnp.broadcast_arrays(vector - axial, vector + axial, right, left))

    return of(up), of(up.conj())
