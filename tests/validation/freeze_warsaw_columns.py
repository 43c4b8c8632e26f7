"""Write tests/matching/warsaw_columns.npz: `python tests/validation/freeze_warsaw_columns.py`, half an hour."""

from pathlib import Path

import numpy as np
import wilson_columns
import wilson_warsaw

from random_signs import high_signs, low_signs  # isort: skip  (in tests)
from smeft_reference import CKM, M_Z, couplings  # isort: skip

MU_UV = 1000.0


def below(rows):
    """At 4.8 GeV; what 64 short runs leave of their error of first order is extrapolated from 16."""
    return (4 * wilson_columns.run_left(rows, 64) - wilson_columns.run_left(rows, 16)) / 3


def summed(rows, signs):
    """(sums, columns)."""
    return (signs @ rows.T).real.astype(np.float32)


if __name__ == "__main__":
    high = wilson_warsaw.high_couplings(MU_UV, couplings("91.1876"), M_Z)
    at_m_z = wilson_columns.at_m_z(MU_UV, high, M_Z)
    low = below(wilson_columns.matched(at_m_z, CKM))
    path = Path(__file__).parents[1] / "matching" / "warsaw_columns.npz"
    np.savez_compressed(path, at_m_z=summed(at_m_z, high_signs()), at_4_8=summed(low, low_signs()))
