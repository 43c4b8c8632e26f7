"""Warnings about results that are usable but not beyond doubt."""

import warnings
from collections.abc import Iterable


class Caution(UserWarning):
    """A result holds, with a reservation that the message states."""


def warn(messages: Iterable[str]) -> None:
    """Emit each message as a `Caution`, as seen from the caller of the caller."""
    for message in messages:
        warnings.warn(message, Caution, stacklevel=3)
