"""Writes tests/measurements/histfactory/reference.json: log-densities from pyhf at random points. Needs pyhf."""

import json
import sys
from pathlib import Path

import numpy as np
import pyhf

HERE = Path(__file__).parents[1] / "measurements" / "histfactory"
sys.path.insert(0, str(HERE))
from workspaces import ALL  # noqa: E402


def points(model, data, count, seed):
    """Random points, as lists by parameter, with pyhf's value."""
    rng = np.random.default_rng(seed)
    start = np.array(model.config.suggested_init())
    found = []
    for _ in range(count):
        x = np.where(start == 0, 1.5 * rng.normal(size=len(start)), start * np.exp(0.15 * rng.normal(size=len(start))))
        value = float(np.ravel(model.logpdf(x, data))[0])
        found.append(
            {"value": value, "point": {n: x[model.config.par_slice(n)].tolist() for n in model.config.par_order}}
        )
    return found


def main(belle2: Path) -> None:
    """All workspaces with default and other interpolation codes; three points of the Belle II workspace."""
    reference = {"pyhf": pyhf.__version__, "small": []}
    for name, content in ALL.items():
        for histosys, normsys in (("code4p", "code4"), ("code0", "code1")):
            workspace = pyhf.Workspace(content)
            settings = {"histosys": {"interpcode": histosys}, "normsys": {"interpcode": normsys}}
            model = workspace.model(modifier_settings=settings)
            found = points(model, workspace.data(model), 20, 1)
            reference["small"].append({"workspace": name, "histosys": histosys, "normsys": normsys, "points": found})
    workspace = pyhf.Workspace(json.loads(belle2.read_text()))
    model = workspace.model()
    reference["belle2"] = points(model, workspace.data(model), 3, 2)
    (HERE / "reference.json").write_text(json.dumps(reference) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
