"""Where a benchmark ran, and with which versions."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PEERS = ("flavio", "wilson", "eoshep", "pyhf", "redistpy", "iminuit")
PACKAGES = ("dineutrino", "jax", "jaxlib", "equinox", "numpyro", "numpy", "scipy", *PEERS)


def machine() -> dict[str, str]:
    """Processor, cores, load, system, Python and packages, as text."""
    found = {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "load in the last minute": f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "unknown",
        "threads of BLAS": os.environ.get("OPENBLAS_NUM_THREADS", "its default"),
        "system": platform.platform(terse=True),
        "python": sys.version.split()[0],
    }
    return found | {package: _version(package) for package in PACKAGES}


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
