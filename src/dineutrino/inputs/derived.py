"""Quantities that follow from the inputs and that many formulas read: from a formula, or settled once for all of them.

A gradient goes backwards through every reading of a formula, and a compiler sees each. Where all observables of a point
are computed together, `settled` evaluates such a quantity once, and its readers find it in the inputs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import equinox as eqx

from dineutrino.inputs.inputs import Inputs

Value = TypeVar("Value")


@dataclass(frozen=True)
class Derived(Generic[Value]):
    """A quantity of this kind, to be called with the inputs.

    Attributes:
        name: of it, among all of them.
        formula: from the inputs, a pytree.
    """

    name: str
    formula: Callable[[Inputs], Value]

    def __call__(self, inputs: Inputs) -> Value:
        """Its value at these inputs."""
        value: Value = inputs.derived[self.name] if self.name in inputs.derived else self.formula(inputs)
        return value


def settled(inputs: Inputs, quantities: Sequence[Derived]) -> Inputs:
    """The same inputs, with the values of these quantities in them.

    Derivatives with respect to these inputs would miss what goes through the quantities: take them with respect to what
    is given to this function.
    """
    values = {quantity.name: quantity(inputs) for quantity in quantities}
    return eqx.tree_at(lambda inputs: inputs.derived, inputs, values)
