"""Writes the golden file: `PYTHONPATH=src:tests:tests/golden python tests/golden/write.py`.

Only where numbers are meant to move: the file is what says that a change of code moved none.
"""

import pathlib

import numpy as np
from golden_numbers import GROUPS, arrays

FILE = pathlib.Path(__file__).with_name("golden.npz")

if __name__ == "__main__":
    found = {f"{group}|{key}": value for group in GROUPS for key, value in arrays(group).items()}
    np.savez_compressed(FILE, **found)
    print(f"{sum(value.size for value in found.values())} numbers in {len(found)} arrays, {FILE.stat().st_size} bytes")
