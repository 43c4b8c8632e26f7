"""Decays of neutral mesons into two charged leptons: B_s and B0 -> l l', short distance of K_L and K_S -> mu mu.

Each rate is a form in the currents of charged leptons. The branching ratio of B_s is that of all times: the two mass
eigenstates decay into an odd (P) and an even (S) pair, and y_s = Delta Gamma_s/(2 Gamma_s) tells how much more of the
one that lives long is seen. Phases are relative to V_tb V_ts^*: what new physics adds to that of mixing is left out.
Kaons are odd or even combinations of the amplitudes of K0 and its antiparticle; epsilon_K is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.leptons import LL, at_scale
from dineutrino.eft.neutrinos import FLAVOURS
from dineutrino.hadronic.to_leptons import Amplitudes, LeptonicMasses, amplitudes, width_factors
from dineutrino.inputs import DB, DS, SB, Inputs, Quarks, lambda_t
from dineutrino.inputs.leptons import MU, TAU, E
from dineutrino.inputs.standard_model import axial_leptons, unit
from dineutrino.observables.arguments import Whole
from dineutrino.observables.forms import Squares
from dineutrino.observables.observable import Family, Number, OfWhole
from dineutrino.theory import Theory

TEX = {"e": "e", "mu": r"\mu", "tau": r"\tau"}


class LeptonicKernel(eqx.Module):
    """The branching ratio as a form in the currents of charged leptons of one transition."""

    form: Squares[LL]
    quarks: Quarks = eqx.field(static=True)

    def rate(self, theory: Theory) -> Float[Array, ""]:
        """The branching ratio."""
        return self.form(theory.leptons(self.quarks))

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        return jax.tree.leaves((self.form, theory.leptons(self.quarks)))


@dataclass(frozen=True)
class Meson:
    """A neutral meson that decays.

    Attributes:
        name: as in names of observables.
        tex: LaTeX.
        mass, lifetime, constant: names of inputs; the last one is its decay constant.
        quarks: the transition of the operators that annihilate it.
    """

    name: str
    tex: str
    mass: str
    lifetime: str
    constant: str
    quarks: Quarks

    def masses(self, inputs: Inputs, leptons: tuple[int, int]) -> LeptonicMasses:
        """All masses of a decay, GeV."""
        heavy, light = self.quarks.masses
        quarks = (inputs[heavy] + inputs[light]) * at_scale(inputs, self.quarks)
        return LeptonicMasses(inputs[self.mass], quarks, *(inputs[f"m_{FLAVOURS[i]}"] for i in leptons))


B_S = Meson("Bs", "B_s", "m_B_s", "tau_B_s", "f_B_s", SB)
B_0 = Meson("B0", "B^0", "m_B0", "tau_B0", "f_B0", DB)
K_LONG = Meson("KL", "K_L", "m_K0", "tau_K_L", "f_K+", DS)
K_SHORT = Meson("KS", "K_S", "m_K0", "tau_K_S", "f_K+", DS)
Rows = tuple[Float[Array, " k"], Complex[Array, " k"]]
"""Weights and amplitudes of some squares."""
Combination = Callable[[Amplitudes, tuple[Float[Array, ""], Float[Array, ""]], Inputs], Rows]
"""From amplitudes, and widths per |P|^2 and |S|^2, GeV^3, to squares in the width."""


@dataclass(frozen=True)
class Leptonic(OfWhole[LeptonicKernel, Float[Array, ""]]):
    """The branching ratio of a meson into one or several pairs of leptons.

    Attributes:
        meson: what decays.
        pairs: of l_a^- and l_b^+, counted from zero.
        combination: what mixing makes of the amplitudes.
    """

    meson: Meson
    pairs: tuple[tuple[int, int], ...]
    combination: Combination

    def family(self, *numbers: float) -> Family:
        """Alone: masses and amplitudes are others."""
        return Family(self.name, ())

    def numbers(self, inputs: Inputs, *numbers: Number) -> Float[Array, ""]:
        """The lifetime, GeV^-1."""
        return inputs[self.meson.lifetime]

    def integrate(self, inputs: Inputs, numbers: Float[Array, ""]) -> LeptonicKernel:
        """No integral is left: the form in the new physics."""
        standard_model = axial_leptons(inputs, self.meson.quarks)

        def rows(c: LL) -> Rows:
            found = []
            for pair in self.pairs:
                masses = self.meson.masses(inputs, pair)
                its = amplitudes(c, pair, masses, standard_model if pair[0] == pair[1] else 0.0)
                factors = width_factors(inputs[self.meson.constant], masses)
                found.append(self.combination(its, factors, inputs))
            weights, squares = zip(*found, strict=True)
            return jnp.concatenate(weights), jnp.concatenate(squares)

        weights, _ = rows(LL.zero())
        return LeptonicKernel(Squares.of(numbers * weights, lambda c: rows(c)[1], LL.zero()), self.meson.quarks)


def at_once(its: Amplitudes, factors: tuple[Float[Array, ""], Float[Array, ""]], inputs: Inputs) -> Rows:
    """Decays as if the meson did not mix."""
    return jnp.stack(factors), jnp.stack([its.pseudoscalar, its.scalar])


def at_all_times(its: Amplitudes, factors: tuple[Float[Array, ""], Float[Array, ""]], inputs: Inputs) -> Rows:
    """Decays of B_s at all times, of either of its flavours at the start.

    |P|^2 + |S|^2 becomes (|P|^2 + |S|^2 + y_s Re(P^2 - S^2))/(1 - y_s^2). Source: arXiv:1204.1737 eqs. (8), (17).
    """
    phase, y = lambda_t(inputs, SB), inputs["y_s"]
    P, S = (amplitude * phase.conj() / jnp.abs(phase) for amplitude in (its.pseudoscalar, its.scalar))
    of_P, of_S = factors
    long, short = 1 / (1 - y), 1 / (1 + y)
    weights = jnp.stack([of_P * long, of_P * short, of_S * short, of_S * long])
    return weights, jnp.stack([P.real, P.imag, S.real, S.imag]).astype(complex)


def of_k_long(its: Amplitudes, factors: tuple[Float[Array, ""], Float[Array, ""]], inputs: Inputs) -> Rows:
    """K_L, short distance alone. Source: arXiv:1711.11030; arXiv:2404.06533 eq. (A16) with CKM elements inside Re."""
    return 2 * jnp.stack(factors), jnp.stack([its.pseudoscalar.real, its.scalar.imag]).astype(complex)


def of_k_short(its: Amplitudes, factors: tuple[Float[Array, ""], Float[Array, ""]], inputs: Inputs) -> Rows:
    """K_S with the two photons of long distances, which make an even pair. Source: arXiv:1711.11030."""
    photons = inputs["Re A_S(gammagamma)"] + 1j * inputs["Im A_S(gammagamma)"]
    far = -unit(inputs) / (2 * inputs["s2_w"]) * inputs["m_mu"] * photons
    return 2 * jnp.stack(factors), jnp.stack([its.pseudoscalar.imag + 0j, its.scalar.real + far])


def _leptonic(
    meson: Meson,
    pairs: tuple[tuple[int, int], ...],
    combination: Combination,
    source: str,
    what: str = "BR",
    besides: str = "",
) -> Leptonic:
    written = [f"{FLAVOURS[b]}{FLAVOURS[a]}" for a, b in pairs]
    a, b = pairs[0]
    if len(pairs) > 1:
        products = rf"{TEX[FLAVOURS[b]]}^\pm {TEX[FLAVOURS[a]]}^\mp"
    else:
        products = rf"{TEX[FLAVOURS[b]]}^+{TEX[FLAVOURS[a]]}^-"
    parent = meson.tex if a == b or len(pairs) > 1 else rf"\bar {meson.tex}"
    process = rf"{parent}\to {products}"
    mathcal, kind = (r"\mathcal{B}", "") if what == "BR" else (r"\mathcal{B}_{\mathrm{SD}}", "short-distance ")
    return Leptonic(
        name=f"{what}({meson.name}->{','.join(written)})",
        tex=rf"{mathcal}({process})",
        process=process,
        unit="1",
        description=f"{kind}branching ratio, {meson.name}->{' and '.join(written)}{besides}",
        source=source,
        takes=(Whole,),
        transitions=(),
        value=LeptonicKernel.rate,
        is_fraction=False,
        meson=meson,
        pairs=pairs,
        combination=combination,
    )


_SAME = "arXiv:1311.0903 (Standard Model), arXiv:1204.1737"
_OTHER = "arXiv:1602.00881 eq. (5)"
_KAONS = "arXiv:1711.11030; arXiv:1311.0903 (top), arXiv:hep-ph/0605203 (charm)"
LEPTONIC: tuple[Leptonic, ...] = (
    *(_leptonic(B_S, ((i, i),), at_all_times, _SAME) for i in (E, MU, TAU)),
    *(_leptonic(B_0, ((i, i),), at_once, _SAME) for i in (E, MU, TAU)),
    *(_leptonic(meson, ((a, b),), at_once, _OTHER) for meson in (B_S, B_0) for b, a in permutations((E, MU, TAU), 2)),
    *(
        _leptonic(meson, ((a, b), (b, a)), at_once, _OTHER)
        for meson in (B_S, B_0)
        for b, a in ((E, MU), (E, TAU), (MU, TAU))
    ),
    _leptonic(K_LONG, ((MU, MU),), of_k_long, _KAONS, "BR_SD"),
    _leptonic(K_SHORT, ((MU, MU),), of_k_short, _KAONS, besides="; its long-distance part is known without an error"),
)
