"""What happens when standard output is closed or full: one sentence, and exit code 2."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from dineutrino.cli.exit_codes import WRONG


@contextmanager
def printing() -> Iterator[None]:
    """Whatever is printed inside reaches the standard output, or the command ends with a sentence and exit code 2."""
    if sys.stdout is None:
        print("the standard output is closed: there is nowhere to print to.", file=sys.stderr)
        raise SystemExit(WRONG)
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _silence()
        raise SystemExit(0) from None  # whoever read it has seen enough
    except OSError as error:
        if error.filename is not None:
            raise
        _silence()
        print(f"the standard output cannot be written: {error.strerror or error}.", file=sys.stderr)
        raise SystemExit(WRONG) from None


def _silence() -> None:
    """Nothing more is written when the interpreter closes the stream."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
