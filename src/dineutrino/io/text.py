"""The text of a file."""

from pathlib import Path

from dineutrino.errors import DineutrinoError

LARGEST = 64
"""MiB that are read at most; the published likelihood of Belle II has 0.1."""


def read_text(path: str | Path, largest: int = LARGEST) -> str:
    """The text of a file in UTF-8.

    Args:
        path: of the file; it may be a pipe.
        largest: size in MiB up to which it is read, so that a device without an end is refused as well.

    Raises:
        DineutrinoError: no such file, not readable, too large, or not text in UTF-8.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(largest * 2**20 + 1)
    except FileNotFoundError:
        raise DineutrinoError(f"there is no file '{path}'.") from None
    except (OSError, ValueError) as error:
        raise DineutrinoError(
            f"the file '{path}' cannot be read: {getattr(error, 'strerror', None) or error}."
        ) from None
    if len(content) > largest * 2**20:
        raise DineutrinoError(f"the file '{path}' cannot be read: it is larger than {largest} MiB.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        where = f"line {line}, byte {content[error.start]:#04x}"
        raise DineutrinoError(f"the file '{path}' cannot be read: it is not text in UTF-8 ({where}).") from None
