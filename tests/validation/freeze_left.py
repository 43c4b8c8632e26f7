"""Write tests/running/jms_slope.json and tests/matching/warsaw_to_jms.json, seconds."""

import json
from pathlib import Path

import wilson_left

import random_jms  # isort: skip  (in tests)
import random_smeft  # isort: skip
from smeft_reference import CKM  # isort: skip  (in tests)

SEEDS = (51, 61)


def record(by_class):
    return {cls: [value.real, value.imag] for cls, value in by_class.items()}


def write(folder, name, seeds):
    path = Path(__file__).parents[1] / folder / name
    path.write_text(json.dumps({"source": "wilson 2.5.2", "seeds": seeds}, indent=0) + "\n")


if __name__ == "__main__":
    slopes, matched = {}, {}
    for seed in SEEDS:
        found = wilson_left.slopes(random_jms.values(seed), random_jms.COUPLINGS)
        slopes[str(seed)] = record(random_jms.contracted(found, seed + 1))
        found = wilson_left.by_name(wilson_left.matched(random_smeft.warsaw(seed), CKM))
        matched[str(seed)] = record(random_jms.contracted(found, seed + 1))
    write("running", "jms_slope.json", slopes)
    write("matching", "warsaw_to_jms.json", matched)
