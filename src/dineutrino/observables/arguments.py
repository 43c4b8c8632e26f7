"""What an observable of a decay is a function of: nothing, one q2, or a bin of q2."""

from collections.abc import Sequence
from typing import ClassVar

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.errors import DineutrinoError

WIDE = 0.5
"""Width of a bin that is no longer narrow, GeV^2."""


class Whole(eqx.Module):
    """All decays, whatever their q2: no argument."""

    names: ClassVar[tuple[str, ...]] = ()

    @property
    def edges(self) -> tuple[None, None]:
        """No bin edges: the range of q2 ends where the kinematics does."""
        return None, None


class AtQ2(eqx.Module):
    """Decays at one q2, GeV^2."""

    names: ClassVar[tuple[str, ...]] = ("q2",)

    q2: Float[Array, "*mode"]


class InBin(eqx.Module):
    """Decays with q2 between two values, GeV^2.

    Attributes:
        lower, upper: the edges of the bin.
        narrow: whether few nodes integrate the bin to 1e-9, see `is_narrow`.
    """

    names: ClassVar[tuple[str, ...]] = ("q2min", "q2max")

    lower: Float[Array, "*mode"]
    upper: Float[Array, "*mode"]
    narrow: bool = eqx.field(static=True, default=False)

    @property
    def edges(self) -> tuple[Float[Array, "*mode"], Float[Array, "*mode"]]:
        """Both edges of the bin."""
        return self.lower, self.upper


Arguments = Whole | AtQ2 | InBin
Kind = type[Whole] | type[AtQ2] | type[InBin]


def is_narrow(q2_min: float, q2_max: float) -> bool:
    """Whether few nodes are enough for 1e-9: a bin of at most 0.5 GeV^2, and as far from q2 = 0 as it is wide."""
    width = q2_max - q2_min
    return width <= WIDE and q2_min >= 0.99 * width


def kind_of(name: str, numbers: Sequence[object], kinds: Sequence[Kind]) -> Kind:
    """The kind of arguments that as many numbers are, among those that the observable `name` takes.

    Raises:
        DineutrinoError: it takes another number of them.
    """
    for kind in kinds:
        if len(kind.names) == len(numbers):
            return kind
    listed = " ".join(kinds[-1].names) or "none"
    raise DineutrinoError(f"{name} takes the arguments: {listed}; {len(numbers)} given.")


def arguments(kind: Kind, *numbers: Float[Array, "*mode"] | float, narrow: bool = False) -> Arguments:
    """Arguments of a kind from as many numbers, GeV^2."""
    values = [jnp.asarray(number) for number in numbers]
    if kind is InBin:
        return InBin(values[0], values[1], narrow)
    return AtQ2(values[0]) if kind is AtQ2 else Whole()


def check(name: str, kind: Kind, numbers: Sequence[float], end_point: float) -> None:
    """Refuse numbers that make no sense for the observable `name`.

    Raises:
        DineutrinoError: not finite, outside the kinematic range, or a bin that is empty or reversed.
    """
    for argument, value in zip(kind.names, numbers, strict=True):
        if not 0 <= value <= end_point * (1 + 1e-12):  # nan is neither
            raise DineutrinoError(
                f"{argument} = {value:g} GeV^2 is outside the kinematic range of {name}, 0 to {end_point:.6g} GeV^2."
            )
    if kind is InBin and numbers[0] >= numbers[1]:
        raise DineutrinoError(
            f"the q2 bin [{numbers[0]:g}, {numbers[1]:g}] GeV^2 of {name} is empty or reversed; give q2min < q2max."
        )
