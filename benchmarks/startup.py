"""What the first second of a session costs: imports and first calls, each in a fresh interpreter without any cache."""

import json
import os
import subprocess
import sys
from statistics import median

from benchmarks.report import Report, Row
from benchmarks.timing import Timing

CLOCK = "import json, time; marks = [time.perf_counter()]; mark = lambda: marks.append(time.perf_counter())"
IMPORTS = {"dineutrino": "import dineutrino", "flavio": "import flavio", "EOS": "import eos", "jax": "import jax"}
LIKELIHOOD = """
from dataclasses import replace
import jax
import dineutrino
from dineutrino.analysis import load_analysis
mark()
analysis = replace(load_analysis(), nuisances='all')
analysis.prior
mark()
likelihood = analysis.likelihood()
mark()
point = likelihood.origin()
jax.block_until_ready(likelihood.value_and_grad(point))
mark()
jax.block_until_ready(likelihood.value_and_grad(point))
mark()
"""
PREDICTION = """
import dineutrino
mark()
predictor = dineutrino.Predictor(["BR(B+->Knunu)", "BR(B0->K*nunu)"], dineutrino.load_inputs())
predictor(dineutrino.NeutrinoCoefficients.zero()).block_until_ready()
mark()
"""


def run(quick: bool) -> Report:
    """All rows of the table."""
    report = Report("start-up, fresh interpreters, no compilation cache")
    repeats = 3 if quick else 7
    for name, statement in IMPORTS.items():
        times = _fresh(f"{statement}; mark()", repeats)
        if times is None:
            report.skipped.append(f"{name} is not installed; pip install '.[bench]'")
            continue
        row = report.add(Row(f"import {name}", times[0]))
        if name == "dineutrino":
            report.at_most("import dineutrino, seconds", row.seconds.median, 2.5)
    _, prediction = _fresh(PREDICTION, repeats) or (None, None)
    report.add(Row("inputs, predictor and first prediction", prediction))
    _, reading, building, first, second = _fresh(LIKELIHOOD, repeats)
    report.add(Row("reading the default analysis and its inputs", reading))
    report.add(Row("building its likelihood, all nuisances", building))
    row = report.add(Row("first value and gradient, with compilation", first))
    report.add(Row("second value and gradient", second))
    report.at_most("first value and gradient, seconds", row.seconds.median, 5.0)
    return report


def _fresh(code: str, repeats: int) -> list[Timing] | None:
    """Time between the marks in `code`, over several fresh interpreters; None if an import fails in the first one."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("JAX_COMPILATION_CACHE")}
    script = f"{CLOCK}\n{code}\nprint(json.dumps([b - a for a, b in zip(marks, marks[1:])]))"
    runs = []
    for _ in range(repeats):
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False
        )
        if done.returncode:
            if "ModuleNotFoundError" in done.stderr:
                return None
            raise RuntimeError(done.stderr)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    return [Timing(median(times), min(times), repeats) for times in zip(*runs, strict=True)]
