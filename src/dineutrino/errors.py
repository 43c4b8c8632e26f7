"""Errors that a user can act on: one sentence that names the thing, what is allowed, and the nearest match."""

from collections.abc import Iterable
from difflib import get_close_matches


class DineutrinoError(ValueError):
    """Input that cannot be used. The message is one sentence for the user; the command line exits with code 2."""


class NotConverged(RuntimeError):
    """A numerical result that must not be trusted. Carries the offending result as `result` where there is one."""

    def __init__(self, message: str, result: object = None):
        super().__init__(message)
        self.result = result


def repeated(names: Iterable[str]) -> str | None:
    """The first name that appears a second time; None if there is none."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def unknown(kind: str, name: object, allowed: Iterable[str]) -> DineutrinoError:
    """The error for a name that does not exist: `raise unknown("observable", name, names)`."""
    names = sorted(allowed)
    nearest = get_close_matches(str(name), names, n=1, cutoff=0.5)
    hint = f"; did you mean '{nearest[0]}'?" if nearest else "."
    listed = ", ".join(names) if len(names) <= 12 else ", ".join(names[:12]) + f", ... ({len(names)} in all)"
    return DineutrinoError(f"unknown {kind} '{name}'{hint} Allowed: {listed}.")
