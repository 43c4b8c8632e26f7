"""Pairs of light dark particles: one mass, and any of the operators with two of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import jax.numpy as jnp

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import SB, Inputs, Quarks
from dineutrino.inputs.units import TEV
from dineutrino.invisible import (
    DarkFermions,
    DarkScalars,
    DarkVectors,
    FermionOperators,
    Pair,
    ScalarOperators,
    VectorOperators,
)
from dineutrino.invisible.operators import Coefficient, Operators
from dineutrino.models.model import Model, Values, check_scale, complex_value


@dataclass(frozen=True)
class DarkPair(Model):
    """C = c m^k/Lambda^n for each operator, with one of two kinds of parameters:

    - "Lambda O": the scale in TeV, with c = 1;
    - "Re O", "Im O": c, dimensionless, with Lambda = `scale`.

    Attributes:
        self_conjugate: the particle is its own antiparticle.
        scale: Lambda of "Re O" and "Im O", TeV.
        transition: of the quarks; operators are written for b -> s. Scalar and tensor currents of the quarks are those
            at mu_b, of s -> d the tensor current that at 2 GeV.

    Source of the powers: arXiv:2309.12741 eq. (21), which makes the rates of light vectors finite.

    Raises:
        DineutrinoError: a scale that is not positive and finite.
    """

    self_conjugate: bool = False
    scale: float = 1.0
    transition: Quarks = SB

    operators: ClassVar[type[Operators]]
    pair: ClassVar[Callable[..., Pair]]
    powers: ClassVar[Mapping[str, tuple[int, int]]]
    """Operator -> (k, n)."""

    def __post_init__(self) -> None:
        check_scale(self.name, self.scale)

    def own_parameters(self) -> dict[str, str]:
        """The mass, and for each operator a scale or a coefficient."""
        found = {"mass": "mass of either particle, GeV"}
        for name in self._allowed():
            k, n = self.powers[name]
            size = f"C = c{_power('m', k)}/Lambda^{n}"
            found[f"Lambda {name}"] = f"scale of the operator {name}, TeV: {size} with c = 1"
            found[f"Re {name}"] = f"real part of c, dimensionless: {size} with Lambda = {self.scale:g} TeV"
            found[f"Im {name}"] = "imaginary part of c"
        return found

    def check(self, names: Iterable[str]) -> None:
        """Besides what every model checks: a scale and a coefficient of the same operator exclude each other."""
        given = list(names)
        super().check(given)
        chosen = [name.split()[1] for name in given if name.startswith("Lambda ")]
        for name in chosen:
            if f"Re {name}" in given or f"Im {name}" in given:
                raise DineutrinoError(f"{self.name} takes either 'Lambda {name}' or 'Re {name}' and 'Im {name}'.")

    def positive(self) -> tuple[str, ...]:
        """The scales Lambda of the operators, which are positive."""
        return tuple(f"Lambda {name}" for name in self._allowed())

    def pairs(self, values: Values, inputs: Inputs) -> tuple[Pair, ...]:
        """One pair, with the operators that have a value."""
        mass = jnp.asarray(values["mass"])
        found: dict[str, Coefficient] = {}
        for name in self._allowed():
            k, n = self.powers[name]
            c, scale = complex_value(values, name), jnp.asarray(self.scale)
            if f"Lambda {name}" in values:
                c, scale = jnp.asarray(1.0 + 0.0j), jnp.asarray(values[f"Lambda {name}"])
            if c is not None:
                found[name] = c * mass**k / (scale * TEV) ** n
        return (type(self).pair(mass, self.operators(**found), self.self_conjugate),)

    def tex(self, name: str) -> str:
        """Labels of the mass m_x, the scales Lambda_O and the coefficients."""
        if name == "mass":
            return r"m\;[\mathrm{GeV}]"
        kind, _, operator = name.partition(" ")
        return rf"\Lambda_{{{operator}}}\;[\mathrm{{TeV}}]" if kind == "Lambda" else ""

    def _allowed(self) -> list[str]:
        left_out = self.operators.vanishing if self.self_conjugate else ()
        return [name for name in self.operators.names() if name not in left_out]


def _power(what: str, exponent: int) -> str:
    return "" if exponent == 0 else f" {what}" if exponent == 1 else f" {what}^{exponent}"


class DarkScalar(DarkPair):
    """phi phi^dagger, complex or (self-conjugate) real."""

    name = "DarkScalar"
    operators = ScalarOperators
    pair = DarkScalars
    powers: ClassVar = {"S": (0, 1), "P": (0, 1), "V": (0, 2), "A": (0, 2)}


class DarkFermion(DarkPair):
    """chi chibar, Dirac or (self-conjugate) Majorana."""

    name = "DarkFermion"
    operators = FermionOperators
    pair = DarkFermions
    powers: ClassVar = dict.fromkeys(FermionOperators.names(), (0, 2))


class DarkVector(DarkPair):
    """X X^dagger, complex or (self-conjugate) real."""

    name = "DarkVector"
    operators = VectorOperators
    pair = DarkVectors
    powers: ClassVar = (
        dict.fromkeys(("S", "P", "T1", "T2"), (2, 3))
        | {f"{current}{i}": (2, 4) for current in "VA" for i in (2, 4, 5)}
        | {f"{current}{i}": (1, 3) for current in "VA" for i in (3, 6)}
    )
