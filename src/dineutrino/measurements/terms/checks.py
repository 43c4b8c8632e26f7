"""What a term accepts when it is built, and how its numbers are written."""

import math
from collections.abc import Sequence
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float

from dineutrino.errors import DineutrinoError
from dineutrino.observables import ObservableRef, label

Numbers: TypeAlias = ArrayLike | Sequence[float]
"""One number per observable."""


def finite_array(what: str, numbers: Numbers, shape: tuple[int, ...]) -> Float[np.ndarray, "..."]:
    """Concrete numbers as a float64 array of the given shape.

    Raises:
        DineutrinoError: if they are not numbers, not finite, or of another shape.
    """
    try:
        array = np.asarray(numbers, dtype=np.float64)
    except (TypeError, ValueError):
        raise DineutrinoError(f"'{what}' must be numeric, got {numbers!r}.") from None
    if array.shape != shape:
        raise DineutrinoError(f"'{what}' must have shape {shape} (one entry per observable), got {array.shape}.")
    if not np.all(np.isfinite(array)):
        raise DineutrinoError(f"'{what}' must be finite, got {numbers!r}.")
    return array


def positive_array(what: str, numbers: Numbers, shape: tuple[int, ...]) -> Float[np.ndarray, "..."]:
    """Like `finite_array`, and every entry larger than zero.

    Raises:
        DineutrinoError: if an entry is not positive, or as `finite_array`.
    """
    array = finite_array(what, numbers, shape)
    if not np.all(array > 0):
        raise DineutrinoError(f"'{what}' must be positive, got {numbers!r}.")
    return array


def leaf(array: Float[np.ndarray, "..."]) -> Float[Array, "..."]:
    """The array as a leaf of a pytree, in JAX's default precision; concrete also while a function is being traced."""
    with jax.ensure_compile_time_eval():
        return jnp.asarray(array, dtype=float)


def references(observables: Sequence[ObservableRef]) -> tuple[ObservableRef, ...]:
    """The references of a term, checked.

    Raises:
        DineutrinoError: if there is none, one occurs twice, or one is not (name, *finite arguments).
    """
    checked: list[ObservableRef] = []
    for reference in observables:
        name, *arguments = reference
        if not isinstance(name, str) or not all(_is_finite(argument) for argument in arguments):
            raise DineutrinoError(f"an observable must be given as (name, *finite arguments), got {reference!r}.")
        checked.append((name, *map(float, arguments)))
    if not checked:
        raise DineutrinoError("a likelihood term needs at least one observable, got none.")
    if len(set(checked)) < len(checked):
        raise DineutrinoError(f"an observable occurs twice in one term: {', '.join(map(label, checked))}.")
    return tuple(checked)


def in_words(value: float, *errors: tuple[str, float]) -> str:
    """A value with its signed errors and a common power of ten: "(2.30 +0.71 -0.64)e-5", "2.93 +- 0.90"."""
    numbers = [float(value), *(float(error) for _, error in errors)]
    largest = max(map(abs, numbers))
    exponent = math.floor(math.log10(largest)) if largest > 0 else 0
    exponent = 0 if -2 <= exponent <= 2 else exponent
    # as many digits as show two significant digits of the smallest error
    smallest = min((abs(n) for n in numbers[1:]), default=abs(numbers[0]) / 10) / 10**exponent
    digits = max(0, 1 - math.floor(math.log10(smallest))) if smallest > 0 else 2
    scaled = [f"{number / 10**exponent:.{digits}f}" for number in numbers]
    written = " ".join([scaled[0], *(f"{sign}{text}" for (sign, _), text in zip(errors, scaled[1:], strict=True))])
    if exponent == 0:
        return written
    return f"({written})e{exponent}" if errors else f"{written}e{exponent}"


def _is_finite(argument: object) -> bool:
    return isinstance(argument, int | float) and not isinstance(argument, bool) and math.isfinite(argument)
