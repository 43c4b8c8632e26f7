"""What is measured of meson mixing: mass differences of B0 and B_s, sines of their phases, and epsilon_K.

Fits of the unitarity triangle say how much of it is left for new physics: C exp(2i phi) = M12/M12_SM of B0 and B_s, and
C_epsK, the same ratio of epsilon_K.

The part of B mixing that goes through decays, below 1% of M12, changes these by less than 1e-4 and is left out; so are
penguins in b -> c cbar s.

Source: arXiv:hep-ph/9806471; arXiv:1911.06822 (epsilon_K).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array

from dineutrino.inputs import Inputs
from dineutrino.inputs.ckm import CHARM, ckm_product
from dineutrino.numerics import abs2, sqrt_or_zero
from dineutrino.observables import m12
from dineutrino.observables.arguments import Whole
from dineutrino.observables.m12 import M12, Amplitude, Meson, Real
from dineutrino.observables.observable import Family, Kernel, Prepared
from dineutrino.theory import Theory

K = TypeVar("K", bound=Kernel)


class BMixing(eqx.Module):
    """Mixing of a B meson, and the phase of its decays into charmonium.

    Attributes:
        mixing: M12.
        decay: V_cb V_cq^*, the CKM elements of b -> c cbar q.
    """

    mixing: M12
    decay: Amplitude

    def mass_difference(self, theory: Theory) -> Real:
        """2 |M12|, GeV."""
        return 2 * sqrt_or_zero(abs2(self.mixing(theory)))

    def sine(self, theory: Theory) -> Real:
        """sin(arg M12 - 2 arg V_cb V_cq^*) for a CP-odd final state; zero where nothing mixes."""
        product = self.mixing(theory) * self.decay.conj() ** 2
        size = sqrt_or_zero(abs2(product))
        return jnp.where(size > 0, jnp.imag(product) / jnp.where(size > 0, size, 1.0), 0.0)

    def even(self, theory: Theory) -> Real:
        """Minus that: for a CP-even final state."""
        return -self.sine(theory)

    def size(self, theory: Theory) -> Real:
        """C, the size of M12 over that in the Standard Model."""
        return sqrt_or_zero(abs2(self.mixing(theory) / self.mixing.standard_model))

    def phase(self, theory: Theory) -> Real:
        """phi, half the phase of M12 over that in the Standard Model, rad; zero where nothing mixes."""
        ratio = self.mixing(theory) / self.mixing.standard_model
        return jnp.angle(jnp.where(abs2(ratio) > 0, ratio, 1.0)) / 2

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        return [*self.mixing.entries(theory), self.decay]


class KaonMixing(eqx.Module):
    """Mixing of kaons as epsilon_K sees it.

    Attributes:
        mixing: M12.
        unit: kappa_epsilon/(sqrt2 DeltaM_K), GeV^-1.
    """

    mixing: M12
    unit: Real

    def epsilon(self, theory: Theory) -> Real:
        """kappa_epsilon Im M12/(sqrt2 DeltaM_K), in the standard phase convention."""
        return self.unit * jnp.imag(self.mixing(theory))

    def size(self, theory: Theory) -> Real:
        """C, the imaginary part of M12 over that in the Standard Model."""
        return jnp.imag(self.mixing(theory)) / jnp.imag(self.mixing.standard_model)

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        return [*self.mixing.entries(theory), self.unit]


def _b_mixing(meson: Meson, inputs: Inputs) -> BMixing:
    return BMixing(m12.m12(meson, inputs), ckm_product(inputs, CHARM, meson.quarks))


def _kaon_mixing(meson: Meson, inputs: Inputs) -> KaonMixing:
    return KaonMixing(m12.m12(meson, inputs), inputs["kappa_epsilon"] / (jnp.sqrt(2.0) * inputs["DeltaM_K"]))


@dataclass(frozen=True)
class MesonMixing(Prepared[K]):
    """A number that follows from the mixing of one meson.

    Attributes:
        meson: which of them.
        kernel: from the inputs.
    """

    meson: Meson
    kernel: Callable[[Meson, Inputs], K]

    def family(self, *numbers: float) -> Family:
        """All observables of one meson: they have the same kernel, and mesons have little in common."""
        return Family(("mixing", self.meson.name), ())

    def kernel_at(self, inputs: Inputs) -> K:
        """M12 in the Standard Model, and what it is linear in."""
        return self.kernel(self.meson, inputs)


def _of(
    name: str,
    tex: str,
    process: str,
    unit: str,
    description: str,
    meson: Meson,
    kernel: Callable[[Meson, Inputs], K],
    value: Callable[[K, Theory], Real],
    source: str = "arXiv:hep-ph/9806471; arXiv:2212.10497",
) -> MesonMixing[K]:
    return MesonMixing(
        name=name,
        tex=tex,
        process=process,
        unit=unit,
        description=description,
        source=source
        or (
            "arXiv:hep-ph/9806471; arXiv:1911.06822" if meson is m12.KAON else "arXiv:hep-ph/9806471; arXiv:2212.10497"
        ),
        takes=(Whole,),
        transitions=(),
        value=value,
        is_fraction=False,
        meson=meson,
        kernel=kernel,
    )


_RATIOS = "arXiv:hep-ph/0509219"
MIXING = (
    _of("DeltaM_s", r"\Delta M_s", r"B_s^0-\bar B_s^0", "GeV", "mass difference of the B_s mesons", m12.B_S, _b_mixing,
        BMixing.mass_difference),
    _of("DeltaM_d", r"\Delta M_d", r"B^0-\bar B^0", "GeV", "mass difference of the B0 mesons", m12.B_D, _b_mixing,
        BMixing.mass_difference),
    _of("S_psiphi", r"S_{\psi\phi}", r"B_s^0\to J/\psi\phi", "1", "CP violation in B_s -> J/psi phi, -sin(phi_s)",
        m12.B_S, _b_mixing, BMixing.even),
    _of("S_psiK", r"S_{\psi K_S}", r"B^0\to J/\psi K_S", "1", "CP violation in B0 -> J/psi K_S, sin(2 beta)", m12.B_D,
        _b_mixing, BMixing.sine),
    _of("eps_K", r"|\epsilon_K|", r"K^0-\bar K^0", "1", "CP violation in the mixing of kaons", m12.KAON, _kaon_mixing,
        KaonMixing.epsilon, "arXiv:hep-ph/9806471; arXiv:1911.06822"),
    _of("C_Bs", "C_{B_s}", r"B_s^0-\bar B_s^0", "1", "|M12| of B_s over its Standard Model value", m12.B_S, _b_mixing,
        BMixing.size, _RATIOS),
    _of("C_Bd", "C_{B_d}", r"B^0-\bar B^0", "1", "|M12| of B0 over its Standard Model value", m12.B_D, _b_mixing,
        BMixing.size, _RATIOS),
    _of("phi_Bs", r"\phi_{B_s}", r"B_s^0-\bar B_s^0", "1",
        "half the phase of M12/M12(SM) of B_s, rad", m12.B_S, _b_mixing, BMixing.phase, _RATIOS),
    _of("phi_Bd", r"\phi_{B_d}", r"B^0-\bar B^0", "1",
        "half the phase of M12/M12(SM) of B0, rad", m12.B_D, _b_mixing, BMixing.phase, _RATIOS),
    _of("C_epsK", r"C_{\epsilon_K}", r"K^0-\bar K^0", "1", "epsilon_K over its Standard Model value", m12.KAON,
        _kaon_mixing, KaonMixing.size, _RATIOS),
)  # fmt: skip
