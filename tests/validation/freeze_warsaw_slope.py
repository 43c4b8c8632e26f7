"""Write tests/running/warsaw_slope.json: `python tests/validation/freeze_warsaw_slope.py`, seconds."""

import json
from pathlib import Path

import numpy as np
from wilson_warsaw import slopes

import random_smeft  # isort: skip  (in tests)

SEEDS = (31, 41)


def contracted(found, seed):
    """Class -> slope, contracted with random numbers."""
    rng = np.random.default_rng(seed)
    return {cls: complex(np.sum(random_smeft.matrix(rng, *value.shape) * value)) for cls, value in found.items()}


if __name__ == "__main__":
    record = {}
    for seed in SEEDS:
        found = contracted(slopes(random_smeft.warsaw(seed), random_smeft.couplings(seed + 1)), seed + 2)
        record[str(seed)] = {cls: [value.real, value.imag] for cls, value in found.items()}
    path = Path(__file__).parents[1] / "running" / "warsaw_slope.json"
    path.write_text(json.dumps({"source": "wilson 2.5.2", "seeds": record}, indent=0) + "\n")
