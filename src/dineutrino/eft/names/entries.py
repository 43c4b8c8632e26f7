"""Arrays with index symmetries, and one name for all entries that stand for the same coefficient."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from dineutrino.errors import DineutrinoError

Index = tuple[int, ...]
Entries = tuple[tuple[Index, bool], ...]
"""Indices counted from zero, each with whether the entry there is the complex conjugate."""
ROUNDING = 1e-12
"""Imaginary parts of Hermitian entries up to this part of the largest coefficient are rounding of programs."""


def entries(index: Index, *, hermitian: bool = True, exchange: bool = False, cross: bool = False) -> Entries:
    """All entries that stand for the same coefficient as the one at `index`, those without conjugation first.

    Args:
        index: none, two or four flavours.
        hermitian: C_prst = C_rpts*, C_pr = C_rp*.
        exchange: C_prst = C_stpr.
        cross: C_prst = C_ptsr as well.
    """
    same = {index}
    if len(index) == 4:
        same |= {(s, t, p, r) for p, r, s, t in same} if exchange else set()
        same |= {(p, t, s, r) for p, r, s, t in same} | {(s, r, p, t) for p, r, s, t in same} if cross else set()
    conjugate = {tuple(i[k ^ 1] for k in range(len(i))) for i in same} if hermitian else set()
    return (*((i, False) for i in sorted(same)), *((i, True) for i in sorted(conjugate - same)))


def digits(index: Index) -> str:
    """Flavours as names have them, counted from one."""
    return "".join(str(i + 1) for i in index)


@dataclass(frozen=True)
class NamedEntries:
    """Non-redundant names of a set of arrays.

    Attributes:
        places: name -> class and index, of equivalent indices the smallest.
        equivalent: class and index -> all entries.
        refusal: why a name that is not among the places cannot be used.
        without_conjugate: classes the Hermitian conjugates of which are not among the entries: always complex.
    """

    places: Mapping[str, tuple[str, Index]]
    equivalent: Callable[[str, Index], Entries]
    refusal: Callable[[str], DineutrinoError]
    without_conjugate: tuple[str, ...] = ()

    def fill(self, arrays: dict[str, np.ndarray], coefficients: Mapping[str, complex]) -> None:
        """Write coefficients into arrays of zeros; each is shared among the distinct places of its operator.

        Raises:
            DineutrinoError: for a name without a place, a value that is not finite, or an imaginary part beyond
                rounding where the operator is Hermitian.
        """
        rounding = ROUNDING * max(map(abs, coefficients.values()), default=0.0)
        for name, value in coefficients.items():
            if name not in self.places:
                raise self.refusal(name)
            if not np.isfinite(value):
                raise DineutrinoError(f"coefficient {name} = {value} is not finite; give a finite number.")
            cls, index = self.places[name]
            if not self.is_complex(name):
                if abs(complex(value).imag) > rounding:
                    raise DineutrinoError(f"{name} must be real, its operator being Hermitian, not {value}.")
                value = complex(value).real
            for place, conjugate in self.equivalent(cls, index):
                arrays[cls][place] = (np.conj(value) if conjugate else value) / self._sharing(cls, index)

    def read(self, arrays: Mapping[str, np.ndarray], tolerance: float = 0.0) -> dict[str, complex]:
        """Coefficients that are larger than `tolerance`: the inverse of `fill`."""
        found = {}
        for name, (cls, index) in self.places.items():
            value = complex(arrays[cls][index]) * self._sharing(cls, index)
            if abs(value) > tolerance:
                found[name] = value if self.is_complex(name) else complex(value.real)
        return found

    def parameters(self) -> tuple[str, ...]:
        """Names of all real parameters: "Re lq1_3323", and "Im lq1_3323" where the coefficient is complex."""
        found = []
        for name in self.places:
            found += [f"Re {name}", f"Im {name}"] if self.is_complex(name) else [f"Re {name}"]
        return tuple(found)

    def is_complex(self, name: str) -> bool:
        """Whether the coefficient may have an imaginary part: it has, unless its operator is Hermitian."""
        cls, index = self.places[name]
        return cls in self.without_conjugate or any(conjugate for _, conjugate in self.equivalent(cls, index))

    def _sharing(self, cls: str, index: Index) -> int:
        """Distinct places without conjugation."""
        return sum(not conjugate for _, conjugate in self.equivalent(cls, index))
