"""Profiles: some entries held fixed, everything else at its best."""

from collections.abc import Sequence
from typing import TypeAlias, TypeGuard, overload

import numpy as np

from dineutrino.errors import DineutrinoError
from dineutrino.inference.contours import POINTS as POINTS_2D
from dineutrino.inference.contours import Profile2D, profile_2d
from dineutrino.inference.intervals import ONE_AND_TWO_SIGMA, POINTS, Profile, profile_1d
from dineutrino.inference.optimum import Maxima
from dineutrino.inference.target import Target

Range: TypeAlias = tuple[float, float]
"""Lower and upper end of a grid."""


@overload
def profile(
    target: Target,
    name: str,
    maxima: Maxima,
    *,
    confidence_levels: Sequence[float] = ...,
    degrees_of_freedom: int | None = ...,
    points: int | None = ...,
    limits: Range | None = ...,
) -> Profile:
    """Profile of one entry: its best value, and how much worse the rest can make of any other."""


@overload
def profile(
    target: Target,
    name: tuple[str, str],
    maxima: Maxima,
    *,
    confidence_levels: Sequence[float] = ...,
    degrees_of_freedom: int | None = ...,
    points: int | None = ...,
    limits: tuple[Range, Range] | None = ...,
) -> Profile2D:
    """Profile of a pair of entries, with contours."""


def profile(
    target: Target,
    name: str | tuple[str, ...],
    maxima: Maxima,
    *,
    confidence_levels: Sequence[float] = ONE_AND_TWO_SIGMA,
    degrees_of_freedom: int | None = None,
    points: int | None = None,
    limits: Range | tuple[Range, Range] | None = None,
) -> Profile | Profile2D:
    """Profile of one entry, or of a pair of entries.

    Args:
        target: see `Target`.
        name: of the entry, or two different names.
        maxima: from `maximum`; all of them serve as starting points.
        confidence_levels: of the intervals or contours, by Wilks' theorem.
        degrees_of_freedom: of the chi2 distribution that turns levels into thresholds; by default one for each name.
        points: of the grid, for a pair in each direction; by default those of `profile_1d` and `profile_2d`.
        limits: range of the grid, for a pair one of each; by default as far as the largest threshold requires.

    Raises:
        DineutrinoError: neither one name nor two different ones, or whatever `profile_1d` and `profile_2d` refuse.
        NotConverged: see there.
    """
    degrees = degrees_of_freedom
    if isinstance(name, str):
        if limits is not None and not _is_range(limits):
            raise DineutrinoError(f"the limits of the profile of '{name}' must be two numbers, not {limits}.")
        return profile_1d(
            target,
            name,
            maxima,
            confidence_levels=confidence_levels,
            degrees_of_freedom=1 if degrees is None else degrees,
            points=POINTS if points is None else points,
            limits=limits,
        )
    if len(name) != 2 or name[0] == name[1]:
        raise DineutrinoError(f"a profile is of one entry or of two different ones, not of {name}.")
    if limits is not None and not _are_ranges(limits):
        raise DineutrinoError(f"the limits of the profile of {name} must be two pairs of numbers, not {limits}.")
    return profile_2d(
        target,
        (name[0], name[1]),
        maxima,
        confidence_levels=confidence_levels,
        degrees_of_freedom=2 if degrees is None else degrees,
        points=POINTS_2D if points is None else points,
        limits=limits,
    )


def _is_range(limits: Range | tuple[Range, Range]) -> TypeGuard[Range]:
    return len(limits) == 2 and all(np.ndim(end) == 0 for end in limits)


def _are_ranges(limits: Range | tuple[Range, Range]) -> TypeGuard[tuple[Range, Range]]:
    return len(limits) == 2 and all(np.shape(pair) == (2,) for pair in limits)
