"""b -> c l nu and b -> u l nu with all five currents: R(D), R(D*), R(Lambda_c), polarisations, annihilation into a tau.

For fixed inputs every rate is a quadratic form in the coefficients of one lepton and one neutrino: hadronic and
leptonic side are integrated once for each pair of currents. New physics may be in the light leptons of a ratio too.

Source: arXiv:1309.0301 and arXiv:1506.08896 for decays to D and D*, in terms of the sides of `dineutrino.invisible`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.charged import LeptonNeutrino
from dineutrino.hadronic import Amplitudes, Masses, amplitudes, flux, to_nothing
from dineutrino.inputs import Inputs, ckm_matrix
from dineutrino.inputs.quarks import B
from dineutrino.invisible.lepton_neutrino import Five, lepton_neutrino, negative_helicity
from dineutrino.invisible.spectrum import Currents, contract
from dineutrino.numerics import integrate
from dineutrino.observables.arguments import Whole
from dineutrino.observables.observable import Family, Kernel, Prepared
from dineutrino.observables.pair_kernel import ORDER
from dineutrino.theory import Theory

K = TypeVar("K", bound=Kernel)
Real = Float[Array, ""]
Form = Float[Array, "*lepton 5 5"]
LEPTONS = ("m_e", "m_mu", "m_tau")
TAU = 2
CHARM = 1
"""Row of the CKM matrix."""


class Amplitude(eqx.Module):
    """All coefficients of one transition: the Standard Model with new physics.

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


class ToCharm(eqx.Module):
    """B -> D, D* or Lambda_b -> Lambda_c with any lepton.

    Attributes:
        forms: the widths, one for each lepton, GeV^5.
        amplitude: the coefficients.
    """

    forms: Float[Array, "3 5 5"]
    amplitude: Amplitude

    def ratio(self, theory: Theory) -> Real:
        """The width with a tau over the average of those with an electron and with a muon."""
        return self._ratio(self.amplitude(theory))

    def ratio_over_standard_model(self, theory: Theory) -> Real:
        """The same over its value in the Standard Model."""
        left = self.amplitude.standard_model * jnp.eye(3)
        return self.ratio(theory) / self._ratio(jnp.zeros((3, 3, 5), dtype=complex).at[..., 0].set(left))

    def _ratio(self, coefficients: Complex[Array, "lepton neutrino 5"]) -> Real:
        widths = rates(self.forms, coefficients)
        return widths[TAU] / jnp.mean(widths[:TAU])

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        return jax.tree.leaves((self, self.amplitude.new(theory)))


class Polarised(eqx.Module):
    """B -> D* tau nu by polarisations.

    Attributes:
        whole, longitudinal, negative: all decays, those with a longitudinal D*, and with a tau of helicity -1/2; GeV^5.
        amplitude: the coefficients.
    """

    whole: Float[Array, "5 5"]
    longitudinal: Float[Array, "5 5"]
    negative: Float[Array, "5 5"]
    amplitude: Amplitude

    def fraction(self, theory: Theory) -> Real:
        """F_L, the fraction of longitudinal D*."""
        x = self.amplitude(theory)[TAU]
        return rates(self.longitudinal, x) / rates(self.whole, x)

    def polarisation(self, theory: Theory) -> Real:
        """P_tau, the number of taus of helicity +1/2 less that of -1/2 over all."""
        x = self.amplitude(theory)[TAU]
        return 1 - 2 * rates(self.negative, x) / rates(self.whole, x)

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        return jax.tree.leaves((self, self.amplitude.new(theory)))


class ToTau(eqx.Module):
    """A meson that annihilates into a tau and a neutrino.

    Attributes:
        form: the branching ratio, GeV^4.
        amplitude: the coefficients.
    """

    form: Float[Array, "5 5"]
    amplitude: Amplitude

    def rate(self, theory: Theory) -> Real:
        """The branching ratio."""
        return rates(self.form, self.amplitude(theory)[TAU])

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        return jax.tree.leaves((self, self.amplitude.new(theory)))


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
Part = Callable[[Float[Array, " node"], Real, Currents], Currents]
"""Which leptons are kept: from (q2, mass of the lepton, spectral functions)."""


def _all(q2: Float[Array, " node"], mass: Real, summed: Currents) -> Currents:
    return summed


def form(decay: Decay, inputs: Inputs, mass: Real, longitudinal: bool = False, part: Part = _all) -> Form:
    """The width of a decay with a lepton of that mass as a quadratic form, GeV^5."""
    masses = Masses(inputs[f"m_{decay.parent}"], inputs[f"m_{decay.daughter}"], inputs["m_b"], inputs["m_c"])
    fit = inputs.form_factors[decay.transition]

    def width(x: Five) -> Real:
        def spectrum(q2: Float[Array, " node"]) -> Float[Array, " node"]:
            leptonic = part(q2, mass, lepton_neutrino(q2, mass, x))
            return flux(q2, masses) * contract(decay.amplitudes(q2, masses, fit, longitudinal), leptonic)

        return integrate(spectrum, mass**2, masses.q2_max, None, None, ORDER, 0.0, None)

    return jax.hessian(width)(jnp.zeros(5)) / 2


def to_charm(decay: Decay, inputs: Inputs) -> ToCharm:
    """R(D), R(D*) or R(Lambda_c) at these inputs."""
    masses = jnp.stack([inputs[name] for name in LEPTONS])
    return ToCharm(jax.vmap(lambda mass: form(decay, inputs, mass))(masses), Amplitude.of(inputs, CHARM))


