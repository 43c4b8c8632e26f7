"""Signals that come while the work runs in its thread."""

import os
import signal
import sys
import threading
from types import SimpleNamespace

import pytest

from dineutrino.cli import interruption
from dineutrino.cli.interruption import Interruption

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no signals for one process")


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(interruption, "ANSWER", 0.1)


@pytest.fixture
def released():
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_work_that_does_not_look_is_left_alone(released, number, code):
    def work():
        os.kill(os.getpid(), number)
        released.wait(60)

    before = signal.getsignal(number)
    with Interruption() as asked:
        with pytest.raises(KeyboardInterrupt):
            asked.work(work)
        assert asked.exit_code == code
    assert signal.getsignal(number) is before


def test_work_that_looks_may_return_what_it_has(monkeypatch):
    """The time for an answer begins to pass when it has been given, however slow the machine."""
    now = [0.0]
    monkeypatch.setattr(interruption, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def work():
        os.kill(os.getpid(), signal.SIGINT)
        try:
            while True:
                asked.check()
        except KeyboardInterrupt:
            now[0] = 1e9  # longer than an answer may take, which has come
            threading.Event().wait(0.5)
            return "a part"

    with Interruption() as asked:
        assert asked.work(work) == "a part"
        asked.check()


def test_work_that_is_to_be_finished():
    def work():
        os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait(0.5)
        return "all"

    with Interruption() as asked:
        assert asked.work(work, to_its_end=True) == "all"
        assert asked.asked == signal.SIGINT


def test_the_second_signal_ends_the_process(monkeypatch, released):
    codes = []

    def leave(code):
        codes.append(code)
        released.set()

    def work():
        os.kill(os.getpid(), signal.SIGINT)
        while asked.asked is None:
            threading.Event().wait(0.01)
        os.kill(os.getpid(), signal.SIGTERM)
        assert released.wait(60)

    monkeypatch.setattr(interruption, "leave", leave)
    with Interruption() as asked:
        asked.work(work, to_its_end=True)
    assert codes == [143]


def test_what_work_raises_is_raised():
    with Interruption() as asked:
        with pytest.raises(ValueError, match="a reason"):
            asked.work(lambda: int("a reason"))
        assert asked.work(lambda: 7) == 7
