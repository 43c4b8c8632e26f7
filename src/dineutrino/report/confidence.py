"""Confidence intervals and regions in words: the same on the screen and in the summary."""

from dineutrino.inference import Contour, Interval, Profile
from dineutrino.report import numbers

OPEN = "An interval that is open below or above goes on to a bound or to the edge of the explored range."


def intervals(profile: Profile, confidence_level: float) -> str:
    """All stretches at a confidence level: "[-8.1, 1.1] ∪ [11.6, 40.0] (open above)"."""
    return " ∪ ".join(interval(stretch) for stretch in profile.at(confidence_level)) or "-"


def interval(stretch: Interval) -> str:
    """One stretch, with what must be known about its ends."""
    open_ends = [word for word, yes in (("below", stretch.lower_open), ("above", stretch.upper_open)) if yes]
    unsure = [word for word, yes in (("lower", stretch.lower_verified), ("upper", stretch.upper_verified)) if not yes]
    remarks = [f"open {' and '.join(open_ends)}"] if open_ends else []
    if unsure:
        remarks.append(f"{' and '.join(unsure)} end{'s' * (len(unsure) > 1)} not verified")
    written = bracketed(stretch.lower, stretch.upper)
    return f"{written} ({', '.join(remarks)})" if remarks else written


def bracketed(lower: float, upper: float) -> str:
    """Both ends with decimals that suit their distance: "[-8.1, 1.1]"."""
    decimals = numbers.digits([(upper - lower) / 10])
    return f"[{numbers.fixed(lower, decimals)}, {numbers.fixed(upper, decimals)}]"


def region(contour: Contour) -> str:
    """A region of two parameters: "2 lines, 1 of them open at the edge"."""
    count = len(contour.lines)
    if not count:
        return "all of the explored range" if contour.touches_edge else "no line"
    open_lines = count - sum(contour.closed)
    remarks = ["1 line" if count == 1 else f"{count} lines"]
    if open_lines:
        remarks.append("open at the edge" if open_lines == count else f"{open_lines} of them open at the edge")
    elif contour.touches_edge:
        remarks.append("the region reaches the edge")
    lost = sum(not yes for yes in contour.verified)
    if lost:
        remarks.append("not verified" if lost == count else f"{lost} of them not verified")
    return ", ".join(remarks)
