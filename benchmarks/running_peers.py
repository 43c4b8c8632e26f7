"""The peers' side of the benchmark of running and matching, and the stored numbers of wilson that measure accuracy."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np

STORED = Path(__file__).parents[1] / "tests"
SECTORS = ("sb", "sbnuinui", "sbsb", "cbtaunutau")
"""Of rgevolve: b -> s l l, b -> s nu nu with equal flavours, mixing, b -> c tau nu."""
SCALE = 1000.0
"""GeV, one of the grid of rgevolve."""
MU_B = 4.8


def wilson_call(point: dict[str, complex]) -> Callable[[int], Any]:
    """match_run of one point, a new high scale each time.

    Raises:
        ImportError: wilson is not installed.
    """
    import wilson

    def call(i: int) -> object:
        return wilson.Wilson(point, SCALE + i % 50, "SMEFT", "Warsaw").match_run(MU_B, "WET", "flavio")

    return call


class Rgevolve:
    """Stored evolution matrices at one grid scale, the four sectors in one matrix.

    Raises:
        ImportError: rgevolve is not installed.
    """

    def __init__(self) -> None:
        from rgevolve import tools

        start = time.perf_counter()
        self.rows, parts = [], []
        for sector in SECTORS:
            parts.append(tools.run_and_match("SMEFT", "WET", "Warsaw", "flavio", SCALE, MU_B, sector))
            self.rows += tools.get_wc_basis("WET", "flavio", sector)
        self.columns = tools.get_wc_basis("SMEFT", "Warsaw", tools.matching_sectors["sb"])
        self.matrix = np.concatenate(parts)
        self.first = time.perf_counter() - start

    def call(self, batch: int) -> Callable[[int], Any]:
        """Matrix times a batch of coefficients."""
        many = 1e-8 * np.random.default_rng(0).normal(size=(self.matrix.shape[1], batch))
        return lambda _: self.matrix @ many

    def error(self) -> float:
        """Largest difference of C_9 to C_R to the stored numbers of wilson, over C_R of ld_3323."""
        differences = []
        for case in _reference()["cases"]:
            if case["mu_uv"] != SCALE:
                continue
            column = self.columns.index((case["coefficient"], "I" if case["input"][1] else "R"))
            for name, (re, im) in case["flavio_4p8"].items():
                if name.startswith(("C9", "C10", "CL", "CR")) and "_bs" in name:
                    for part, value in (("R", re), ("I", im)):
                        if (name, part) in self.rows:
                            found = 1e-6 * self.matrix[self.rows.index((name, part)), column]
                            differences.append(abs(found - value))
        return float(max(differences) / _largest())


def _reference() -> dict[str, Any]:
    return json.loads((STORED / "smeft_reference.json").read_text())


def _largest() -> float:
    """C_R of 1 TeV^-2 of ld_3323."""
    (case,) = (c for c in _reference()["cases"] if c["coefficient"] == "ld_3323" and c["mu_uv"] == SCALE)
    return abs(complex(*case["flavio_4p8"]["CR_bsnutaunutau"]))


def our_errors() -> dict[str, float]:
    """Largest differences to wilson at matched inputs, over the coefficient given, of all stored cases."""
    sys.path.append(str(STORED))
    import smeft_reference as reference

    from dineutrino.eft.smeft import smeft_from_mapping, smeft_to_mapping

    errors = {"SMEFT at m_Z": 0.0, "LEFT at m_Z": 0.0, "LEFT at 4.8 GeV": 0.0}
    for case in reference.CASES:
        start = smeft_from_mapping({case["coefficient"]: complex(*case["input"])})
        at_m_z, left, low = jax.block_until_ready(reference.evolve(start, case["mu_uv"]))
        found = smeft_to_mapping(at_m_z)
        pairs = [(found.get(n, 0), v) for n, v in case["smeft_mz"].items() if n != "phiWB"]
        errors["SMEFT at m_Z"] = max(errors["SMEFT at m_Z"], _difference(pairs))
        for where, stage, arrays in (("left_mz", "LEFT at m_Z", left), ("left_4p8", "LEFT at 4.8 GeV", low)):
            names = [name for name in case[where] if not name.endswith("1231")]  # wilson mixes these unconjugated
            pairs = [(reference.left_value(arrays, name), case[where][name]) for name in names]
            errors[stage] = max(errors[stage], _difference(pairs))
    return errors


def _difference(pairs: list[tuple[complex, list[float]]]) -> float:
    return max((abs(complex(ours) - complex(*theirs)) for ours, theirs in pairs), default=0.0)
