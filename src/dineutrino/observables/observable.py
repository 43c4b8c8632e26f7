"""What every observable can do: prepare what does not depend on the new physics, then take its value in a theory."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable  # noqa: TID251  # see `SomeObservable`

import jax
from jaxtyping import Array, Float

from dineutrino.errors import DineutrinoError
from dineutrino.inputs import Inputs
from dineutrino.observables import arguments
from dineutrino.observables.arguments import Arguments, Kind, Whole
from dineutrino.observables.modes import Decay, Mode, decay
from dineutrino.theory import NewPhysics, Theory, theory_of

Number = Float[Array, ""] | float


@runtime_checkable
class Kernel(Protocol):
    """Everything that an observable needs besides the new physics: a pytree."""

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        ...


K = TypeVar("K", bound=Kernel)
Numbers = TypeVar("Numbers")


@dataclass(frozen=True)
class Family:
    """Observables that differ only in numbers, so that one vmapped call prepares them all.

    Attributes:
        key: what they have in common.
        member: which of them this is; equal members have the same kernel.
    """

    key: Hashable
    member: Hashable


@dataclass(frozen=True)
class Component(Generic[K]):
    """The value of an observable that is one of many: they are computed together, however many are asked for.

    Attributes:
        together: (kernel, theory) -> all of them by name.
        name: of this one.
    """

    together: Callable[[K, Theory], dict[str, Float[Array, ""]]]
    name: str

    def __call__(self, kernel: K, theory: Theory) -> Float[Array, ""]:
        """This one alone."""
        return self.together(kernel, theory)[self.name]


@dataclass(frozen=True)
class Observable(ABC, Generic[K, Numbers]):
    """A number that an experiment measures.

    Attributes:
        name: for example "dBR/dq2(B+->Knunu)".
        tex: LaTeX, without dollars.
        process: LaTeX of the process alone.
        unit: "1", "GeV" or "GeV^-2".
        description: one line.
        source: paper and equation.
        takes: kinds of arguments, of which one is given.
        transitions: whose form factors it needs, "B->K".
        value: (kernel, theory) -> value.
        is_fraction: of the decays, and so nan where there are none.
    """

    name: str
    tex: str
    process: str
    unit: str
    description: str
    source: str
    takes: tuple[Kind, ...]
    transitions: tuple[str, ...]
    value: Callable[[K, Theory], Float[Array, ""]]
    is_fraction: bool

    @abstractmethod
    def family(self, *numbers: float) -> Family:
        """What it is prepared together with, for arguments in GeV^2."""

    @abstractmethod
    def numbers(self, inputs: Inputs, *numbers: Number) -> Numbers:
        """A pytree of what tells it from the others of its family."""

    @abstractmethod
    def integrate(self, inputs: Inputs, numbers: Numbers) -> K:
        """The kernel of a member of its family with these numbers."""

    @abstractmethod
    def check(self, inputs: Inputs, *numbers: float) -> None:
        """Refuse arguments that make no sense.

        Raises:
            DineutrinoError: wrong number, or outside of what is possible.
        """

    def end_point(self, inputs: Inputs) -> float:
        """The highest q2 of an invisible pair in it, GeV^2; infinite where there is none."""
        return math.inf

    def prepare(self, inputs: Inputs, *numbers: Number) -> K:
        """The kernel at these inputs, for arguments in GeV^2: pure, to be jitted, vmapped and differentiated."""
        return self.integrate(inputs, self.numbers(inputs, *numbers))

    def __call__(self, new: NewPhysics, inputs: Inputs, *numbers: Number) -> Float[Array, ""]:
        """The value: pure, to be jitted, vmapped and differentiated."""
        return self.value(self.prepare(inputs, *numbers), theory_of(new, inputs))

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of the arguments, all in GeV^2; with "?" if they may be left out."""
        optional = "?" if len(self.takes) > 1 and Whole in self.takes else ""
        return tuple(f"{name}{optional}" for name in self.takes[-1].names)


