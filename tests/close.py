"""`pytest.approx` that also takes JAX arrays as the expected value."""

import numpy as np
import pytest


def approx(expected, rel=None, abs=None):
    return pytest.approx(np.asarray(expected), rel=rel, abs=abs)
