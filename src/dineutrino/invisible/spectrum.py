"""What the two sides of B -> M + X exchange: one number per pair of currents and spin-parity of X.

After integration over the phase space of X only four classes of currents survive, and classes do not interfere:

    class          spin   quark currents                        seen by
    vector         1-     vector, tensor                        B -> P (f_plus, f_T), B -> V (V, T_1)
    axial          1+     axial vector, tensor x gamma_5        B -> V (A_1, A_12, T_2, T_23)
    scalar         0+     divergence of the vector, scalar      B -> P (f_0)
    pseudoscalar   0-     divergence of the axial, pseudoscalar B -> V (A_0)

In each class two currents meet, so either side is a symmetric 2 x 2 matrix (`SpinOne`, `SpinZero`) and the rate is the
trace of their product. A current that is not there is `None` and costs nothing.

Normalisation: the invisible side is dimensionless; tensor, scalar and pseudoscalar entries carry a factor sqrt(q2) per
current on the hadronic side. That keeps every entry finite at q2 = 0.
Checked against explicit spin sums in tests/hadronic/test_brute_force.py.
"""

from typing import Any

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

Entry = Float[Array, "..."] | None


class SpinOne(eqx.Module):
    """The (axial-)vector and tensor currents of one parity, and their interference."""

    vector: Entry = None
    tensor: Entry = None
    interference: Entry = None


class SpinZero(eqx.Module):
    """The divergence of the (axial-)vector current and the (pseudo)scalar current, and their interference."""

    vector: Entry = None
    scalar: Entry = None
    interference: Entry = None


class Currents(eqx.Module):
    """All four classes, of the hadronic or of the invisible side."""

    vector: SpinOne | None = None
    axial: SpinOne | None = None
    scalar: SpinZero | None = None
    pseudoscalar: SpinZero | None = None


def shared(hadronic: Currents, invisible: Currents) -> list[tuple[int, Any, Any]]:
    """(multiplicity, hadronic entry, invisible entry) wherever both sides have one; the entries may be of any type."""
    found = []
    for name in ("vector", "axial", "scalar", "pseudoscalar"):
        ours, theirs = getattr(hadronic, name), getattr(invisible, name)
        for entry, multiplicity in (("vector", 1), ("tensor", 1), ("scalar", 1), ("interference", 2)):
            left, right = getattr(ours, entry, None), getattr(theirs, entry, None)
            if left is not None and right is not None:
                found.append((multiplicity, left, right))
    return found


def contract(hadronic: Currents, invisible: Currents) -> Float[Array, "..."]:
    """Trace of hadronic times invisible matrices, summed over the four classes; zero if they share none."""
    total = jnp.asarray(0.0)
    for multiplicity, left, right in shared(hadronic, invisible):
        total = total + multiplicity * left * right
    return total
