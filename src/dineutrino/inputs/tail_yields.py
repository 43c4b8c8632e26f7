"""Events per coefficient in the tails of pp -> tau tau, which `dineutrino.observables.ditau` contracts."""

import math

import equinox as eqx
from jaxtyping import Array, Float


class Yields(eqx.Module):
    """Events per coefficient and per its square, for quarks of one charge; flavours as far as protons contain them.

    Attributes:
        linear: interference of vectors with photon and Z, which diagonal entries have; LL, LR, RL, RR of tau and quark.
        same, opposite: squares of vectors whose bilinears have the same or opposite chirality.
        scalar, tensor: squares of those.
    """

    linear: Float[Array, "4 quark bin"]
    same: Float[Array, "quark quark bin"]
    opposite: Float[Array, "quark quark bin"]
    scalar: Float[Array, "quark quark bin"]
    tensor: Float[Array, "quark quark bin"]


class TailYields(eqx.Module):
    """Of all quarks, for coefficients in TeV^-2.

    Attributes:
        down: d, s and b.
        up: u and c.
        leptoquark: whose propagator is in them, "R2t"; empty where all interactions are contact interactions.
        mass: of the leptoquark, TeV.
    """

    down: Yields
    up: Yields
    leptoquark: str = eqx.field(static=True, default="")
    mass: float = eqx.field(static=True, default=math.inf)

    @property
    def what(self) -> str:
        """They are of, in words."""
        if not self.leptoquark:
            return "yields of contact interactions from files"
        return f"yields of {self.leptoquark} with its propagator at {self.mass:g} TeV"
