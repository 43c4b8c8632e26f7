"""M12 = <M|H|Mbar>/(2 m_M) of neutral mesons: linear in the coefficients of new physics.

Matrix elements are f^2 m_M times bag parameters, which for scalar and for left-right operators come with a factor
r = (m_M/(m_1 + m_2))^2; those of B mesons keep a constant beside it, those of kaons do not.

Source: arXiv:hep-ph/9806471 (loops); arXiv:1907.01025 and arXiv:2404.02297 (bag parameters of B mesons and kaons);
arXiv:1011.4408, eq. (84) (bag parameters that do not depend on the scale); arXiv:1911.06822 (kaons).
"""

from collections.abc import Callable
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.mixing import DeltaF2
from dineutrino.inputs import DB, DS, SB, Inputs, Quarks
from dineutrino.inputs.ckm import CHARM, TOP, UP, ckm_product
from dineutrino.observables import boxes
from dineutrino.running.strong import FLAVOURS, strong
from dineutrino.theory import Theory

Real = Float[Array, ""]
Amplitude = Complex[Array, ""]


@dataclass(frozen=True)
class Meson:
    """One neutral meson that mixes.

    Attributes:
        name: as in the names of inputs, "B_s" of `m_B_s` and `bag_B_s_1`.
        decay_constant: name of the input.
        quarks: the transition; the meson Mbar has the initial quark.
        scale: name of the input for the scale of the bag parameters.
        constants: beside r/4 and r/6 in the matrix elements of SLR and VLR.
        loops: CKM elements times box functions times QCD corrections in the Standard Model.
    """

    name: str
    decay_constant: str
    quarks: Quarks
    scale: str
    constants: tuple[float, float]
    loops: Callable[[Inputs, Quarks], Amplitude]


class M12(eqx.Module):
    """M12 of one meson in any theory: that of the Standard Model minus matrix elements times coefficients of L.

    Attributes:
        standard_model: GeV.
        elements: <O>/(2 m_M) of the operators of `DeltaF2`, GeV^3.
        quarks: the transition.
    """

    standard_model: Amplitude
    elements: DeltaF2
    quarks: Quarks = eqx.field(static=True)

    def __call__(self, theory: Theory) -> Amplitude:
        """With new physics, GeV."""
        products = jax.tree.map(lambda element, c: element * c, self.elements, theory.mixing(self.quarks))
        return self.standard_model - jnp.sum(jnp.stack(jax.tree.leaves(products)))

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        return jax.tree.leaves((self, theory.mixing(self.quarks)))


def m12(meson: Meson, inputs: Inputs) -> M12:
    """M12 at these inputs; in the Standard Model G_F^2 m_W^2/(4 pi^2) times loops times the matrix element of VLL."""
    qcd = strong(inputs)
    there = qcd[meson.scale]
    elements = matrix_elements(meson, there.log_mass - qcd["mu_b"].log_mass, inputs)
    unit = (inputs["G_F"] * inputs["m_W"] / (2 * jnp.pi)) ** 2 * scale_independent(there.alpha_s, FLAVOURS[meson.scale])
    return M12(unit * meson.loops(inputs, meson.quarks) * elements.CVLL, elements, meson.quarks)


def matrix_elements(meson: Meson, log_mass: Real, inputs: Inputs) -> DeltaF2:
    """<O>/(2 m_M) of the operators of `DeltaF2`, GeV^3; quark masses are exp(log_mass) times those at mu_b."""
    mass = inputs[f"m_{meson.name}"]
    vll, sll, sll_crossed, slr, slr_crossed = (inputs[f"bag_{meson.name}_{n}"] for n in (1, 2, 3, 4, 5))
    first, second = meson.quarks.masses
    r = (mass / (inputs[first] + inputs[second])) ** 2 * jnp.exp(-2 * log_mass)
    unit = (mass * inputs[meson.decay_constant] ** 2).astype(complex)
    for_slr, for_vlr = meson.constants
    vector, scalar, tensor = vll / 3, -5 / 24 * r * sll, r * (5 / 6 * sll - sll_crossed / 3)
    return DeltaF2(
        CVLL=unit * vector,
        CVRR=unit * vector,
        CVLR=-unit * (r / 6 + for_vlr) * slr_crossed,
        CSLL=unit * scalar,
        CSRR=unit * scalar,
        CSLR=unit * (r / 4 + for_slr) * slr,
        CTLL=unit * tensor,
        CTRR=unit * tensor,
    )


def scale_independent(alpha_s: Real, flavours: int) -> Real:
    """The factor from the bag parameter of VLL in the MSbar scheme to one that does not depend on the scale."""
    exponent, correction = {5: (6 / 23, 5165 / 3174), 3: (2 / 9, 307 / 162)}[flavours]
    return alpha_s**-exponent * (1 + alpha_s / (4 * jnp.pi) * correction)


def top_loop(inputs: Inputs, quarks: Quarks) -> Amplitude:
    """(V_tb V_tq^*)^2 eta_B S_0(x_t); charm is negligible in B mixing."""
    return ckm_product(inputs, TOP, quarks) ** 2 * inputs["eta_B"] * boxes.same(_squared(inputs, "m_t(m_t)"))


def kaon_loops(inputs: Inputs, quarks: Quarks) -> Amplitude:
    """Loops in K mixing, but for a real part that epsilon_K does not see.

    Unitarity eliminates one of the three products of CKM elements. Without that of charm (the choice "u-t unitarity")
    the square of V_us V_ud^* is real, and the series of QCD converges; without that of up quarks there are three terms.
    """
    x_c, x_t = _squared(inputs, "m_c(m_c)"), _squared(inputs, "m_t(m_t)")
    up, charm, top = (ckm_product(inputs, row, quarks) for row in (UP, CHARM, TOP))
    charm_top = boxes.different(x_c, x_t)
    if inputs.choices["eps_K"] == "u-t unitarity":
        top_top = boxes.same(x_t) + boxes.same(x_c) - 2 * charm_top
        up_top = boxes.same(x_c) - charm_top
        return inputs["eta_tt_K"] * top**2 * top_top + 2 * inputs["eta_ut_K"] * up * top * up_top
    return (
        inputs["eta_tt_K(c-t)"] * top**2 * boxes.same(x_t)
        + 2 * inputs["eta_ct_K"] * charm * top * charm_top
        + inputs["eta_cc_K"] * charm**2 * boxes.same(x_c)
    )


def _squared(inputs: Inputs, mass: str) -> Real:
    return (inputs[mass] / inputs["m_W"]) ** 2


B_S = Meson("B_s", "f_B_s", SB, "mu_B_mixing", (1 / 24, 1 / 4), top_loop)
B_D = Meson("B0", "f_B0", DB, "mu_B_mixing", (1 / 24, 1 / 4), top_loop)
KAON = Meson("K0", "f_K+", DS, "mu_K_mixing", (0.0, 0.0), kaon_loops)
