"""Units that data files may use, and their conversion to powers of GeV."""

from dineutrino.errors import unknown

TEV = 1e3
"""GeV."""
PER_TEV2 = 1e-6
"""GeV^-2."""
# unit -> (factor, power of hbar to divide by); hbar is in GeV s
_UNITS: dict[str, tuple[float, int]] = {
    "1": (1.0, 0),
    "GeV": (1.0, 0),
    "MeV": (1e-3, 0),
    "GeV^2": (1.0, 0),
    "GeV^4": (1.0, 0),
    "GeV^-1": (1.0, 0),
    "GeV^-2": (1.0, 0),
    "GeV s": (1.0, 0),
    "s": (1.0, 1),
    "ps": (1e-12, 1),
    "fs": (1e-15, 1),
}


def to_gev(unit: str, hbar: float) -> float:
    """The factor that turns a number in `unit` into powers of GeV.

    Args:
        unit: one of "1", "GeV", "MeV", "GeV^2", "GeV^4", "GeV^-1", "GeV^-2", "GeV s" (hbar itself), "s", "ps", "fs".
        hbar: in GeV s; times become GeV^-1.

    Raises:
        DineutrinoError: unknown unit.
    """
    if unit not in _UNITS:
        raise unknown("unit", unit, _UNITS)
    factor, power = _UNITS[unit]
    return factor / hbar**power
