"""Widths, asymmetries and branching ratios of Z and W: the Standard Model with shifted couplings.

A width is that of the Standard Model with all its corrections, plus what new physics changes at tree level:
sqrt2 G_F m_Z^3/(3 pi) N_c [2 Re(g_V* dg_V + g_A* dg_A) + |dg_V|^2 + |dg_A|^2], arXiv:1706.08945, eqs. (A.49) to
(A.52), and the squares. QCD corrections to that, some 4% of it for quarks, are left out as there.
"""

from functools import partial
from itertools import combinations

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.inputs import Inputs, ckm_matrix
from dineutrino.inputs.electroweak import effective_angles, w_mass, w_widths, z_widths
from dineutrino.numerics import abs2
from dineutrino.observables.z_pole.shifts import (
    FERMIONS,
    Each,
    Fermions,
    Matrix,
    PoleCoefficients,
    Scheme,
    ZCouplings,
    ZShift,
    at_the_pole,
    universal,
    w_to_leptons,
    w_to_quarks,
    z_shifts,
)
from dineutrino.theory import Theory


class Pole(eqx.Module):
    """The Standard Model at the pole, for given inputs.

    Attributes:
        scheme: of the new physics.
        ckm: the CKM matrix.
        m_Z, m_W: masses, GeV.
        born: sqrt2 G_F m_Z^3/(3 pi), GeV.
        widths: of the Z, GeV, three generations each; zero of the top quark, to which it does not decay.
        couplings: of the Z, with effective angles.
        w_lepton, w_quark: widths of the W, GeV, for a coupling of 1.
        w_born: G_F m_W^3/(6 sqrt2 pi), GeV.
    """

    scheme: Scheme
    ckm: Complex[Array, "3 3"]
    m_Z: Float[Array, ""]
    m_W: Float[Array, ""]
    born: Float[Array, ""]
    widths: Each[Float[Array, "3"]]
    couplings: Each[ZCouplings]
    w_lepton: Float[Array, ""]
    w_quark: Float[Array, ""]
    w_born: Float[Array, ""]

    @classmethod
    def of(cls, inputs: Inputs) -> "Pole":
        """At these inputs."""
        z, angles, m_W = z_widths(inputs), effective_angles(inputs), w_mass(inputs)
        w = w_widths(inputs, m_W)
        G_F, m_Z = inputs["G_F"], inputs["m_Z"]
        s2 = Each(
            nu=[angles["l"]] * 3,
            e=[angles["l"]] * 3,
            u=[angles["u"]] * 3,
            d=[angles["d"], angles["d"], angles["b"]],
        )
        widths = Each(
            nu=[z["nu"]] * 3,
            e=[z["e"], z["e"], z["tau"]],
            u=[z["u"], z["c"], jnp.zeros_like(m_Z)],
            d=[z["d"], z["d"], z["b"]],
        )
        return cls(
            scheme=Scheme.of(inputs["alpha_em"], G_F, m_Z),
            ckm=ckm_matrix(inputs),
            m_Z=m_Z,
            m_W=m_W,
            born=jnp.sqrt(2.0) * G_F * m_Z**3 / (3 * jnp.pi),
            widths=Each(*map(jnp.stack, widths)),
            couplings=Each(*map(ZCouplings.of, FERMIONS, map(jnp.stack, s2))),
            w_lepton=w["l"],
            w_quark=w["q"],
            w_born=G_F * m_W**3 / (6 * jnp.sqrt(2.0) * jnp.pi),
        )

    def values(self, theory: Theory) -> dict[str, Float[Array, ""]]:
        """All observables by name."""
        return predictions(self, coefficients(theory))

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        return jax.tree.leaves((self, coefficients(theory)))


def coefficients(theory: Theory) -> PoleCoefficients:
    """Those of a theory; none where its new physics begins below m_W."""
    return PoleCoefficients.zero() if theory.smeft is None else theory.smeft.read(at_the_pole)


def predictions(pole: Pole, c: PoleCoefficients) -> dict[str, Float[Array, ""]]:
    """All observables by name.

    Args:
        pole: the Standard Model.
        c: new physics.
    """
    of_all = universal(c, pole.scheme)
    shifts = z_shifts(c, pole.scheme, of_all, pole.ckm, pole.couplings)
    mass = 1 + of_all.m_W
    leptons = _w_widths(pole.w_lepton, pole.w_born, jnp.eye(3) + 0j, w_to_leptons(c, pole.scheme, of_all)) * mass
    quarks = _w_widths(pole.w_quark, 3 * pole.w_born, pole.ckm, w_to_quarks(c, pole.scheme, of_all, pole.ckm)) * mass
    return _of_z(pole, shifts) | _of_w(leptons, quarks) | {"m_W": pole.m_W * mass}


