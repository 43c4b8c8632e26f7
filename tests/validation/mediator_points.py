"""Heavy fields at random points: masses, and couplings that make changes of the order of the Standard Model."""

import numpy as np

POINTS, SEED = 20, 14
QUARKS, LEPTONS = np.array([0.02, 0.15, 1.0]), np.array([0.3, 0.3, 1.0])
"""Sizes of couplings of leptoquarks by family; the entries of a matrix have their products."""
HEAVY = np.array([0.01, 0.1, 1.0])
"""Sizes of the mixing of light quarks with heavy ones."""
BETWEEN_QUARKS = np.array([[0.0, 2e-5, 4e-3], [0.0, 0.0, 2e-2], [0.0, 0.0, 0.0]])
BETWEEN_LEPTONS = np.array([[0.0, 0.1, 0.3], [0.0, 0.0, 0.3], [0.0, 0.0, 0.0]])
"""Sizes of couplings of colourless vectors to two families."""
MATRICES = {
    "S1": ("y1L", "y1R"), "S1t": ("y1Rt",), "S3": ("y3L",), "R2": ("y2L", "y2R"), "R2t": ("y2Lt",),
    "U1": ("x1L", "x1R"), "U3": ("x3L",), "V2": ("x2L", "x2R"), "V2t": ("x2Lt",),
}  # fmt: skip
CURRENTS = {
    "Vprime": ("g3q", "g3l"), "Zprime": ("g1q", "g1u", "g1d", "g1l", "g1e"), "ZprimeL": ("gLq", "gLl"),
    "ZprimeR": ("gRd", "gRl"),
}  # fmt: skip
MIXINGS = {
    "VLQ_D": ("lambda_D",), "VLQ_T1": ("lambda_T1",), "VLQ_T2": ("lambda_T2",), "VLQ_Q1": ("lambda_Q1d", "lambda_Q1u"),
    "VLQ_Q5": ("lambda_Q5",),
}  # fmt: skip
RIGHT_HANDED = {"y1R": 0.3, "y2R": 0.3, "x1R": 0.01, "x2R": 0.01}
"""Smaller where left- and right-handed couplings of a field make scalar currents."""
FIELDS = (*MATRICES, *CURRENTS, *MIXINGS)


def points(name):
    """Twenty of (mass in GeV, coupling -> array) of one field."""
    rng = np.random.default_rng([SEED, FIELDS.index(name)])
    return [(float(rng.uniform(1500, 5000)), couplings(name, rng)) for _ in range(POINTS)]


def couplings(name, rng):
    """Random ones."""
    if name in MATRICES:
        return {c: RIGHT_HANDED.get(c, 1.0) * np.outer(QUARKS, LEPTONS) * _complex(rng, 3, 3) for c in MATRICES[name]}
    if name in MIXINGS:
        return {c: HEAVY * _complex(rng, 3) for c in MIXINGS[name]}
    return {c: _hermitian(rng, BETWEEN_LEPTONS if c.endswith(("l", "e")) else BETWEEN_QUARKS) for c in CURRENTS[name]}


def _hermitian(rng, between):
    """Quarks of the first two families couple alike, or else those of charm and up would mix."""
    off = between * _complex(rng, 3, 3)
    first, second, third = rng.normal(scale=[0.3, 0.3, 1.0])
    return np.diag([first, first if between is BETWEEN_QUARKS else second, third]) + off + off.conj().T


def _complex(rng, *shape):
    return (rng.normal(size=shape) + 1j * rng.normal(size=shape)) / np.sqrt(2)
