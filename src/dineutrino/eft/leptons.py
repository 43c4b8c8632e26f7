"""Currents of two charged leptons and down quarks of two flavours: the Lagrangian, and C9, C10 and so on by name."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Complex, Float

from dineutrino.eft.neutrinos import FLAVOURS
from dineutrino.inputs import SB, Inputs, Quarks, normalisation
from dineutrino.inputs.quarks import B
from dineutrino.running.strong import light_over_heavy

Matrix = Complex[Array, "3 3"]
Matrices = Complex[Array, "*batch 3 3"]
COEFFICIENTS = ("C9", "C10", "C9p", "C10p", "CS", "CP", "CSp", "CPp")


class LL(eqx.Module):
    """Coefficients of one transition, GeV^-2, in the Lagrangian, index (a, b) of (lbar_a ... l_b); new physics only.

    For b -> s: V for (sbar gamma_mu P_X b)(lbar_a gamma^mu P_Y l_b), S for (sbar P_X b)(lbar_a P_Y l_b), T for (sbar
    sigma_mu_nu P_X b)(lbar_a sigma^mu_nu P_Y l_b), which vanishes for X other than Y. The first letter after it is X,
    the chirality of the quarks, the second one Y. All currents are written out, Hermitian conjugates are those of the
    transition back. At mu_b, those of s -> d at 2 GeV with four flavours.
    Many points have a leading axis.
    """

    VLL: Matrices
    VLR: Matrices
    VRL: Matrices
    VRR: Matrices
    SLL: Matrices
    SLR: Matrices
    SRL: Matrices
    SRR: Matrices
    TLL: Matrices
    TRR: Matrices

    @classmethod
    def zero(cls) -> "LL":
        """No new physics."""
        return cls(*(jnp.zeros((3, 3), complex) for _ in cls.__annotations__))


class LeptonCoefficients(eqx.Module):
    """New-physics coefficients of one transition in the normalisation of flavio, index (a, b) of (lbar_a ... l_b).

    For b -> s, H = -(4 G_F/sqrt2) V_tb V_ts^* alpha/(4 pi) sum C O with O_9 = (sbar gamma_mu P_L b)(lbar gamma^mu l),
    O_10 with gamma^mu gamma_5, O_S = m_b (sbar P_R b)(lbar l), O_P with gamma_5; primed ones with P_R for P_L and P_L
    for P_R. m_b is the mass of the heavier quark at the scale of the operator, so that no coefficient runs in QCD.
    alpha is the input alpha_em, as in C_L and C_R.

    Source: WCxf WET flavio basis (arXiv:1712.05298).
    """

    C9: Matrix
    C10: Matrix
    C9p: Matrix
    C10p: Matrix
    CS: Matrix
    CP: Matrix
    CSp: Matrix
    CPp: Matrix


@lru_cache
def _index(quarks: Quarks = SB) -> dict[str, tuple[str, int, int]]:
    """Name -> (coefficient, a, b). In names, as for the quarks, the barred field comes second."""
    pairs = list(product(enumerate(FLAVOURS), repeat=2))
    its = quarks.name[::-1]
    return {f"{C}_{its}{b}{a}": (C, i, j) for C in COEFFICIENTS for (j, b), (i, a) in pairs}


def lepton_names(quarks: Quarks = SB) -> tuple[str, ...]:
    """All names of a transition, C9_bsee ... CPp_bstautau; each stands for a complex number.

    C9_bsmutau multiplies (sbar gamma_mu P_L b)(taubar gamma^mu mu): index (tau, mu). Those of b -> d are C9_bdee ...,
    those of s -> d C9_sdee ...
    """
    return tuple(_index(quarks))


def lepton_coefficients(values: Mapping[str, ArrayLike], quarks: Quarks = SB) -> LeptonCoefficients:
    """From names and values; other names are passed over, absent coefficients are zero."""
    found = {C: jnp.zeros((3, 3), complex) for C in COEFFICIENTS}
    for name, value in values.items():
        if name in _index(quarks):
            C, a, b = _index(quarks)[name]
            found[C] = found[C].at[a, b].set(value)
    return LeptonCoefficients(**found)


def leptons_to_lagrangian(c: LeptonCoefficients, inputs: Inputs, quarks: Quarks = SB) -> LL:
    """The Lagrangian of coefficients in the normalisation of flavio; these have no tensors."""
    N = normalisation(inputs, quarks)
    mass = N * heavy_mass(inputs, quarks)
    none = jnp.zeros_like(c.C9)
    return LL(
        VLL=N * (c.C9 - c.C10) / 2,
        VLR=N * (c.C9 + c.C10) / 2,
        VRL=N * (c.C9p - c.C10p) / 2,
        VRR=N * (c.C9p + c.C10p) / 2,
        SLL=mass * (c.CSp - c.CPp) / 2,
        SLR=mass * (c.CSp + c.CPp) / 2,
        SRL=mass * (c.CS - c.CP) / 2,
        SRR=mass * (c.CS + c.CP) / 2,
        TLL=none,
        TRR=none,
    )


def leptons_from_lagrangian(c: LL, inputs: Inputs, quarks: Quarks = SB) -> LeptonCoefficients:
    """The inverse of `leptons_to_lagrangian`; tensors have no place there."""
    N = normalisation(inputs, quarks)
    mass = N * heavy_mass(inputs, quarks)
    return LeptonCoefficients(
        C9=(c.VLR + c.VLL) / N,
        C10=(c.VLR - c.VLL) / N,
        C9p=(c.VRR + c.VRL) / N,
        C10p=(c.VRR - c.VRL) / N,
        CS=(c.SRR + c.SRL) / mass,
        CP=(c.SRR - c.SRL) / mass,
        CSp=(c.SLR + c.SLL) / mass,
        CPp=(c.SLR - c.SLL) / mass,
    )


def heavy_mass(inputs: Inputs, quarks: Quarks) -> Float[Array, ""]:
    """MSbar mass of the heavier quark at the scale of `LL`, GeV."""
    return inputs[quarks.masses[0]] * at_scale(inputs, quarks)


def at_scale(inputs: Inputs, quarks: Quarks) -> Float[Array, ""]:
    """Quark masses at the scale of `LL` over those at mu_b."""
    if quarks.initial == B:
        return jnp.asarray(1.0)
    return light_over_heavy(inputs)
