"""Functions are compiled quickly rather than to be quick, which is most of the time of the tests. They are kept on disk
between runs, unless the environment says otherwise, and not all of them in memory."""

import ctypes
import gc
import os
import pathlib
import sys
from collections import Counter

import jax
import pytest
import unchanged
from hypothesis import settings
from jax.experimental.compilation_cache import compilation_cache

import dineutrino  # noqa: F401  (double precision)

# the workers, and the commands that tests start, inherit it; together with XLA's flag for old emitters of fused loops,
# which compile in half the time again, jaxlib 0.10 loses a part of a gradient
os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")
UNOPTIMISED = os.environ["JAX_DISABLE_MOST_OPTIMIZATIONS"] == "1"
jax.config.update("jax_disable_most_optimizations", UNOPTIMISED)

if "JAX_COMPILATION_CACHE_DIR" not in os.environ:
    os.environ["JAX_COMPILATION_CACHE_DIR"] = str(pathlib.Path(__file__).parents[1] / ".jax_cache")  # of commands
    jax.config.update("jax_compilation_cache_dir", os.environ["JAX_COMPILATION_CACHE_DIR"])
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.3)

settings.register_profile("dineutrino", deadline=None, derandomize=True)
settings.load_profile("dineutrino")

MUCH = 2 * 2**30
"""Bytes of memory from which on a test file leaves no compiled functions to the next one."""


ran: Counter[str] = Counter()
"""Test file -> its slow tests that passed in this run; a failure counts as minus infinity."""


def pytest_addoption(parser):
    group = parser.getgroup("dineutrino")
    group.addoption("--slow", action="store_true", help="run slow tests although nothing they depend on has changed")
    group.addoption("--record", action="store_true", help="keep in tests/passed.json which slow tests passed")


def pytest_collection_modifyitems(config, items):
    """Files with slow tests come first, so that no worker is left alone with one at the end."""
    slow = [item for item in items if item.get_closest_marker("slow")]
    many = Counter(item.path for item in slow)
    items.sort(key=lambda item: -many[item.path])
    if config.getoption("slow"):
        return
    before = unchanged.passed()
    for item in slow:
        if before.get(file := _file(item.nodeid)) == unchanged.digest(file):
            item.add_marker(pytest.mark.skip(reason="passed with the same code; --slow runs it"))


def pytest_runtest_logreport(report):
    """Count slow tests that passed, of each file."""
    if report.failed:
        ran[_file(report.nodeid)] = -sys.maxsize
    elif report.passed and report.when == "call" and "slow" in report.keywords:
        ran[_file(report.nodeid)] += 1


def pytest_sessionfinish(session, exitstatus):
    """Keep what passed, where this is the process that hears of all tests, and has heard of all."""
    to_its_end = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    if session.config.getoption("record") and to_its_end and not hasattr(session.config, "workerinput"):
        unchanged.record(file for file, count in ran.items() if count > 0)


def pytest_configure(config):
    """A record is of whole files."""
    parts = (
        config.option.keyword
        or config.option.markexpr not in ("", "slow")
        or any("::" in argument for argument in config.args)
    )
    if config.getoption("record") and parts:
        raise pytest.UsageError("--record takes whole files: no -k, no -m but slow, no ::.")


def _file(nodeid):
    return nodeid.split("::")[0].removeprefix("tests/")


@pytest.fixture(autouse=True, scope="module")
def bounded_memory():
    """All compiled functions of a whole run, and what the compiler left, do not fit a small machine twice."""
    yield
    statm = pathlib.Path("/proc/self/statm")
    if statm.exists() and int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") > MUCH:
        jax.clear_caches()
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)


@pytest.fixture
def optimised():
    """Programs that are quick rather than quickly compiled: for one that runs for longer than it takes to compile."""
    jax.config.update("jax_disable_most_optimizations", False)
    jax.clear_caches()
    yield
    jax.config.update("jax_disable_most_optimizations", UNOPTIMISED)
    jax.clear_caches()


@pytest.fixture
def nothing_on_disk():
    """Without the cache on disk: XLA (jax 0.10.2) may crash while it serialises programs as large as these."""
    jax.config.update("jax_enable_compilation_cache", False)
    compilation_cache.reset_cache()
    yield
    jax.config.update("jax_enable_compilation_cache", True)
    compilation_cache.reset_cache()
