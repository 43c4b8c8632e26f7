"""Random coefficients for B -> M l l, by the names of flavio: the same in both programs."""

import numpy as np

VECTORS, SCALARS, DIPOLES = ("C9", "C10", "C9p", "C10p"), ("CS", "CP", "CSp", "CPp"), ("C7_bs", "C7p_bs")
POINTS = 100
OF_RATIOS = 12
"""Points where ratios of light leptons are compared with all that flavio knows."""
TAUS = (
    ("BR(B+->Ktautau)",), ("BR(B0->Ktautau)",), ("<dBR/dq2>(B0->K*tautau)", 15.0, 19.0),
    ("<dBR/dq2>(B+->K*tautau)", 14.2, 17.0), ("<dBR/dq2>(Bs->phitautau)", 15.0, 18.5),
)  # fmt: skip
TWO_FLAVOURS = (
    ("BR(B+->Ktaumu)",), ("BR(B0->Kmutau)",), ("BR(B+->Kemu)",), ("BR(B0->K*taumu)",), ("BR(B+->K*etau)",),
    ("BR(Bs->phimutau)",), ("BR(B+->Kmutau,taumu)",),
)  # fmt: skip
RATIOS = (
    ("<Rmue>(B+->Kll)", 0.1, 1.1), ("<Rmue>(B+->Kll)", 1.1, 6.0),
    ("<Rmue>(B0->K*ll)", 0.1, 1.1), ("<Rmue>(B0->K*ll)", 1.1, 6.0),
)  # fmt: skip


def leptons(name):
    """Of "BR(B+->Ktaumu)": ("taumu",)."""
    written = name[name.index("->") + 2 : -1]
    for daughter in ("K*", "K", "phi"):
        if written.startswith(daughter):
            return tuple(written.removeprefix(daughter).split(","))
    raise ValueError(name)


def _complex(random, size, points=POINTS):
    return size * (random.normal(size=points) + 1j * random.normal(size=points))


def of_taus():
    """Name -> complex values at all points."""
    random = np.random.default_rng(1)
    found = {f"{name}_bstautau": _complex(random, 5.0) for name in VECTORS}
    found |= {f"{name}_bstautau": _complex(random, 0.7) for name in SCALARS}
    return found | {name: _complex(random, 0.2) for name in DIPOLES}


def of_two_flavours(pair):
    """Name -> complex values at all points for one ordered pair such as "taumu"."""
    random = np.random.default_rng(list(pair.encode()))
    sizes = dict.fromkeys(VECTORS, 5.0) | dict.fromkeys(SCALARS, 0.7)
    return {f"{name}_bs{pair}": _complex(random, size) for name, size in sizes.items()}


def of_ratios():
    """Name -> complex values with |C_9|, |C_10| < 2, in muons and electrons; the first six points are real."""
    random = np.random.default_rng(3)
    found = {}
    for name in ("C9_bsmumu", "C10_bsmumu", "C9_bsee", "C10_bsee", "C9p_bsmumu", "C10p_bsmumu"):
        phases = np.exp(2j * np.pi * random.uniform(size=OF_RATIOS))
        phases[:6] = np.sign(phases[:6].real)
        found[name] = 2 * random.uniform(size=OF_RATIOS) * phases
    return found
