"""b -> c l nu and b -> u l nu with all five currents: R(D), R(D*), R(Lambda_c), polarisations, annihilation into a tau.

New physics may be in the light leptons of a ratio too, and in right-handed neutrinos N, which add rates of their own.

Source: arXiv:1309.0301 and arXiv:1506.08896, in terms of the widths of `dineutrino.observables.charged_widths`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.charged import RightHanded
from dineutrino.hadronic import Masses
from dineutrino.inputs import Inputs
from dineutrino.inputs.leptons import TAU
from dineutrino.invisible.lepton_neutrino import Five, mirrored, negative_helicity
from dineutrino.observables.arguments import Whole
from dineutrino.observables.charged_widths import (
    CHARM,
    D_STAR,
    LAMBDA_C,
    Amplitude,
    Annihilation,
    D,
    Decay,
    Hadrons,
    Part,
    Real,
    each_right_handed,
    every,
    rates,
)
from dineutrino.observables.forms import quadratic_form
from dineutrino.observables.observable import Family, Kernel, Prepared
from dineutrino.theory import Theory

K = TypeVar("K", bound=Kernel)
LEPTONS = ("m_e", "m_mu", "m_tau")


class ToCharm(eqx.Module):
    """B -> D, D* or Lambda_b -> Lambda_c with any lepton.

    Attributes:
        forms: the widths, one for each lepton, GeV^5.
        amplitude: the coefficients.
        hadrons: for neutrinos with a mass.
        leptons: masses of e, mu and tau, GeV.
    """

    forms: Float[Array, "3 5 5"]
    amplitude: Amplitude
    hadrons: Hadrons
    leptons: Float[Array, "3"]

    def ratio(self, theory: Theory) -> Real:
        """The width with a tau over the average of those with an electron and with a muon."""
        return self._ratio(self.amplitude(theory), theory.wet.right_handed)

    def ratio_over_standard_model(self, theory: Theory) -> Real:
        """The same over its value in the Standard Model."""
        left = self.amplitude.standard_model * jnp.eye(3)
        return self.ratio(theory) / self._ratio(jnp.zeros((3, 3, 5), dtype=complex).at[..., 0].set(left), None)

    def _ratio(self, coefficients: Complex[Array, "lepton neutrino 5"], new: RightHanded | None) -> Real:
        own = [self.hadrons.right_handed(new, CHARM, i, mass) for i, mass in enumerate(self.leptons)]
        widths = rates(self.forms, coefficients) + jnp.stack(own)
        return widths[TAU] / jnp.mean(widths[:TAU])

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        more = () if theory.wet.right_handed is None else (self.hadrons, self.leptons)
        return jax.tree.leaves((self.forms, self.amplitude, more, self.amplitude.new(theory)))


class Polarised(eqx.Module):
    """B -> D* tau nu by polarisations.

    Attributes:
        whole, longitudinal, negative: all decays, those with a longitudinal D*, and with a tau of helicity -1/2; GeV^5.
        amplitude: the coefficients.
        hadrons: for neutrinos with a mass.
        tau: mass of the tau, GeV.
    """

    whole: Float[Array, "5 5"]
    longitudinal: Float[Array, "5 5"]
    negative: Float[Array, "5 5"]
    amplitude: Amplitude
    hadrons: Hadrons
    tau: Real

    def fraction(self, theory: Theory) -> Real:
        """F_L, the fraction of longitudinal D*."""
        x = self.amplitude(theory)[TAU]
        longitudinal = rates(self.longitudinal, x) + self._right_handed(theory, longitudinal=True)
        return longitudinal / (rates(self.whole, x) + self._right_handed(theory))

    def polarisation(self, theory: Theory) -> Real:
        """P_tau, the number of taus of helicity +1/2 less that of -1/2 over all.

        Mirror images have the other sign.
        """
        x = self.amplitude(theory)[TAU]
        left, right = rates(self.whole, x), self._right_handed(theory)
        less = left - 2 * rates(self.negative, x)
        mirror = right - 2 * self._right_handed(theory, part=negative_helicity)
        return (less - mirror) / (left + right)

    def _right_handed(self, theory: Theory, longitudinal: bool = False, part: Part = every) -> Real:
        return self.hadrons.right_handed(theory.wet.right_handed, CHARM, TAU, self.tau, longitudinal, part)

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        forms = (self.whole, self.longitudinal, self.negative)
        more = () if theory.wet.right_handed is None else (self.hadrons, self.tau)
        return jax.tree.leaves((forms, self.amplitude, more, self.amplitude.new(theory)))


class ToTau(eqx.Module):
    """A meson that annihilates into a tau and a neutrino.

    Attributes:
        form: the branching ratio, GeV^4.
        amplitude: the coefficients.
        annihilation: for neutrinos with a mass.
        tau: mass of the tau, GeV.
    """

    form: Float[Array, "5 5"]
    amplitude: Amplitude
    annihilation: Annihilation
    tau: Real

    def rate(self, theory: Theory) -> Real:
        """The branching ratio."""

        def one(neutrino: Real, x: Five) -> Real:
            return self.annihilation.rate(self.tau, mirrored(x), neutrino)

        own = each_right_handed(theory.wet.right_handed, self.amplitude.up, TAU, one)
        return rates(self.form, self.amplitude(theory)[TAU]) + own

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        more = () if theory.wet.right_handed is None else (self.annihilation, self.tau)
        return jax.tree.leaves((self.form, self.amplitude, more, self.amplitude.new(theory)))


def to_charm(decay: Decay, inputs: Inputs) -> ToCharm:
    """R(D), R(D*) or R(Lambda_c) at these inputs."""
    leptons, hadrons = jnp.stack([inputs[name] for name in LEPTONS]), Hadrons.of(decay, inputs)
    return ToCharm(jax.vmap(hadrons.form)(leptons), Amplitude.of(inputs, CHARM), hadrons, leptons)


def polarised(decay: Decay, inputs: Inputs) -> Polarised:
    """Polarisations in B -> D* tau nu at these inputs."""
    tau, hadrons = inputs["m_tau"], Hadrons.of(decay, inputs)
    return Polarised(
        hadrons.form(tau),
        hadrons.form(tau, longitudinal=True),
        hadrons.form(tau, part=negative_helicity),
        Amplitude.of(inputs, CHARM),
        hadrons,
        tau,
    )


@dataclass(frozen=True)
class Meson:
    """A charged meson with a b quark: its suffix in names of inputs, the row and the mass of its other quark."""

    name: str
    up: int
    mass: str


def to_tau(meson: Meson, inputs: Inputs) -> ToTau:
    """The branching ratio of B+ or B_c into tau nu at these inputs."""
    m, tau = inputs[f"m_{meson.name}"], inputs["m_tau"]
    masses = Masses(m, jnp.zeros(()), inputs["m_b"], inputs[meson.mass])
    annihilation = Annihilation(masses, inputs[f"f_{meson.name}"], inputs[f"tau_{meson.name}"])
    form = quadratic_form(partial(annihilation.rate, tau), 5)
    return ToTau(form, Amplitude.of(inputs, meson.up), annihilation, tau)


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
