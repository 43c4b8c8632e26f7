"""Helpers of the tests of running and eft."""

import sys
from pathlib import Path

for folder in ("running", "eft"):
    sys.path.append(str(Path(__file__).parents[1] / folder))
