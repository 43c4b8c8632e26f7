"""Couplings of a heavy field by name: which real parameters they have, and the arrays that these fill."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.models.mediators.fermions import Leg, legs

Values = Mapping[str, Float[Array, ""]]
FAMILIES = (1, 2, 3)
PARTS = {"Re": 1.0, "Im": 1j}


@dataclass(frozen=True)
class Coupling(ABC):
    """An array of couplings in flavour space.

    Attributes:
        name: before the families, "y1L" of "y1L_33".
        symbol: in LaTeX.
        what: the term of the Lagrangian that it multiplies.
        fermions: of the indices, "qbar l" where the Lagrangian has qbar_i and l_j, "q l" where it has qbar^c_i; a
            coupling without has no flavour for an ansatz.
        channels: squares of the coefficients of SU(3) and SU(2), summed over the fermions and averaged over the
            components of the heavy field, which are all decays of one component.
    """

    name: str
    symbol: str
    what: str
    fermions: str = ""
    channels: float = 1.0

    @property
    def legs(self) -> tuple[Leg, ...]:
        """The fermions of the indices."""
        return legs(self.fermions)

    @abstractmethod
    def parameters(self) -> dict[str, str]:
        """Names of the real parameters -> what they are."""

    @abstractmethod
    def array(self, values: Values) -> Complex[Array, "..."]:
        """The array at given values of the parameters; what is not given is zero."""

    def tex(self, name: str) -> str:
        """Label of one of its real parameters."""
        part, _, entry = name.partition(" ")
        return rf"\mathrm{{{part}}}\,({self.symbol})_{{{entry.rpartition('_')[2]}}}"

    def _entry(self, values: Values, *families: int) -> Complex[Array, ""]:
        """One entry from its real and imaginary part."""
        name = self._name(*families)
        return sum(
            (unit * values[f"{part} {name}"] for part, unit in PARTS.items() if f"{part} {name}" in values),
            start=jnp.asarray(0.0 + 0.0j),
        )

    def _name(self, *families: int) -> str:
        return f"{self.name}_{''.join(map(str, families))}"

    def _named(self, *families: int, parts: tuple[str, ...] = tuple(PARTS)) -> dict[str, str]:
        words = {"Re": "real", "Im": "imaginary"}
        return {f"{part} {self._name(*families)}": f"{words[part]} part of {self.what}" for part in parts}


class Matrix(Coupling):
    """A complex 3 x 3 matrix, its indices in the order of the fields in `what`: quarks before leptons."""

    def parameters(self) -> dict[str, str]:
        """Real and imaginary parts of nine entries: "Re y1L_33", "Im y1L_33", ..."""
        return {k: v for i, j in product(FAMILIES, FAMILIES) for k, v in self._named(i, j).items()}

    def array(self, values: Values) -> Complex[Array, "3 3"]:
        """The matrix."""
        return jnp.stack([jnp.stack([self._entry(values, i, j) for j in FAMILIES]) for i in FAMILIES])


class Hermitian(Coupling):
    """A Hermitian 3 x 3 matrix: couplings of a real field to the currents of one kind of fermion."""

    def parameters(self) -> dict[str, str]:
        """Entries on the diagonal, and real and imaginary parts of those above: "Re g1q_33", "Im g1q_23", ..."""
        return {
            k: v
            for i, j in product(FAMILIES, FAMILIES)
            if i <= j
            for k, v in self._named(i, j, parts=("Re",) if i == j else ("Re", "Im")).items()
        }

    def array(self, values: Values) -> Complex[Array, "3 3"]:
        """The matrix."""
        entry = {(i, j): self._entry(values, i, j) for i, j in product(FAMILIES, FAMILIES) if i <= j}
        rows = [[entry[i, j] if i <= j else entry[j, i].conj() for j in FAMILIES] for i in FAMILIES]
        return jnp.stack([jnp.stack(row) for row in rows])


class Vector(Coupling):
    """Three complex numbers: couplings of a heavy fermion to one family of quarks each."""

    def parameters(self) -> dict[str, str]:
        """Real and imaginary parts of three entries: "Re lambda_D_3", ..."""
        return {k: v for i in FAMILIES for k, v in self._named(i).items()}

    def array(self, values: Values) -> Complex[Array, "3"]:
        """The three numbers."""
        return jnp.stack([self._entry(values, i) for i in FAMILIES])


class Single(Coupling):
    """One real number that has no flavour."""

    def parameters(self) -> dict[str, str]:
        """Itself."""
        return {self.name: self.what}

    def array(self, values: Values) -> Complex[Array, ""]:
        """The number."""
        return jnp.asarray(values.get(self.name, 0.0)) + 0.0j

    def tex(self, name: str) -> str:
        """Its symbol."""
        return self.symbol
