"""How numbers are written for people: as many digits as the error deserves, with a common power of ten."""

import math
import re
from collections.abc import Iterable

MOST_DECIMALS = 10
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def exponent(values: Iterable[float]) -> int:
    """The power of ten to take out of numbers: of the largest of them, or 0 where none is needed (0.01 to 999)."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest == 0:
        return 0
    power = _magnitude(largest)
    return 0 if -2 <= power <= 2 else power


def digits(errors: Iterable[float], fallback: float = 0.0) -> int:
    """Decimals that show two significant digits of the smallest error; of `fallback` three, if there is no error."""
    finite = [abs(error) for error in errors if math.isfinite(error) and error != 0]
    if finite:
        return min(max(0, 1 - _magnitude(min(finite))), MOST_DECIMALS)
    if math.isfinite(fallback) and fallback != 0:
        return min(max(0, 2 - _magnitude(abs(fallback))), MOST_DECIMALS)
    return 2


def fixed(value: float, decimals: int) -> str:
    """A number with fixed decimals; "inf" and "nan" in words, no "-0.0"."""
    if math.isnan(value):
        return "undefined"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    written = f"{value:.{decimals}f}"
    return written.lstrip("-") if float(written) == 0 else written


def symmetric(value: float, error: float, power: int = 0) -> str:
    """Value and error after taking out a power of ten: "4.42 ± 0.31"."""
    decimals = digits([error / 10**power], value / 10**power)
    written = fixed(value / 10**power, decimals)
    return f"{written} ± {fixed(error / 10**power, decimals)}" if error > 0 else written


def asymmetric(value: float, upper: float, lower: float, power: int = 0) -> str:
    """A value and the two ends of its interval after taking out a power of ten: "23.1 +6.2 -5.4"."""
    plus, minus, value = (upper - value) / 10**power, (value - lower) / 10**power, value / 10**power
    decimals = digits([plus, minus], value)
    return f"{fixed(value, decimals)} +{fixed(plus, decimals)} -{fixed(minus, decimals)}"


def general(value: float) -> str:
    """Four significant digits: "0.2341", "1.234e-07"."""
    return f"{value + 0.0:.4g}" if math.isfinite(value) else fixed(value, 0)


def power_of_ten(power: int) -> str:
    """A power of ten in one word, "10⁻⁶"; nothing for 10⁰."""
    return superscript(f"10^{power}") if power else ""


def superscript(written: str) -> str:
    """Powers with raised digits: "GeV^-2" becomes "GeV⁻²"."""
    return re.sub(r"\^(-?\d+)", lambda match: match.group(1).translate(_SUPERSCRIPTS), written)


def _magnitude(positive: float) -> int:
    """Power of ten of the first digit, after rounding: 0 for 0.99999999999."""
    return math.floor(math.log10(positive) + 1e-9)
