"""Leptonic decays of the tau, and tests of lepton universality: are the couplings of e, mu and tau to the W the same?

The ratios are those of HFLAV, over their values in the Standard Model, so that masses, lifetimes and radiative
corrections drop out: |g_tau/g_mu|^2 of tau -> e and mu -> e, |g_tau/g_e|^2 of tau -> mu and mu -> e, |g_mu/g_e|^2 of
tau -> mu and tau -> e, and |g_tau/g_mu|^2 of tau -> P nu and P -> mu nu with P a pion or a kaon. New physics in the
decay of the muon, from which G_F is measured, is in those with it and in the branching ratios; neutrinos of all
flavours count.

Source: arXiv:1310.7922, eqs. (3) to (5); HFLAV-Tau winter 2022 report, section 3. Left- and right-handed leptons
interfere with -4 sqrt(x) G(x), x = m_l'^2/m_l^2, checked against traces (tests/observables/test_tau.py); flavio 2.7.1
lacks the root.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.charged import LeptonNeutrino
from dineutrino.eft.weak_decays import LeptonDecay, WeakDecays
from dineutrino.inputs import Inputs, ckm_matrix
from dineutrino.inputs.leptons import MU, TAU, E
from dineutrino.inputs.quarks import D, S
from dineutrino.matching.weak_decays import photons
from dineutrino.numerics import abs2
from dineutrino.observables.arguments import Whole
from dineutrino.observables.observable import Family, Kernel, Prepared
from dineutrino.running.strong import light_over_heavy
from dineutrino.theory import Theory

Real = Float[Array, ""]
K = TypeVar("K", bound=Kernel)
MASSES = ("m_e", "m_mu", "m_tau")


def F(x: Real) -> Real:
    """Phase space of l -> l' nu nubar with x = m_l'^2/m_l^2."""
    return 1 - 8 * x + 8 * x**3 - x**4 - 12 * x**2 * jnp.log(x)


def G(x: Real) -> Real:
    """The same where the helicity of l' is flipped."""
    return 1 + 9 * x - 9 * x**2 - x**3 + 6 * x * (1 + x) * jnp.log(x)


class Rate(eqx.Module):
    """l -> l' nu nubar over its Standard Model, whose neutrino is that of l and whose antineutrino is that of l'.

    Attributes:
        flip: -4 sqrt(x) G(x)/F(x), the interference of left- and right-handed l'.
        standard_model: -4 G_F/sqrt2, GeV^-2.
        place: (l, l').
    """

    flip: Real
    standard_model: Real
    place: tuple[int, int] = eqx.field(static=True)

    def __call__(self, new: LeptonDecay, fermi: Real | float = 1.0) -> Real:
        """1 without new physics; `fermi` is the Fermi constant over the one that is measured."""
        left = new.left.at[self.place].add(fermi * self.standard_model)
        squares = abs2(left) + abs2(new.right) + self.flip * jnp.real(left * new.right.conj())
        return jnp.sum(squares) / self.standard_model**2


def true_fermi_constant(muon: Rate, new: WeakDecays) -> Real:
    """The Fermi constant over the one that is measured in the decay of the muon, to first order in new physics."""
    return 1 / jnp.sqrt(muon(new.mu_e))


class LeptonicTau(eqx.Module):
    """Leptonic decays of muons and taus.

    Attributes:
        mu_e, tau_e, tau_mu: over their Standard Model.
        branching_e, branching_mu: of the tau in the Standard Model.
    """

    mu_e: Rate
    tau_e: Rate
    tau_mu: Rate
    branching_e: Real
    branching_mu: Real

    def electrons(self, theory: Theory) -> Real:
        """tau -> e nu nubar over the Standard Model."""
        new = theory.weak_decays()
        return self.tau_e(new.tau_e, true_fermi_constant(self.mu_e, new))

    def muons(self, theory: Theory) -> Real:
        """tau -> mu nu nubar over the Standard Model."""
        new = theory.weak_decays()
        return self.tau_mu(new.tau_mu, true_fermi_constant(self.mu_e, new))

    def to_electron(self, theory: Theory) -> Real:
        """BR(tau -> e nu nubar)."""
        return self.branching_e * self.electrons(theory)

    def to_muon(self, theory: Theory) -> Real:
        """BR(tau -> mu nu nubar)."""
        return self.branching_mu * self.muons(theory)

    def tau_over_muon(self, theory: Theory) -> Real:
        """|g_tau/g_mu|: the muon decays as it is measured."""
        return jnp.sqrt(self.electrons(theory))

    def tau_over_electron(self, theory: Theory) -> Real:
        """|g_tau/g_e|."""
        return jnp.sqrt(self.muons(theory))

    def muon_over_electron(self, theory: Theory) -> Real:
        """|g_mu/g_e|."""
        return jnp.sqrt(self.muons(theory) / self.electrons(theory))

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        new = theory.weak_decays()
        return jax.tree.leaves((self, new.mu_e, new.tau_e, new.tau_mu))


class SemileptonicTau(eqx.Module):
    """tau -> P nu over P -> mu nu.

    Attributes:
        muon: decay of the muon, from which the Fermi constant is.
        standard_model: -4 G_F/sqrt2 V_ui times what photons add to it, GeV^-2.
        enhancement: of scalar currents with a muon and with a tau, m_P^2/(m_l (m_i + m_u)).
        down: column of the CKM matrix, d of pions and s of kaons.
    """

    muon: Rate
    standard_model: Complex[Array, ""]
    enhancement: Float[Array, "2"]
    down: int = eqx.field(static=True)

    def current(self, new: WeakDecays) -> LeptonNeutrino:
        """New physics alone."""
        return new.ud if self.down == D else new.us

    def tau_over_muon(self, theory: Theory) -> Real:
        """|g_tau/g_mu|."""
        decays = theory.weak_decays()
        new, fermi = self.current(decays), true_fermi_constant(self.muon, decays)
        axial = new.VL - new.VR + fermi * self.standard_model * jnp.eye(3)
        whole = axial[MU:] + self.enhancement[:, None] * (new.SR - new.SL)[MU:]
        muon, tau = jnp.sum(abs2(whole), axis=1)
        return jnp.sqrt(tau / muon)

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        new = theory.weak_decays()
        return jax.tree.leaves((self, new.mu_e, self.current(new)))