@dataclass(frozen=True)
class OfWhole(Observable[K, Numbers]):
    """An observable without arguments, which is not integrated over q2 in bins."""

    def check(self, inputs: Inputs, *numbers: float) -> None:
        """Refuse arguments: there are none.

        Raises:
            DineutrinoError: some are given.
        """
        arguments.kind_of(self.name, numbers, (Whole,))


@dataclass(frozen=True)
class Prepared(OfWhole[K, K]):
    """One whose kernel follows from the inputs alone: those that share it are prepared once."""

    @abstractmethod
    def kernel_at(self, inputs: Inputs) -> K:
        """What it needs besides the new physics."""

    def numbers(self, inputs: Inputs, *numbers: Number) -> K:
        """The kernel itself."""
        return self.kernel_at(inputs)

    def integrate(self, inputs: Inputs, numbers: K) -> K:
        """Nothing is left to integrate."""
        return numbers


SomeObservable = Observable[Any, Any]
"""An observable of whatever kernel: that it prepares what it evaluates is known inside of it, and to nobody else."""


@dataclass(frozen=True)
class OfDecay(Observable[K, tuple[Decay, Arguments]]):
    """An observable of one decay with something invisible in it.

    Attributes:
        mode: the decay.
        kernel: (decay, inputs, arguments) -> kernel.
        few_nodes: whether narrow bins are integrated with few nodes.
    """

    mode: Mode
    kernel: Callable[[Decay, Inputs, Any], K]
    few_nodes: bool

    def _arguments(self, *numbers: Number) -> Arguments:
        kind = arguments.kind_of(self.name, numbers, self.takes)
        return arguments.arguments(kind, *numbers, narrow=self._narrow(*numbers))

    def _narrow(self, *numbers: Number) -> bool:
        """Where the edges of the bin are known, and not traced."""
        known = len(numbers) == 2 and not any(isinstance(number, jax.core.Tracer) for number in numbers)
        return self.few_nodes and known and arguments.is_narrow(*map(float, numbers))

    def family(self, *numbers: float) -> Family:
        """Decays of one transition, integrated in the same way."""
        kind = arguments.kind_of(self.name, numbers, self.takes)
        key = (self.kernel, self.mode.transition, self.mode.k_long, kind, self._narrow(*numbers))
        return Family(key, (self.mode, numbers))

    def numbers(self, inputs: Inputs, *numbers: Number) -> tuple[Decay, Arguments]:
        """Masses, lifetime and background of the decay, and the arguments."""
        return decay(self.mode, inputs), self._arguments(*numbers)

    def integrate(self, inputs: Inputs, numbers: tuple[Decay, Arguments]) -> K:
        """Over q2, where the observable is not differential."""
        its_decay, where = numbers
        return self.kernel(its_decay, inputs, where)

    def check(self, inputs: Inputs, *numbers: float) -> None:
        """Refuse arguments that make no sense.

        Raises:
            DineutrinoError: wrong number, not finite, outside the kinematic range, a bin that is empty or reversed,
                or masses that forbid the decay; a spectrum where only a total rate is published.
        """
        kind = arguments.kind_of(self.name, numbers, self.takes)
        end = self.end_point(inputs)
        if end <= 0:
            masses = self.mode.masses(inputs)
            raise DineutrinoError(
                f"{self.name} is no decay with these inputs: it begins with {float(masses.B):g} GeV and ends with at "
                f"least {float(masses.M):g} GeV."
            )
        arguments.check(self.name, kind, numbers, end)
        if self.mode.tabulated(inputs) and (kind is not Whole or self.is_fraction):
            raise DineutrinoError(
                f"{self.name} needs form factors: with the choice 'B->d_rates: table' only total rates are known."
            )

    def end_point(self, inputs: Inputs) -> float:
        """(m_B - m_M)^2, GeV^2."""
        return self.mode.end_point(inputs)
