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

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float, PyTree

Entry = Float[Array, "..."] | None
JUST_ABOVE = 1e-24
"""Where a spectrum is taken for q2 = 0, GeV^2, if either side has a pole there: within 1e-12 of its limit."""


class SpinOne(eqx.Module):
    """The (axial-)vector and tensor currents of one parity, and their interference."""

    vector: Entry = None
    tensor: Entry = None
    interference: Entry = None

    @property
    def entries(self) -> tuple[PyTree, PyTree, PyTree]:
        """The two on the diagonal of the matrix, and the one off it, which a trace counts twice."""
        return self.vector, self.tensor, self.interference


class SpinZero(eqx.Module):
    """The divergence of the (axial-)vector current and the (pseudo)scalar current, and their interference."""

    vector: Entry = None
    scalar: Entry = None
    interference: Entry = None

    @property
    def entries(self) -> tuple[PyTree, PyTree, PyTree]:
        """The two on the diagonal of the matrix, and the one off it, which a trace counts twice."""
        return self.vector, self.scalar, self.interference


class Currents(eqx.Module):
    """All four classes, of the hadronic or of the invisible side."""

    vector: SpinOne | None = None
    axial: SpinOne | None = None
    scalar: SpinZero | None = None
    pseudoscalar: SpinZero | None = None

    @property
    def classes(self) -> tuple[SpinOne | None, SpinOne | None, SpinZero | None, SpinZero | None]:
        """In the order of the table above."""
        return self.vector, self.axial, self.scalar, self.pseudoscalar


def shared(hadronic: Currents, invisible: Currents) -> list[tuple[int, Array, PyTree]]:
    """(multiplicity, hadronic entry, invisible entry) wherever both sides have one.

    Of the invisible side there may be no more than shapes, as `jax.eval_shape` gives them.
    """
    pairs = []
    for ours, theirs in zip(hadronic.classes, invisible.classes, strict=True):
        if ours is not None and theirs is not None:
            for multiplicity, left, right in zip((1, 1, 2), ours.entries, theirs.entries, strict=True):
                if left is not None and right is not None:
                    pairs.append((multiplicity, left, right))
    return pairs


def contract(hadronic: Currents, invisible: Currents) -> Float[Array, "..."]:
    """Trace of hadronic times invisible matrices, summed over the four classes; zero if they share none."""
    total = jnp.asarray(0.0)
    for multiplicity, left, right in shared(hadronic, invisible):
        total = total + multiplicity * left * right
    return total
