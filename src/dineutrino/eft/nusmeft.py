"""The dimension-six operators with sterile neutrinos and two quarks that matter for b -> s: QN, dN, LNQd, LNQdT."""

import re
from collections.abc import Mapping

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs import Inputs
from dineutrino.running import Thresholds, scalar_factor, tensor_factor

OPERATORS = ("QN", "dN", "LNQd", "LNQdT")
_NAME = re.compile(r"(QN|dN|LNQd|LNQdT)_([1-9])([1-9])([1-9])([1-9])")
_ROUNDING = 1e-12


class NuSMEFT(eqx.Module):
    """Coefficients, GeV^-2, in the basis in which down-type quarks and charged leptons have diagonal masses.

    L = QN_ijab (Qbar_i gamma Q_j)(Nbar_a gamma N_b) + dN_ijab (dbar_i gamma d_j)(Nbar_a gamma N_b)
        + [LNQd_laij (Lbar_l N_a) eps (Qbar_i d_j) + LNQdT_laij (Lbar_l sigma N_a) eps (Qbar_i sigma d_j) + h.c.]
    with eps_12 = 1, quarks i, j and lepton doublets l in the order of generations and any number n of right-handed N.

    Attributes:
        QN: index (i, j, a, b); Hermitian, QN_ijab = QN_jiba*.
        dN: the same.
        LNQd: index (l, a, i, j); no symmetry.
        LNQdT: the same.

    Names end with the four indices, counted from one: "QN_2311", "LNQd_3123". Source: arXiv:2309.02940 eq. (1).
    """

    QN: Complex[Array, "3 3 n n"]
    dN: Complex[Array, "3 3 n n"]
    LNQd: Complex[Array, "3 n 3 3"]
    LNQdT: Complex[Array, "3 n 3 3"]

    @classmethod
    def from_mapping(cls, coefficients: Mapping[str, complex], steriles: int = 1) -> "NuSMEFT":
        """From names and values in GeV^-2; absent coefficients are zero.

        One of QN_ijab and QN_jiba is enough: the other one is its complex conjugate.

        Args:
            coefficients: "QN_2311": 1e-8, ...
            steriles: number of sterile neutrinos.

        Raises:
            DineutrinoError: unknown names, indices out of range, values that are not finite, not real where they must
                be, or at odds with each other.
        """
        arrays = {name: np.zeros((3, 3, steriles, steriles), complex) for name in ("QN", "dN")}
        arrays |= {name: np.zeros((3, steriles, 3, 3), complex) for name in ("LNQd", "LNQdT")}
        given: dict[tuple[str, tuple[int, ...]], str] = {}
        for name, value in coefficients.items():
            operator, index = _parsed(name, steriles)
            if not np.isfinite(value):
                raise DineutrinoError(f"coefficient {name} = {value} is not finite; give a finite number.")
            array = arrays[operator]
            for place, number in _entries(operator, index, complex(value)):
                if (operator, place) in given and abs(array[place] - number) > _ROUNDING * abs(number):
                    other = given[operator, place]
                    at_odds = f"{name} and {other} contradict each other" if other != name else f"{name} must be real"
                    raise DineutrinoError(f"{at_odds}: {operator} is Hermitian, C_ijab = C_jiba*.")
                array[place] = number
                given[operator, place] = name
        return cls(**{name: jnp.asarray(array) for name, array in arrays.items()})

    def to_mapping(self) -> dict[str, complex]:
        """Names and values of the coefficients that are not zero; of two conjugate ones the first."""
        found = {}
        for operator in OPERATORS:
            array = np.asarray(getattr(self, operator))
            for place in zip(*np.nonzero(array), strict=True):
                index = tuple(int(i) for i in place)
                first = min(entry for entry, _ in _entries(operator, index, 0))
                if index == first:
                    found[operator + "_" + "".join(str(i + 1) for i in index)] = complex(array[index])
        return found

    def run(
        self,
        mu_high: Float[Array, ""] | float,
        mu_low: Float[Array, ""] | float,
        inputs: Inputs,
        *,
        loops: int = 4,
        thresholds: Thresholds | None = None,
    ) -> "NuSMEFT":
        """The coefficients at mu_low from those at mu_high, GeV: leading logarithms of QCD.

        LNQd and LNQdT each get a factor, the same above and below the electroweak scale; QN and dN do not run.
        Electroweak running is left out. From 1 TeV to m_Z it would change QN, dN and LNQd by less than 1 % and LNQdT by
        2 %, and turn about 11 % of LNQdT into LNQd (anomalous dimensions as for lequ1 and lequ3 in arXiv:1312.2014).

        Args:
            mu_high: where these coefficients are given.
            mu_low: where they are wanted.
            inputs: what `alpha_s` needs.
            loops: of alpha_s.
            thresholds: as for `alpha_s`.
        """
        scalar = scalar_factor(mu_high, mu_low, inputs, loops=loops, thresholds=thresholds)
        tensor = tensor_factor(mu_high, mu_low, inputs, loops=loops, thresholds=thresholds)
        return NuSMEFT(self.QN, self.dN, scalar * self.LNQd, tensor * self.LNQdT)


def _entries(operator: str, index: tuple[int, ...], value: complex) -> tuple[tuple[tuple[int, ...], complex], ...]:
    """What a coefficient sets: itself, and its Hermitian conjugate."""
    if operator.startswith("LN"):
        return ((index, value),)
    i, j, a, b = index
    return (index, value), ((j, i, b, a), value.conjugate())


def _parsed(name: str, steriles: int) -> tuple[str, tuple[int, ...]]:
    """The operator that a name stands for, and its flavour indices, counted from zero."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise unknown("nuSMEFT coefficient", name, (f"{op}_{i}" for op in OPERATORS for i in ("2311", "3123", "3132")))
    operator, index = match[1], tuple(int(digit) - 1 for digit in match.groups()[1:])
    limits = (3, steriles, 3, 3) if operator.startswith("LN") else (3, 3, steriles, steriles)
    if any(i >= limit for i, limit in zip(index, limits, strict=True)):
        order = "lepton, sterile, quark, quark" if operator.startswith("LN") else "quark, quark, sterile, sterile"
        raise DineutrinoError(
            f"the indices of {name} ({order}) must be at most {', '.join(map(str, limits))}, counted from 1."
        )
    return operator, index
