"""Freezes flavio and wilson at random points of every heavy field: `python tests/validation/freeze_mediators.py`.

Masses and couplings are those of mediator_points.py, matched by mediator_dictionary.py, run from the mass of the field
by wilson and predicted by flavio: every observable of the correlated measurements that flavio has.
"""

import json
import sys
import warnings
from pathlib import Path

import flavio
import numpy as np
import wilson
from flavio_peer import ckm, version
from mediator_dictionary import coefficients
from mediator_points import FIELDS, points

FILE = Path(__file__).parent / "frozen" / "flavio_mediators.json"
DIGITS = 8


def references():
    """Names and bins of the correlated observables that flavio has."""
    from dineutrino.measurements import load_measurements

    found = dict.fromkeys(reference for data in load_measurements("correlated") for reference in data.observables)
    return [reference for reference in found if reference[0] in flavio.Observable.instances]


def predictions(chosen, point):
    """Of flavio, with wilson."""
    found = [float(np.real(flavio.np_prediction(name, point, *where))) for name, *where in chosen]
    return [float(f"{value:.{DIGITS}g}") for value in found]


def at(field, mass, couplings, chosen):
    """flavio at a point of a field."""
    point = wilson.Wilson(coefficients(field, mass, couplings), mass, "SMEFT", "Warsaw")
    return predictions(chosen, point)


def standard_model(chosen):
    """flavio without new physics."""
    return [float(np.real(flavio.sm_prediction(name, *where))) for name, *where in chosen]


def frozen():
    """All points."""
    chosen, rows = references(), {}
    for field in FIELDS:
        rows[field] = [at(field, *point, chosen) for point in points(field)]
        print(field, file=sys.stderr, flush=True)
    return {
        "peer": version(),
        "ckm": {name: float(value) for name, value in ckm(flavio.default_parameters.get_central_all()).items()},
        "observables": chosen,
        "standard model": standard_model(chosen),
        "points": rows,
    }


def written(content):
    """One line for each point."""
    fields = [
        f"  {json.dumps(field)}: [\n" + ",\n".join(f"   {json.dumps(row)}" for row in rows) + "\n  ]"
        for field, rows in content["points"].items()
    ]
    head = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in content.items() if key != "points"]
    return "{\n" + ",\n".join([*head, ' "points": {\n' + ",\n".join(fields) + "\n }"]) + "\n}\n"


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    FILE.write_text(written(frozen()), encoding="utf-8")
