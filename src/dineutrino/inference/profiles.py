"""Profiles: some entries held fixed, everything else at its best."""

from typing import Any, overload

from dineutrino.errors import DineutrinoError
from dineutrino.inference.contours import Profile2D, profile_2d
from dineutrino.inference.intervals import Profile, profile_1d
from dineutrino.inference.maxima import Maxima


@overload
def profile(target: Any, name: str, maxima: Maxima, **options: Any) -> Profile: ...
@overload
def profile(target: Any, name: tuple[str, str], maxima: Maxima, **options: Any) -> Profile2D: ...
def profile(target: Any, name: str | tuple[str, ...], maxima: Maxima, **options: Any) -> Profile | Profile2D:
    """Profile of one entry, or of a pair of entries; the options are those of `profile_1d` and `profile_2d`.

    Raises:
        DineutrinoError: neither one name nor two different ones, or whatever the options' function refuses.
        NotConverged: see there.
    """
    if isinstance(name, str):
        return profile_1d(target, name, maxima, **options)
    if len(name) != 2 or name[0] == name[1]:
        raise DineutrinoError(f"a profile is of one entry or of two different ones, not of {name}.")
    return profile_2d(target, (name[0], name[1]), maxima, **options)