def rate(a: int, b: int, inputs: Inputs) -> Rate:
    """Lepton a into lepton b at these inputs."""
    x = _x(a, b, inputs)
    return Rate(-4 * jnp.sqrt(x) * G(x) / F(x), -2 * jnp.sqrt(2.0) * inputs["G_F"], (a, b))


def _x(a: int, b: int, inputs: Inputs) -> Real:
    return (inputs[MASSES[b]] / inputs[MASSES[a]]) ** 2


def leptonic(inputs: Inputs) -> LeptonicTau:
    """Leptonic decays at these inputs."""

    def branching(b: int) -> Real:
        width = inputs["G_F"] ** 2 * inputs["m_tau"] ** 5 / (192 * jnp.pi**3) * F(_x(TAU, b, inputs))
        w = (3 * inputs["m_tau"] ** 2 + 9 * inputs[MASSES[b]] ** 2) / (5 * inputs["m_W"] ** 2)
        return inputs["tau_tau"] * width * (1 + inputs["delta_gamma(tau->lnunu)"]) * (1 + w)

    mu_e, tau_e, tau_mu = (rate(a, b, inputs) for a, b in ((MU, E), (TAU, E), (TAU, MU)))
    return LeptonicTau(mu_e, tau_e, tau_mu, branching(E), branching(MU))


def semileptonic(meson: str, down: int, inputs: Inputs) -> SemileptonicTau:
    """The ratio for a pion or a kaon at these inputs."""
    light = inputs["m_d(2 GeV)"]
    if down == S:
        light = inputs["m_s"] * light_over_heavy(inputs)
    leptons = jnp.stack([inputs["m_mu"], inputs["m_tau"]])
    enhancement = inputs[f"m_{meson}"] ** 2 / (leptons * (light + inputs["m_u(2 GeV)"]))
    unit = -2 * jnp.sqrt(2.0) * inputs["G_F"] * photons(inputs)
    return SemileptonicTau(rate(MU, E, inputs), unit * ckm_matrix(inputs)[0, down], enhancement, down)


@dataclass(frozen=True)
class TauDecay(Prepared[K]):
    """A number of decays of taus.

    Attributes:
        kernel: from the inputs.
        key: what has the same kernel.
    """

    kernel: Callable[[Inputs], K]
    key: str

    def family(self, *numbers: float) -> Family:
        """Observables with the same kernel."""
        return Family(("tau", self.key), ())

    def kernel_at(self, inputs: Inputs) -> K:
        """Standard Model, and what new physics interferes with."""
        return self.kernel(inputs)


def _of(
    name: str, tex: str, process: str, description: str, kernel: Callable[[Inputs], K], key: str,
    value: Callable[[K, Theory], Real],
) -> TauDecay[K]:  # fmt: skip
    return TauDecay(
        name=name,
        tex=tex,
        process=process,
        unit="1",
        description=description,
        source="arXiv:1310.7922; HFLAV-Tau winter 2022 report",
        takes=(Whole,),
        transitions=(),
        value=value,
        is_fraction=False,
        kernel=kernel,
        key=key,
    )


def _pion(inputs: Inputs) -> SemileptonicTau:
    return semileptonic("pi+", D, inputs)


def _kaon(inputs: Inputs) -> SemileptonicTau:
    return semileptonic("K+", S, inputs)


_TO_E, _TO_MU = r"\tau\to e\nu\bar\nu", r"\tau\to\mu\nu\bar\nu"
TAU_DECAYS = (
    _of("BR(tau->enunu)", rf"\mathcal{{B}}({_TO_E})", _TO_E, "branching ratio, tau -> e nu nu", leptonic, "leptonic",
        LeptonicTau.to_electron),
    _of("BR(tau->mununu)", rf"\mathcal{{B}}({_TO_MU})", _TO_MU, "branching ratio, tau -> mu nu nu", leptonic,
        "leptonic", LeptonicTau.to_muon),
    _of("g_tau/g_mu", r"|g_\tau/g_\mu|", _TO_E, "couplings to the W from tau -> e nu nu over mu -> e nu nu", leptonic,
        "leptonic", LeptonicTau.tau_over_muon),
    _of("g_tau/g_e", r"|g_\tau/g_e|", _TO_MU, "couplings to the W from tau -> mu nu nu over mu -> e nu nu", leptonic,
        "leptonic", LeptonicTau.tau_over_electron),
    _of("g_mu/g_e", r"|g_\mu/g_e|", _TO_MU, "couplings to the W from tau -> mu nu nu over tau -> e nu nu", leptonic,
        "leptonic", LeptonicTau.muon_over_electron),
    _of("g_tau/g_mu(pi)", r"|g_\tau/g_\mu|_\pi", r"\tau\to\pi\nu",
        "couplings to the W from tau -> pi nu over pi -> mu nu", _pion, "pion", SemileptonicTau.tau_over_muon),
    _of("g_tau/g_mu(K)", r"|g_\tau/g_\mu|_K", r"\tau\to K\nu",
        "couplings to the W from tau -> K nu over K -> mu nu", _kaon, "kaon", SemileptonicTau.tau_over_muon),
)  # fmt: skip
"""Tests of universality and leptonic branching ratios."""
