"""What all heavy fields have in common: their couplings, and the SMEFT coefficients that they leave behind."""

from abc import abstractmethod
from dataclasses import fields
from typing import ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.models.mediators.couplings import Coupling, Values
from dineutrino.numerics import abs2
from dineutrino.running.warsaw_classes import Unknown, Warsaw, arrays, from_arrays

Mass = Float[Array, ""]
Flavours2 = Complex[Array, "3 3"]
Flavours4 = Complex[Array, "3 3 3 3"]


class Mediator(eqx.Module):
    """A heavy field: its couplings at a point of parameter space, in the down-aligned basis at its mass.

    There q_i = (V*_ji u_j, d_i) with the CKM matrix V, l, u, d and e are mass eigenstates, all at the mass of the
    field. Couplings have the indices of the fermions in the order of the Lagrangian in the docstring of the field, in
    which eps = i sigma_2 and psi^c = C psibar^T. A field of your own has the same four things.

    Attributes:
        name: as in `MEDIATORS`.
        symbol: in LaTeX.
        representation: of SU(3), SU(2) and U(1), in words.
        couplings: of the arrays, in the order of the attributes of the class.
        partial_width: over the mass, of a decay into massless particles with a coupling of one, which depends on the
            spin; None for what is no particle.
    """

    name: ClassVar[str]
    symbol: ClassVar[str]
    representation: ClassVar[str]
    couplings: ClassVar[tuple[Coupling, ...]]
    partial_width: ClassVar[float | None] = None

    @classmethod
    def read(cls, values: Values) -> "Mediator":
        """The field with couplings from named real parameters; what is not given is zero."""
        return cls(*(coupling.array(values) for coupling in cls.couplings))

    @classmethod
    def leptonic(cls) -> bool:
        """Whether it couples to leptons."""
        return any(not leg.fermion.is_quark for coupling in cls.couplings for leg in coupling.legs)

    @abstractmethod
    def match(self, mass: Mass) -> Warsaw:
        """Coefficients at the scale of the mass at tree level, GeV^-2 for a mass in GeV."""

    def arrays(self) -> tuple[Complex[Array, "..."], ...]:
        """The arrays of couplings, in the order of `couplings`."""
        return tuple(getattr(self, field.name) for field in fields(self))

    def relative_width(self) -> Float[Array, ""] | None:
        """Gamma/M at tree level into all massless fermions, of heavy quarks into a quark and the Higgs doublet."""
        if self.partial_width is None:
            return None
        sizes = (c.channels * jnp.sum(abs2(array)) for c, array in zip(self.couplings, self.arrays(), strict=True))
        return self.partial_width * sum(sizes, start=jnp.asarray(0.0))

    def partial_wave(self) -> Float[Array, ""] | None:
        """The largest |a_J| of scattering by this field, which unitarity keeps below 1/2; None where it is not known.

        See `dineutrino.models.mediators.unitarity`.
        """
        return None

    def mixing(self, mass: Mass) -> Warsaw:
        """Coefficients of four quarks that a loop makes where none arise at tree level; none for most fields."""
        return Warsaw.zero()


def coefficients(**given: Unknown) -> Warsaw:
    """Some classes of the Warsaw basis; all others vanish."""
    return from_arrays(arrays(Warsaw.zero()) | given)


def added(first: Warsaw, second: Warsaw) -> Warsaw:
    """Contributions of two fields."""
    return jax.tree.map(jnp.add, first, second)
