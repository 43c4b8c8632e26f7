"""Couplings to one direction in the space of families: rank one, arXiv:1903.10954 and arXiv:2404.06533."""

from abc import abstractmethod
from functools import reduce

import jax.numpy as jnp
from jaxtyping import Array, Complex

from dineutrino.inputs import Inputs
from dineutrino.inputs.ckm import TOP, ckm_matrix
from dineutrino.inputs.quarks import D, S
from dineutrino.models.mediators.ansatz import FULL, HALF, RIGHT, CouplingByCoupling, RealParameter, given, overall
from dineutrino.models.mediators.couplings import Coupling, Hermitian, Single, Values
from dineutrino.models.mediators.fermions import Fermion, Leg
from dineutrino.models.mediators.rank_one import ONLY_TAU, Direction, direction

DOWN = (Fermion.q, Fermion.d)
"""Quarks that are d, s and b in the down-aligned basis."""


class OneDirection(CouplingByCoupling):
    """Each array is a real number times the direction n of the quarks q and d and that of the leptons.

    A current of a colourless vector is proportional to n_i n_j^*, a coupling of a leptoquark to n_i or n_i^*, such that
    the coefficients of qbar_i q_j and dbar_i d_j are always those of n_i n_j^*. Couplings to u_R vanish.

    Attributes:
        universal: whether colourless vectors couple to all leptons alike rather than to the third family alone. A
            leptoquark cannot, without transitions between leptons.
    """

    fits = "couplings to q and d, and of a leptoquark to tau alone"

    universal: bool = False

    @abstractmethod
    def direction(self, values: Values, inputs: Inputs) -> Direction:
        """The unit vector n, components of d, s and b."""

    def own(self, coupling: Coupling) -> dict[str, RealParameter]:
        """Its strength; a coupling without flavour has its own parameter."""
        if isinstance(coupling, Single):
            return overall(coupling, what="value")
        fermions = [leg.fermion for leg in coupling.legs]
        mixed = any(f.is_quark for f in fermions) and not all(f.is_quark for f in fermions)
        return {} if not fermions or Fermion.u in fermions or (mixed and self.universal) else overall(coupling)

    def array(self, coupling: Coupling, values: Values, inputs: Inputs) -> Complex[Array, "..."]:
        """The strength times the product of directions."""
        strength = given(values, coupling.name)
        if self.universal and isinstance(coupling, Hermitian) and coupling.legs[0].fermion not in DOWN:
            return strength * jnp.eye(3, dtype=complex)
        n = self.direction(values, inputs)
        return strength * product(coupling, {f: n if f in DOWN else jnp.asarray(ONLY_TAU) + 0j for f in Fermion})


class RankOne(OneDirection):
    """n = (e^(i alpha_db) sin theta cos phi, e^(i alpha_sb) sin theta sin phi, cos theta), eqs. (5) to (7)."""

    @property
    def name(self) -> str:  # type: ignore[override]
        """With or without electrons and muons."""
        return "rank_one_universal" if self.universal else "rank_one"

    def shared(self) -> dict[str, RealParameter]:
        """Two angles and two phases."""
        angle = RealParameter("angle to the third family, rad", r"\theta\;[\mathrm{rad}]", (0.0, RIGHT))
        plane = RealParameter("angle from d to s, rad", r"\phi\;[\mathrm{rad}]", (0.0, FULL))
        return {"theta": angle, "phi": plane} | _phases(RIGHT)

    def direction(self, values: Values, inputs: Inputs) -> Direction:
        """The unit vector n."""
        return direction(*(given(values, name) for name in self.shared()))


class ThirdFamily(OneDirection):
    """n along (a_bd e^(i alpha_db) |V_td|, a_bs e^(i alpha_sb) |V_ts|, 1) with a of order one, eq. (9).

    The CKM matrix is that of the point.
    """

    @property
    def name(self) -> str:  # type: ignore[override]
        """With or without electrons and muons."""
        return "third_family_universal" if self.universal else "third_family"

    def shared(self) -> dict[str, RealParameter]:
        """Two numbers of order one and two phases."""
        of_d = RealParameter("a_bd, of order one, dimensionless", "a_{bd}", (0.2, 5.0))
        of_s = RealParameter("a_bs, of order one, dimensionless", "a_{bs}", (0.2, 5.0))
        return {"a_bd": of_d, "a_bs": of_s} | _phases(HALF)

    def direction(self, values: Values, inputs: Inputs) -> Direction:
        """The unit vector n."""
        V = jnp.abs(ckm_matrix(inputs)[TOP])
        d = given(values, "a_bd") * V[D] * jnp.exp(1j * given(values, "alpha_db"))
        s = given(values, "a_bs") * V[S] * jnp.exp(1j * given(values, "alpha_sb"))
        n = jnp.stack([d, s, jnp.ones_like(d)])
        return n / jnp.sqrt(jnp.sum(n.real**2 + n.imag**2))


def product(coupling: Coupling, families: dict[Fermion, Complex[Array, "3"]]) -> Complex[Array, "..."]:
    """The outer product of one vector for each index, its complex conjugate where the field is not barred."""

    def vector(leg: Leg) -> Complex[Array, "3"]:
        return families[leg.fermion] if leg.barred else families[leg.fermion].conj()

    return reduce(lambda done, leg: done[..., None] * vector(leg), coupling.legs[1:], vector(coupling.legs[0]))


def _phases(most: float) -> dict[str, RealParameter]:
    """The phases of d and s, from -most to most."""
    return {
        f"alpha_{q}b": RealParameter(
            f"phase of {q} relative to b, rad", rf"\alpha_{{{q}b}}\;[\mathrm{{rad}}]", (-most, most)
        )
        for q in "ds"
    }