def polarised(decay: Decay, inputs: Inputs) -> Polarised:
    """Polarisations in B -> D* tau nu at these inputs."""
    mass = inputs["m_tau"]
    return Polarised(
        form(decay, inputs, mass),
        form(decay, inputs, mass, longitudinal=True),
        form(decay, inputs, mass, part=negative_helicity),
        Amplitude.of(inputs, CHARM),
    )


@dataclass(frozen=True)
class Meson:
    """A charged meson with a b quark: its suffix in names of inputs, the row and the mass of its other quark."""

    name: str
    up: int
    mass: str


def to_tau(meson: Meson, inputs: Inputs) -> ToTau:
    """The branching ratio of B+ or B_c into tau nu at these inputs."""
    m, mass = inputs[f"m_{meson.name}"], inputs["m_tau"]
    masses = Masses(m, jnp.zeros(()), inputs["m_b"], inputs[meson.mass])
    hadronic = to_nothing.hadronic_currents(inputs[f"f_{meson.name}"], masses)

    def rate(x: Five) -> Real:
        return inputs[f"tau_{meson.name}"] * to_nothing.width(hadronic, lepton_neutrino(m**2, mass, x), masses)

    return ToTau(jax.hessian(rate)(jnp.zeros(5)) / 2, Amplitude.of(inputs, meson.up))


@dataclass(frozen=True)
class ChargedCurrent(Prepared[K]):
    """A number of one decay with a charged lepton.

    Attributes:
        kernel: from the inputs.
        key: what has the same kernel.
    """

    kernel: Callable[[Inputs], K]
    key: str

    def family(self, *numbers: float) -> Family:
        """Observables with the same kernel: decays of this kind have little in common."""
        return Family(("charged", self.key), ())

    def kernel_at(self, inputs: Inputs) -> K:
        """All integrals of the decay."""
        return self.kernel(inputs)


def _of(
    name: str,
    tex: str,
    process: str,
    description: str,
    kernel: Callable[[Inputs], K],
    key: str,
    value: Callable[[K, Theory], Real],
    transitions: tuple[str, ...] = (),
) -> ChargedCurrent[K]:
    return ChargedCurrent(
        name=name,
        tex=tex,
        process=process,
        unit="1",
        description=description,
        source="arXiv:1309.0301; arXiv:1506.08896",
        takes=(Whole,),
        transitions=transitions,
        value=value,
        is_fraction=False,
        kernel=kernel,
        key=key,
    )


_TO_D, _TO_D_STAR, _TO_LAMBDA_C = (partial(to_charm, decay) for decay in (D, D_STAR, LAMBDA_C))
_POLARISED = partial(polarised, D_STAR)
_D_STAR_TAU = r"B^0\to D^{*-}\tau^+\nu"
CHARGED_CURRENTS = (
    _of("Rtaul(B->Dlnu)", r"R(D)", r"B\to D\ell\nu", "B -> D tau nu over the average of e and mu", _TO_D, "D",
        ToCharm.ratio, ("B->D",)),
    _of("Rtaul(B->D*lnu)", r"R(D^*)", r"B\to D^*\ell\nu", "B -> D* tau nu over the average of e and mu", _TO_D_STAR,
        "D*", ToCharm.ratio, ("B->D*",)),
    _of("Rtaul(Lambdab->Lambdaclnu)", r"R(\Lambda_c)", r"\Lambda_b\to\Lambda_c\ell\nu",
        "Lambda_b -> Lambda_c tau nu over the average of e and mu", _TO_LAMBDA_C, "Lambda_c", ToCharm.ratio,
        ("Lambda_b->Lambda_c",)),
    _of("R(B->Dtaunu)", r"R(D)/R(D)_{\mathrm{SM}}", r"B\to D\ell\nu", "R(D) over its Standard Model value", _TO_D, "D",
        ToCharm.ratio_over_standard_model, ("B->D",)),
    _of("R(B->D*taunu)", r"R(D^*)/R(D^*)_{\mathrm{SM}}", r"B\to D^*\ell\nu", "R(D*) over its Standard Model value",
        _TO_D_STAR, "D*", ToCharm.ratio_over_standard_model, ("B->D*",)),
    _of("FLtot(B0->D*taunu)", rf"F_L({_D_STAR_TAU})", _D_STAR_TAU, "fraction of longitudinal D* in B0 -> D* tau nu",
        _POLARISED, "D* tau", Polarised.fraction, ("B->D*",)),
    _of("Ptau(B0->D*taunu)", rf"P_\tau({_D_STAR_TAU})", _D_STAR_TAU, "polarisation of the tau in B0 -> D* tau nu",
        _POLARISED, "D* tau", Polarised.polarisation, ("B->D*",)),
    _of("BR(B+->taunu)", r"\mathcal{B}(B^+\to\tau^+\nu)", r"B^+\to\tau^+\nu", "branching ratio, B+ -> tau nu",
        partial(to_tau, Meson("B+", 0, "m_u(2 GeV)")), "B+", ToTau.rate),
    _of("BR(Bc->taunu)", r"\mathcal{B}(B_c\to\tau\nu)", r"B_c\to\tau\nu", "branching ratio, B_c -> tau nu",
        partial(to_tau, Meson("B_c", CHARM, "m_c")), "B_c", ToTau.rate),
)  # fmt: skip
