"""Chains and particles that are interrupted and go on are those of a run in one go."""

import threading

import numpy as np
import pytest
import toys

from dineutrino.errors import DineutrinoError
from dineutrino.inference import Checkpoint, maximum, nuts, posterior, smc

PARTS = {"auto": (nuts, "_advance", 7), "SMC": (smc, "_stage", 8)}
"""What a sampler calls again and again, and how often it may before it is interrupted."""
pytestmark = pytest.mark.filterwarnings("ignore::dineutrino.inference.caution.Caution")


class Gate:
    """Lets a sampler make a number of calls; then it waits until it is interrupted."""

    def __init__(self, call, allowed):
        self.call, self.left, self.allowed = call, allowed, allowed
        self.interrupted, self.lock = threading.Event(), threading.Lock()

    def __call__(self, *arguments):
        with self.lock:
            self.left -= 1
        if self.left < 0:
            self.interrupted.wait(60)
        return self.call(*arguments)

    def poll(self):
        if self.left < 0:
            self.interrupted.set()
            raise KeyboardInterrupt


@pytest.fixture(scope="module")
def target():
    return toys.sign_degenerate()


@pytest.fixture(scope="module")
def maxima(target):
    return maximum(target, toys.key(0))


def sample(target, maxima, method, **more):
    settings = {"chains": 2, "warmup": 100, "draws": 300} | more
    return posterior(target, toys.key(1), maxima=maxima, method=method, progress=False, **settings)


def same(one, other):
    for group in ("posterior", "sample_stats", "predictions", "log_likelihood"):
        for name, variable in one[group].data_vars.items():
            np.testing.assert_array_equal(variable.values, other[group][name].values)


@pytest.mark.slow
@pytest.mark.parametrize("method", PARTS)
def test_interrupted_again_and_again(target, maxima, method, tmp_path, monkeypatch):
    whole = sample(target, maxima, method)
    module, name, allowed = PARTS[method]
    call, attempts = getattr(module, name), 0
    while True:
        gate = Gate(call, allowed)
        monkeypatch.setattr(module, name, gate)
        try:
            found = sample(target, maxima, method, checkpoint=Checkpoint(tmp_path, gate.poll))
        except KeyboardInterrupt:
            found = None
        attempts += 1
        if found is not None and not found.attrs["interrupted"]:
            break
        assert attempts < 30
    assert attempts > 2
    same(whole, found)


@pytest.mark.slow
def test_a_checkpoint_is_saved_while_the_chains_run(target, maxima, tmp_path, monkeypatch):
    """So that a process that is killed, and can do nothing any more, loses what came after it only."""
    gate = Gate(nuts._advance, 12)
    monkeypatch.setattr(nuts, "_advance", gate)
    saved = []

    def poll():
        if gate.left < 0 and (tmp_path / "chains.npz").is_file():
            saved.append((tmp_path / "chains.npz").read_bytes())
            gate.poll()

    with pytest.raises(KeyboardInterrupt):
        sample(target, maxima, "auto", checkpoint=Checkpoint(tmp_path, poll, seconds=0.0))
    assert saved
    (tmp_path / "chains.npz").write_bytes(saved[0])
    monkeypatch.undo()
    same(sample(target, maxima, "auto"), sample(target, maxima, "auto", checkpoint=Checkpoint(tmp_path)))


@pytest.mark.slow
def test_checkpoints_that_are_of_no_use_are_refused(target, maxima, tmp_path):
    sample(target, maxima, "auto", checkpoint=Checkpoint(tmp_path))
    with pytest.raises(DineutrinoError, match=r"'.*pilot.npz' belongs to other chains; remove it to begin anew"):
        sample(target, maxima, "auto", checkpoint=Checkpoint(tmp_path), chains=3)
    path = tmp_path / "chains.npz"
    content = path.read_bytes()
    for damaged in (content[: len(content) // 2], b"", content[:600] + b"\xff" * 64 + content[664:]):
        path.write_bytes(damaged)
        with pytest.raises(DineutrinoError, match=r"the checkpoint '.*chains.npz' is damaged"):
            sample(target, maxima, "auto", checkpoint=Checkpoint(tmp_path))


def test_without_folder_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    checkpoint = Checkpoint()
    checkpoint.save("chains", "mark", [np.zeros(3)])
    assert not checkpoint.due()
    assert checkpoint.load("chains", "mark", [np.zeros(3)]) is None
    assert not list(tmp_path.iterdir())