def _of_z(pole: Pole, shifts: Each[ZShift]) -> dict[str, Float[Array, ""]]:
    widths = Each(*map(partial(_z_widths, pole.born), FERMIONS, pole.widths, pole.couplings, shifts))
    own = Each(*map(jnp.diag, widths))
    asymmetries = Each(*map(_asymmetries, pole.couplings, shifts))
    light = jnp.array([1.0, 1.0, 0.0])
    hadrons = light @ widths.u @ light + jnp.sum(widths.d)
    neutrinos, charged = jnp.sum(widths.nu), jnp.sum(own.e)
    total = hadrons + neutrinos + charged
    found = {
        "GammaZ": total,
        "sigma_had": 12 * jnp.pi / pole.m_Z**2 * own.e[0] * hadrons / total**2,
        "R_l": 3 * hadrons / charged,
        "R_uc": own.u @ light / (2 * hadrons),
        "Gamma(Z->nunu)": neutrinos / 3,
    }
    ratios = Each(nu=own.nu / hadrons, e=hadrons / own.e, u=own.u / hadrons, d=own.d / hadrons)
    for fermions, width, ratio, asymmetry in zip(FERMIONS, own, ratios, asymmetries, strict=True):
        both = 0.75 * asymmetries.e[0] * asymmetry
        for i, name in enumerate(fermions.names):
            found[f"Gamma(Z->{2 * name})"] = width[i]
            found[f"R_{name}"] = ratio[i]
            found[f"A(Z->{2 * name})"] = asymmetry[i]
            found[f"AFB(Z->{2 * name})"] = both[i]
    violating = (widths.e + widths.e.T) / total
    for (i, first), (j, second) in combinations(enumerate(FERMIONS.e.names), 2):
        found[f"BR(Z->{first}{second})"] = violating[i, j]
    return found


def _of_w(leptons: Float[Array, "3 3"], quarks: Float[Array, "3 3"]) -> dict[str, Float[Array, ""]]:
    """Widths of a neutrino i and a lepton j, and of an up quark i and a down quark j, GeV; neutrinos are not seen."""
    e, mu, tau = jnp.sum(leptons, axis=0)
    _, charm, _ = rows = jnp.sum(quarks, axis=1)
    hadrons = rows @ jnp.array([1.0, 1.0, 0.0])
    total = e + mu + tau + hadrons
    return {
        "GammaW": total,
        "BR(W->enu)": e / total,
        "BR(W->munu)": mu / total,
        "BR(W->taunu)": tau / total,
        "Rmue(W->lnu)": mu / e,
        "Rtaue(W->lnu)": tau / e,
        "Rtaumu(W->lnu)": tau / mu,
        "R(W->cX)": charm / hadrons,
    }


def _z_widths(
    born: Float[Array, ""], fermions: Fermions, width: Float[Array, "3"], couplings: ZCouplings, shift: ZShift
) -> Float[Array, "3 3"]:
    """Of the Z to an antifermion i and a fermion j, GeV; |g_V|^2 + |g_A|^2 is (|g_L|^2 + |g_R|^2)/2."""
    left, right = jnp.diag(shift.left).real, jnp.diag(shift.right).real
    interference = jnp.diag(couplings.left * left + couplings.right * right)
    squares = (abs2(shift.left) + abs2(shift.right)) / 2
    return jnp.diag(width) + born * fermions.colours * (interference + squares)


def _w_widths(width: Float[Array, ""], born: Float[Array, ""], coupling: Matrix, shift: Matrix) -> Float[Array, "3 3"]:
    """Of the W, GeV, at the mass that it has without new physics."""
    return width * abs2(coupling) + born * (2 * (coupling.conj() * shift).real + abs2(shift))


def _asymmetries(couplings: ZCouplings, shift: ZShift) -> Float[Array, "3"]:
    """A_f = 2 g_V g_A/(g_V^2 + g_A^2) = (g_L^2 - g_R^2)/(g_L^2 + g_R^2) of three generations."""
    left = couplings.left + jnp.diag(shift.left).real
    right = couplings.right + jnp.diag(shift.right).real
    return (left**2 - right**2) / (left**2 + right**2)
