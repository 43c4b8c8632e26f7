"""Errors that a user can act on: one sentence that names the thing, what is allowed, and the nearest match."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import takewhile

MANY = 20
"""As many names fit into one sentence."""
CLOSE = 0.8
"""Share of letters (ratio of `difflib`) from which on a name is taken for misspelt, not abbreviated."""


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
    """The error for a name that does not exist: `raise unknown("observable", name, names)`.

    A name that differs only by capitals and spaces is the nearest one, then one that is all but spelt like it, then one
    that it abbreviates, as "R(D)" does "R(B->Dtaunu)", then what is spelt alike. Of many names those closest to it are
    listed.
    """
    names, written = sorted(allowed), str(name)
    plain = {candidate: _plain(candidate) for candidate in reversed(names)}
    by_plain = {text: candidate for candidate, text in plain.items()}
    short = _plain(written)
    longer = sorted(
        (text for text in by_plain if _abbreviates(short, text)), key=lambda text: (-_common(short, text), len(text))
    )
    misspelt, alike = (get_close_matches(short, list(by_plain), n=MANY, cutoff=cutoff) for cutoff in (CLOSE, 0.5))
    nearest = [by_plain[text] for text in dict.fromkeys([*misspelt, *longer, *alike])][:MANY]
    hint = f"; did you mean '{nearest[0]}'?" if nearest else "."
    if nearest and nearest[0].split() == written.split():
        hint += " Spaces count."
    listed = names if len(names) <= MANY else nearest if len(nearest) > 1 else names[:MANY]
    rest = "" if len(listed) == len(names) else f", ... ({len(names)} in all)"
    return DineutrinoError(f"unknown {kind} '{name}'{hint} Allowed: {', '.join(listed)}{rest}.")


def _plain(name: str) -> str:
    """Without capitals and with single spaces."""
    return " ".join(name.lower().split())


def _common(short: str, name: str) -> int:
    """How many letters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(short, name, strict=False)))


def _abbreviates(short: str, name: str) -> bool:
    """Whether a text begins and ends as a name does, and all of its letters come there in this order."""
    rest = iter(name)
    return (short[:1], short[-1:]) == (name[:1], name[-1:]) and all(letter in rest for letter in short)


def renamed(module: str, name: str, now: Mapping[str, str]) -> Exception:
    """The error for a name that is not in a module: for an old name, from `now`, with the new one."""
    if name in now:
        return DineutrinoError(f"{module}.{name} is no more; use {now[name]}.")
    return AttributeError(f"module '{module}' has no attribute '{name}'")


def reason(error: Exception) -> str:
    """What an error of another library says, in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[-1]}" if lines else type(error).__name__


def shortened(what: object, length: int = 60) -> str:
    """What was given, in one line that fits into a sentence."""
    written = " ".join(str(what).split())
    return written if len(written) <= length else f"{written[: length - 3]}..."
