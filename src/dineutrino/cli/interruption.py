"""Ctrl-C and SIGTERM, noticed at any moment: the work runs in a thread of its own, and the main thread waits.

A KeyboardInterrupt that is raised where XLA calls back into Python is lost ("Exception ignored in ..."). So signals
only set a flag here; the main thread leaves the work alone, or the work asks for the flag where it can stop.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType
from typing import TypeAlias, TypeVar

from dineutrino.cli.exit_codes import INTERRUPTED
from dineutrino.cli.printing import remark

T = TypeVar("T")
Handler: TypeAlias = Callable[[int, FrameType | None], object] | int | None
"""What Python knows of the handling of a signal."""

SIGNALS = (signal.SIGINT, signal.SIGTERM)
ANSWER = 1.0
"""Seconds in which work that can stop by itself says so."""
SHOW_CURSOR = b"\x1b[?25h"
"""To a terminal: a progress bar that is not left in an orderly way has hidden it."""
OFTEN = 0.05
"""Seconds between two looks at the flag."""


class Interruption:
    """The first signal asks the work to stop, the second ends the process at once. A context manager.

    Attributes:
        asked: the signal that came; None if none did.
    """

    def __init__(self) -> None:
        self.asked: int | None = None
        self._told = False
        self._answered = threading.Event()
        self._before: dict[int, Handler] = {}

    @property
    def exit_code(self) -> int:
        """By convention 128 more than the number of the signal: 130 for Ctrl-C, 143 for SIGTERM."""
        return INTERRUPTED if self.asked is None else 128 + self.asked

    def work(self, function: Callable[[], T], to_its_end: bool = False) -> T:
        """What a function returns or raises, run in a thread.

        Args:
            function: the work.
            to_its_end: whether the first signal lets it finish, as fits the writing of what there is.

        Raises:
            KeyboardInterrupt: a signal came, and the work, which may still go on, has not stopped by itself.
        """
        outcome: list[T] = []
        errors: list[BaseException] = []

        def run() -> None:
            try:
                outcome.append(function())
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        asked_at = None
        while thread.is_alive():
            thread.join(OFTEN)
            if self.asked is not None and not self._told:
                self._told = True
                remark("stopping (once more: at once) ...")
            if self.asked is None or to_its_end or self._answered.is_set():
                continue
            asked_at = asked_at or time.monotonic()
            if thread.is_alive() and time.monotonic() > asked_at + ANSWER:
                raise KeyboardInterrupt
        if errors:
            raise errors[0]
        return outcome[0]

    def check(self) -> None:
        """For work that can stop by itself, in whatever thread.

        Raises:
            KeyboardInterrupt: once, after a signal.
        """
        if self.asked is not None and not self._answered.is_set():
            self._answered.set()
            raise KeyboardInterrupt

    def __enter__(self) -> "Interruption":
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._ask) for number in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked is not None:
            leave_at_once(number, frame)
        self.asked = number


@contextmanager
def as_exception() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt, for work in plain Python that cleans up after itself."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def leave_at_once(number: int, frame: FrameType | None = None) -> None:
    """A handler of signals for as long as there is nothing to be kept: neither clean-up nor traceback."""
    leave(128 + number)


def leave(code: int) -> None:
    """End the process now, whatever XLA is still doing in other threads."""
    streams = [stream for stream in (sys.stdout, sys.stderr) if stream is not None]  # those that are not closed
    if streams and streams[-1].isatty():
        os.write(streams[-1].fileno(), SHOW_CURSOR)
    for stream in streams:
        with suppress(OSError, ValueError, RuntimeError):  # a closed pipe, or a signal in the middle of another flush
            stream.flush()
    os._exit(code)
