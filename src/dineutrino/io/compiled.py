"""Compiled programs, kept on disk between runs of the command."""

import hashlib
import os
import platform
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import jax
import jaxlib
from jax.experimental.compilation_cache import compilation_cache

VARIABLE = "DINEUTRINO_CACHE"
"""Environment variable: 0 keeps nothing."""
QUICK = 0.01
"""Seconds of compilation up to which keeping a program saves nothing: reading it takes as long."""
MOST = 2**30
"""Bytes that are kept; what was not used for longest goes first."""


def keep_compiled(version: str) -> Path | None:
    """Let JAX keep what it compiles in the user's cache folder, and find there what earlier runs compiled.

    A folder that the user chose (`JAX_COMPILATION_CACHE_DIR`) is left as it is. Programs of other versions of JAX or of
    this package, and of other processors with the same home, are in folders of their own.

    Args:
        version: of this package.

    Returns:
        The folder; None if nothing is kept, because DINEUTRINO_CACHE=0 says so, the user chose another folder, or this
        one cannot be written, which costs time and no more.
    """
    if os.environ.get(VARIABLE) == "0":
        keep_nothing()
        return None
    if jax.config.jax_compilation_cache_dir is not None:  # type: ignore[attr-defined]  # made by jax at run time
        return None
    folder = _cache_home()
    if folder is None:
        return None
    versions = f"{version}-jax-{jax.__version__}-{jaxlib.__version__}-{_processor()}"
    folder = folder / "dineutrino" / f"compiled-{versions}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        return None
    _forget_oldest(folder)
    warnings.filterwarnings("ignore", message="Error (reading|writing) persistent compilation cache")
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", QUICK)
    return folder


def keep_nothing() -> None:
    """Neither keep compiled programs nor look for them, wherever the user has told JAX to."""
    jax.config.update("jax_enable_compilation_cache", False)
    compilation_cache.reset_cache()


@contextmanager
def not_kept(large: bool = True) -> Iterator[None]:
    """Keep nothing of what is compiled inside.

    Args:
        large: whether that is very large: XLA (jaxlib 0.10) may crash while it writes such. Else nothing changes.
    """
    if not (large and jax.config.jax_enable_compilation_cache):  # type: ignore[attr-defined]  # made by jax at run time
        yield
        return
    keep_nothing()
    try:
        yield
    finally:
        jax.config.update("jax_enable_compilation_cache", True)
        compilation_cache.reset_cache()


def _cache_home() -> Path | None:
    """The folder that the environment names for caches; None without a home."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(named):  # by convention a relative one is ignored
        return Path(named)
    try:
        return Path.home() / ".cache"
    except RuntimeError:
        return None


def _processor() -> str:
    """What tells processors with different instructions apart: programs are compiled for those of this one."""
    try:
        described = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        described = [f"flags: {platform.processor()}"]
    instructions = next((line for line in described if line.lower().startswith(("flags", "features"))), "")
    return f"{platform.machine()}-{hashlib.sha256(instructions.encode()).hexdigest()[:8]}"


def _forget_oldest(folder: Path) -> None:
    """Remove the programs that were read longest ago, until what is left is at most MOST bytes."""
    with suppress(OSError):  # another command may be at it
        known = [(entry, entry.stat()) for entry in folder.iterdir()]
        total = sum(status.st_size for _, status in known)
        for entry, status in sorted(known, key=lambda pair: max(pair[1].st_atime, pair[1].st_mtime)):
            if total <= MOST:
                return
            entry.unlink(missing_ok=True)
            total -= status.st_size
