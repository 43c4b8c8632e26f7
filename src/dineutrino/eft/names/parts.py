"""Complex coefficients in their two notations: "CL_bsnuenue" = 1-2j, or "Re CL_bsnuenue" = 1, "Im CL_bsnuenue" = -2."""

from collections.abc import Container, Mapping

import numpy as np

from dineutrino.errors import DineutrinoError

LARGEST = 1e30
"""Of anything that a user sets: beyond, no rate, and not the square of one, is a number any more."""
RE, IM = "Re ", "Im "


def whole(values: Mapping[str, complex]) -> dict[str, complex]:
    """Coefficients by their own names, from either notation or both: {"Re C": 1, "Im C": -2} is {"C": 1-2j}.

    Raises:
        DineutrinoError: a coefficient as a whole and by its parts, a part that is not real, or a number that is not
            finite or absurdly large.
    """
    found: dict[str, complex] = {}
    for name, value in values.items():
        check_number(name, value)
        part, coefficient = _part(name)
        if part and coefficient in values:
            raise DineutrinoError(f"'{name}' is a part of '{coefficient}', which is given as well; give one of them.")
        if not part:
            found[name] = value
        else:
            found[coefficient] = found.get(coefficient, 0) + _real(name, value) * (1j if part == IM else 1)
    return found


def parts(values: Mapping[str, complex], known: Container[str]) -> dict[str, float]:
    """Real parameters by name, from either notation: {"C": 1-2j} is {"Re C": 1, "Im C": -2} where those are known.

    A name that is not known stays, for whoever knows what is allowed to refuse it.

    Raises:
        DineutrinoError: the same parameter twice, an imaginary part where the parameter is real, or a number that is
            not finite or absurdly large.
    """
    found: dict[str, float] = {}
    for name, value in values.items():
        check_number(name, value)
        given = {name: value}
        if name not in known and (RE + name in known or IM + name in known):
            given = {RE + name: np.real(value), IM + name: np.imag(value)}
            given = {part: x for part, x in given.items() if part in known or x != 0}
        for part, x in given.items():
            if part in found:
                raise DineutrinoError(f"'{part}' is given twice, once as a part of '{_part(part)[1]}'; give it once.")
            if part not in known and part != name:
                raise DineutrinoError(f"'{name}' = {value} needs '{part}', which is not a parameter here.")
            found[part] = _real(part, x)
    return found


def known_part(name: str, known: Container[str]) -> str:
    """The real parameter that a name stands for: "Re C" for "C", if that is known."""
    return RE + name if name not in known and RE + name in known else name


def check_number(name: str, value: complex) -> None:
    """Refuse what cannot be computed with.

    Raises:
        DineutrinoError: not finite, or absurdly large.
    """
    if isinstance(value, str | None) or np.ndim(value):
        raise DineutrinoError(f"{name} = {value!r} is not a number.")
    if not np.isfinite(value):
        raise DineutrinoError(f"{name} = {value} is not finite; give a finite number.")
    if abs(value) > LARGEST:
        raise DineutrinoError(f"{name} = {value:g} is too large to compute with: at most {LARGEST:g}.")


def _part(name: str) -> tuple[str, str]:
    """The prefix that makes a name that of a real or imaginary part, else "", and the coefficient."""
    for prefix in (RE, IM):
        if name.startswith(prefix):
            return prefix, name.removeprefix(prefix)
    return "", name


def _real(name: str, value: complex) -> float:
    if np.imag(value) != 0:
        raise DineutrinoError(f"'{name}' is a real number, not {value}.")
    return float(np.real(value))
