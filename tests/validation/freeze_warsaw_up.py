"""Write tests/eft/warsaw_up.json: `python tests/validation/freeze_warsaw_up.py`, seconds.

Random coefficients of the Warsaw basis, translated to "Warsaw up" by wilson.
"""

import json
import sys
from pathlib import Path

import ckmutil.ckm
from wilson.translate.smeft import warsaw_to_warsaw_up

sys.path.append(str(Path(__file__).parents[1]))
from random_warsaw import contracted, random_values

ANGLES = {"Vus": 0.2243, "Vub": 3.62e-3, "Vcb": 4.221e-2, "gamma": 1.27}
SEED = 7

if __name__ == "__main__":
    up = contracted(warsaw_to_warsaw_up(random_values(SEED), ANGLES), SEED)
    V = ckmutil.ckm.ckm_tree(*ANGLES.values())
    record = {
        "source": "wilson 2.5.2",
        "seed": SEED,
        "ckm": [[[x.real, x.imag] for x in map(complex, row)] for row in V],
        "up": {cls: [value.real, value.imag] for cls, value in up.items()},
    }
    path = Path(__file__).parents[1] / "eft" / "warsaw_up.json"
    path.write_text(json.dumps(record, indent=0) + "\n")
