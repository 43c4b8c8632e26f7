"""Entry point of the command `dineutrino`: a package of its own, since importing `dineutrino` takes a second or two.

Ctrl-C is answered from the first moment: a KeyboardInterrupt in the middle of an import may be lost, or end in a
traceback.
"""

import gc
import os
import signal
from types import FrameType


def main() -> None:
    """Import the command and run it. Imports and traces leave little garbage, and looking for it often takes long."""
    gc.set_threshold(50_000, 20, 50)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    from dineutrino.cli import main as command

    command()


def _leave(number: int, frame: FrameType | None) -> None:
    os._exit(128 + number)
