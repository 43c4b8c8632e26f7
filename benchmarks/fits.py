"""The first `dineutrino fit` on a machine, and the second one, which finds the compiled programs of the first."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.report import Report, Row
from benchmarks.timing import Timing

COMMAND = "from dineutrino_command import main; main()"
WITHOUT_POSTERIOR = """
parameters: {Re CL_bsnutaunutau: {min: -40, max: 40}}
measurements: default
profile: false
posterior: false
"""
HALF = 0.5


def run(quick: bool) -> Report:
    """Both fits, several times from an empty cache; quickly without profiles and posterior."""
    report = Report("dineutrino fit, first and second on a machine")
    pairs = [_pair(quick) for _ in range(1 if quick else 3)]
    for name, times in zip(("first fit", "second fit"), zip(*(wall for wall, _ in pairs), strict=True), strict=True):
        report.add(Row(name, Timing(median(times), min(times), len(times))))
    report.extra["processor time, second over first"] = median(second / first for _, (first, second) in pairs)
    ratio = median(second / first for (first, second), _ in pairs)
    if quick:
        report.extra["second over first, maximum and plots alone"] = ratio
    else:
        report.at_most("second over first", ratio, HALF)
    return report


def _pair(quick: bool) -> tuple[list[float], list[float]]:
    """Seconds, and seconds of processors, of the first and of the second fit with a cache folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {key: value for key, value in os.environ.items() if key != "JAX_COMPILATION_CACHE_DIR"}
        environment |= {"XDG_CACHE_HOME": folder, "DINEUTRINO_CACHE": "1"}
        analysis = Path(folder) / "analysis.yaml"
        analysis.write_text(WITHOUT_POSTERIOR, encoding="utf-8")
        wall, processor = [], []
        for name in ("first", "second"):
            given = [str(analysis)] if quick else []
            begin, before = time.perf_counter(), os.times()
            subprocess.run(
                [sys.executable, "-c", COMMAND, "fit", *given, "--out", f"{folder}/{name}"],
                env=environment,
                check=True,
                capture_output=True,
            )
            after = os.times()
            wall.append(time.perf_counter() - begin)
            processor.append(
                after.children_user + after.children_system - before.children_user - before.children_system
            )
    return wall, processor
