"""Coefficients of LEFT with currents of down quarks, as arrays with the full symmetry of their operators."""

from collections.abc import Mapping
from dataclasses import fields

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Complex

Down = Complex[Array, "3 3 3 3"]
Charged = Complex[Array, "3 3 3 2"]
UpDown = Complex[Array, "2 2 3 3"]
DownUp = Complex[Array, "3 3 2 2"]


class LeftVectors(eqx.Module):
    """Coefficients, GeV^-2, of L in the basis of arXiv:1709.04486 (WCxf: JMS).

    Indices in the order of the name: VnudLL_abij of (nubar_a gamma P_L nu_b)(dbar_i gamma P_L d_j), VdeLR_ijab,
    V1udLL_uvij; charged VnueduLL_abiu of (nubar_a gamma P_L e_b)(dbar_i gamma P_L u_u), plus its Hermitian conjugate.
    Up quarks are u and c. Entries that do not change the flavour of down quarks are zero here: they depend on further
    classes and on the shifts of the Z couplings, and nothing that changes flavour depends on them. V1 and V8 are
    colour singlets and octets.
    """

    VnudLL: Down
    VnudLR: Down
    VedLL: Down
    VdeLR: Down
    VedLR: Down
    VedRR: Down
    VnueduLL: Charged
    VddLL: Down
    VddRR: Down
    V1ddLR: Down
    V8ddLR: Down
    V1udLL: UpDown
    V8udLL: UpDown
    V1udRR: UpDown
    V8udRR: UpDown
    V1udLR: UpDown
    V8udLR: UpDown
    V1duLR: DownUp
    V8duLR: DownUp

    @classmethod
    def zero(cls) -> "LeftVectors":
        """No new physics."""
        return cls(**{name: jnp.zeros(shape, complex) for name, shape in SHAPES.items()})


class LeftScalars(eqx.Module):
    """Scalar and tensor coefficients, GeV^-2, of a quark and a lepton current in the same basis.

    SedRR_abij of (ebar_a P_R e_b)(dbar_i P_R d_j), SnueduRR_abiu of (nubar_a P_R e_b)(dbar_i P_R u_u); RL with P_L in
    the quark current, T with sigma in both. Complex, their Hermitian conjugates come on top in L. Every entry is kept:
    S and T with the same flavours run into each other, and nothing else into them.
    """

    SedRL: Down
    SedRR: Down
    TedRR: Down
    SnueduRL: Charged
    SnueduRR: Charged
    TnueduRR: Charged

    @classmethod
    def zero(cls) -> "LeftScalars":
        """No new physics."""
        return cls(**{name: jnp.zeros(shape, complex) for name, shape in SCALAR_SHAPES.items()})


class Left(eqx.Module):
    """Vector coefficients and scalar and tensor ones together, GeV^-2."""

    vectors: LeftVectors
    scalars: LeftScalars = eqx.field(default_factory=LeftScalars.zero)

    @classmethod
    def from_classes(cls, arrays: Mapping[str, Complex[Array, "..."]]) -> "Left":
        """Both kinds from one mapping of class -> array, which must hold all classes."""
        return cls(
            LeftVectors(**{name: arrays[name] for name in SHAPES}),
            LeftScalars(**{name: arrays[name] for name in SCALAR_SHAPES}),
        )

    def classes(self) -> dict[str, Complex[Array, "..."]]:
        """Class -> array: the inverse of `from_classes`."""
        return vars(self.vectors) | vars(self.scalars)


_SHAPES: dict[object, tuple[int, ...]] = {
    Down: (3, 3, 3, 3),
    Charged: (3, 3, 3, 2),
    UpDown: (2, 2, 3, 3),
    DownUp: (3, 3, 2, 2),
}
SHAPES = {field.name: _SHAPES[field.type] for field in fields(LeftVectors)}
SCALAR_SHAPES = {field.name: _SHAPES[field.type] for field in fields(LeftScalars)}
IDENTICAL = ("VddLL", "VddRR")
"""Two currents of the same kind: C_prst = C_stpr."""


def changes_flavour(name: str) -> Bool[np.ndarray, "..."]:
    """Where the operators of a class of `LeftVectors` change the number of some down-type quark."""
    shape = SHAPES[name]
    index = np.indices(shape)
    if name == "VnueduLL":
        return np.ones(shape, bool)
    first, second = ([0, 1], [2, 3])
    down = {"dd": (first, second), "de": (first,), "du": (first,)}.get(name.lstrip("V18")[:2], (second,))
    net = [sum((index[i] == q).astype(int) - (index[j] == q) for i, j in down) for q in range(3)]
    return np.any(np.stack(net) != 0, axis=0)
