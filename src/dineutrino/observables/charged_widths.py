"""Widths of b -> c l nu and b -> u l nu with any lepton and neutrino: integrals over q2, and annihilation.

For fixed inputs the width of massless neutrinos is a quadratic form in five coefficients: hadronic and leptonic side
are integrated once for each pair of currents. Right-handed neutrinos N have masses, which belong to a point of the new
physics, and so do their integrals.

Source: arXiv:1309.0301 and arXiv:1506.08896 for decays to D and D*, in terms of the sides of `dineutrino.invisible`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.charged import LeptonNeutrino, RightHanded
from dineutrino.hadronic import Amplitudes, Masses, amplitudes, flux, to_nothing
from dineutrino.inputs import FormFactorCoefficients, Inputs, ckm_matrix
from dineutrino.inputs.quarks import B
from dineutrino.invisible.lepton_neutrino import MASSLESS, Five, lepton_neutrino, mirrored
from dineutrino.invisible.spectrum import Currents, contract
from dineutrino.numerics import integrate
from dineutrino.observables.forms import quadratic_form
from dineutrino.observables.pair_kernel import ORDER
from dineutrino.theory import Theory

Real = Float[Array, ""]
Nodes = Float[Array, " node"]
Form = Float[Array, "*lepton 5 5"]
CHARM = 1
"""Row of the CKM matrix."""


class Amplitude(eqx.Module):
    """All coefficients of one transition with left-handed neutrinos: the Standard Model with new physics.

    Attributes:
        standard_model: of the current VL, -4 G_F/sqrt2 V_cb times what photons add to it, GeV^-2.
        up: 0 for b -> u, 1 for b -> c.
    """

    standard_model: Complex[Array, ""]
    up: int = eqx.field(static=True)

    @classmethod
    def of(cls, inputs: Inputs, up: int) -> "Amplitude":
        """In the Standard Model at these inputs."""
        unit = -2 * jnp.sqrt(2.0) * inputs["G_F"] * inputs["eta_EW"]
        return cls(unit * ckm_matrix(inputs)[up, B], up)

    def new(self, theory: Theory) -> LeptonNeutrino:
        """New physics alone."""
        charged = theory.charged()
        return charged.cb if self.up == CHARM else charged.ub

    def __call__(self, theory: Theory) -> Complex[Array, "lepton neutrino 5"]:
        """Coefficients of the five currents for each lepton and neutrino."""
        new = self.new(theory)
        left = new.VL + self.standard_model * jnp.eye(3)
        return jnp.stack([left, new.VR, new.SL, new.SR, new.T], axis=-1)


def rates(form: Form, x: Complex[Array, "*lepton neutrino 5"]) -> Float[Array, "*lepton"]:
    """The sum over neutrinos of x^dagger F x."""
    return jnp.sum(jnp.real(x.conj() * jnp.einsum("...ij,...nj->...ni", form, x)), axis=(-2, -1))


Part = Callable[[Nodes, Real, Currents, Real | float], Currents]
"""Which leptons are kept: from (q2, mass of the lepton, spectral functions, mass of the neutrino)."""


def every(q2: Nodes, mass: Real, summed: Currents, neutrino: Real | float) -> Currents:
    """All leptons, whatever their helicity."""
    return summed


def each_right_handed(
    new: RightHanded | None, up: int, lepton: int, rate: Callable[[Real, Complex[Array, "5"]], Real]
) -> Real:
    """The sum over right-handed neutrinos of a rate, a function of the mass and the five coefficients."""
    if new is None:
        return jnp.asarray(0.0)
    sector = new.currents.cb if up == CHARM else new.currents.ub
    five = jnp.stack([sector.VL, sector.VR, sector.SL, sector.SR, sector.T], axis=-1)
    return jnp.sum(jax.vmap(rate)(jnp.where(new.masses >= 0, new.masses, jnp.nan), five[lepton]))


@dataclass(frozen=True)
class Decay:
    """A semileptonic decay: suffixes of the masses of its hadrons, form factors, and the hadronic side."""

    parent: str
    daughter: str
    transition: str
    amplitudes: Amplitudes


D = Decay("B0", "D+", "B->D", amplitudes.pseudoscalar)
D_STAR = Decay("B0", "D*+", "B->D*", amplitudes.vector)
LAMBDA_C = Decay("Lambda_b", "Lambda_c", "Lambda_b->Lambda_c", amplitudes.baryon)


class Hadrons(eqx.Module):
    """The hadronic side of a semileptonic decay.

    Attributes:
        masses: of hadrons and quarks.
        fit: of the form factors.
        amplitudes: the currents.
    """

    masses: Masses
    fit: FormFactorCoefficients
    amplitudes: Amplitudes = eqx.field(static=True)

    @classmethod
    def of(cls, decay: Decay, inputs: Inputs) -> "Hadrons":
        """At these inputs."""
        masses = Masses(inputs[f"m_{decay.parent}"], inputs[f"m_{decay.daughter}"], inputs["m_b"], inputs["m_c"])
        return cls(masses, inputs.form_factors[decay.transition], decay.amplitudes)

    def width(self, leptons: Callable[[Nodes], Currents], threshold: Real, longitudinal: bool = False) -> Real:
        """The integral over q2 from the threshold with these leptons, GeV for coefficients in GeV^-2."""

        def spectrum(q2: Nodes) -> Nodes:
            hadronic = self.amplitudes(q2, self.masses, self.fit, longitudinal)
            return flux(q2, self.masses) * contract(hadronic, leptons(q2))

        start = jnp.minimum(threshold, self.masses.q2_max)
        return integrate(spectrum, start, self.masses.q2_max, None, None, ORDER, 0.0, None)

    def form(self, mass: Real, longitudinal: bool = False, part: Part = every) -> Form:
        """The width into a lepton of that mass and a massless left-handed neutrino as a quadratic form, GeV^5."""

        def width(x: Five) -> Real:
            def leptons(q2: Nodes) -> Currents:
                return part(q2, mass, lepton_neutrino(q2, mass, x), MASSLESS)

            return self.width(leptons, mass**2, longitudinal)

        return quadratic_form(width, 5)

    def right_handed(
        self, new: RightHanded | None, up: int, lepton: int, mass: Real, longitudinal: bool = False, part: Part = every
    ) -> Real:
        """The width into one lepton and any right-handed neutrino, of whose mirror image `part` is; GeV."""

        def one(neutrino: Real, x: Five) -> Real:
            def leptons(q2: Nodes) -> Currents:
                return part(q2, mass, lepton_neutrino(q2, mass, mirrored(x), neutrino), neutrino)

            return self.width(leptons, jnp.square(mass + neutrino), longitudinal)

        return each_right_handed(new, up, lepton, one)


class Annihilation(eqx.Module):
    """A meson without a daughter.

    Attributes:
        masses: of the meson and the quarks.
        decay_constant: GeV.
        lifetime: GeV^-1.
    """

    masses: Masses
    decay_constant: Real
    lifetime: Real

    def rate(self, mass: Real, x: Five, neutrino: Real | float = MASSLESS) -> Real:
        """The branching ratio into a lepton and a left-handed neutrino with these masses and coefficients."""
        leptons = lepton_neutrino(self.masses.B**2, mass, x, neutrino)
        hadronic = to_nothing.hadronic_currents(self.decay_constant, self.masses)
        return self.lifetime * to_nothing.width(hadronic, leptons, self.masses)
