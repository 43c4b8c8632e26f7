"""Couplings from what breaks the flavour symmetries of the Standard Model: U(3)^5 and U(2)^5."""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex

from dineutrino.inputs import Inputs
from dineutrino.inputs.ckm import TOP, ckm_matrix
from dineutrino.inputs.quarks import B
from dineutrino.models.mediators.ansatz import HALF, CouplingByCoupling, RealParameter, given, overall
from dineutrino.models.mediators.couplings import Coupling, Hermitian, Values
from dineutrino.models.mediators.directions import product
from dineutrino.models.mediators.fermions import Fermion

THIRD = np.diag([0.0, 0.0, 1.0])
LIGHT = np.diag([1.0, 1.0, 0.0])


class MinimalFlavourViolation(CouplingByCoupling):
    """Currents of a colourless vector that only Yukawa couplings turn: all families alike, and the first spurion.

    The spurion is Yu Yu^dagger/y_t^2 = V_ti^* V_tj for q, and that of the third family for u, d, l and e; charm quarks,
    1e-2 of it in d -> s and 1e-4 elsewhere, and right-handed currents of b -> s, which come with m_s/m_b, are left out.
    No single leptoquark or vector-like quark is allowed: that would take one for each family.

    Source: hep-ph/0207036.
    """

    name = "minimal_flavour_violation"
    fits = "currents of colourless vectors"

    def own(self, coupling: Coupling) -> dict[str, RealParameter]:
        """One number for all families, one for the spurion."""
        if not isinstance(coupling, Hermitian) or not coupling.legs:
            return {}
        alike = overall(coupling, what="coupling to all families alike")
        return alike | overall(coupling, "_Y", what="coupling by Yukawa couplings of the third family")

    def array(self, coupling: Coupling, values: Values, inputs: Inputs) -> Complex[Array, "3 3"]:
        """The sum of both."""
        spurion = jnp.asarray(THIRD) + 0j
        if coupling.legs[0].fermion is Fermion.q:
            top = ckm_matrix(inputs)[TOP]
            spurion = jnp.outer(top.conj(), top)
        return given(values, coupling.name) * jnp.eye(3) + given(values, f"{coupling.name}_Y") * spurion


class U2(CouplingByCoupling):
    """U(2)^5, which keeps the first two families alike, broken by two doublets: V_q of quarks q, and V_l of leptons l.

    V_q = a_q e^(i alpha_q) (V_td^*, V_ts^*) V_tb in the down-aligned basis, and V_l = (0, s_l). A leptoquark couples to
    the product of (V_q, 1) and (V_l, 1), a colourless vector to the product of one with itself, and besides to the
    first two families alike. Right-handed fermions are those of the third family; d_R and s_R, which would come with
    m_s/m_b, are left out.

    Source: arXiv:1105.2296, arXiv:1904.04121.
    """

    name = "U2"
    fits = "any coupling of fermions"

    def shared(self) -> dict[str, RealParameter]:
        """The sizes of the doublets, and the phase of that of quarks."""
        return {
            "a_q": RealParameter("size of V_q over |V_ts|, of order one, dimensionless", "a_q"),
            "alpha_q": RealParameter("phase of V_q, rad", r"\alpha_q\;[\mathrm{rad}]", (-HALF, HALF)),
            "s_l": RealParameter("coupling of muons over that of tau leptons, dimensionless", r"s_\ell", (-1.0, 1.0)),
        }

    def own(self, coupling: Coupling) -> dict[str, RealParameter]:
        """That of the third family, and for currents that of the first two."""
        if not coupling.legs:
            return overall(coupling, what="value")
        third = overall(coupling, what="coupling to the third family")
        light = overall(coupling, "_light", what="coupling to the first two families alike")
        return third | light if isinstance(coupling, Hermitian) else third

    def array(self, coupling: Coupling, values: Values, inputs: Inputs) -> Complex[Array, "..."]:
        """Products of (V_q, 1), (V_l, 1) and (0, 0, 1)."""
        third, top = jnp.asarray(THIRD[B]) + 0j, ckm_matrix(inputs)[TOP]
        doublet = given(values, "a_q") * jnp.exp(1j * given(values, "alpha_q")) * top.conj() * top[B]
        families = dict.fromkeys(Fermion, third) | {
            Fermion.q: doublet.at[B].set(1.0),
            Fermion.l: third.at[1].set(given(values, "s_l")),
        }
        found = given(values, coupling.name) * product(coupling, families)
        return found + given(values, f"{coupling.name}_light") * LIGHT if isinstance(coupling, Hermitian) else found
