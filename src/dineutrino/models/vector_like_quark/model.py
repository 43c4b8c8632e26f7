"""The dark scalar of the vector-like quarks in b -> s decays."""

from dataclasses import dataclass
from typing import ClassVar

import jax.numpy as jnp

from dineutrino.errors import unknown
from dineutrino.inputs import Inputs
from dineutrino.inputs.quarks import B, S
from dineutrino.inputs.units import TEV
from dineutrino.invisible import DarkScalars, Pair, ScalarOperators
from dineutrino.models.model import Model, Values, complex_value
from dineutrino.models.vector_like_quark.constants import constants
from dineutrino.models.vector_like_quark.matching import SIGNS, Couplings, down_quarks

COUPLINGS = (*(f"y_{kind}{i}" for kind in "qd" for i in (1, 2, 3)), "y_1")


@dataclass(frozen=True)
class VectorLikeQuarkDarkMatter(Model):
    """A real scalar phi, pairs of which b -> s makes through vector-like quarks.

    Attributes:
        sign: of the term with y_1; see `down_quarks`.

    Masses of the quarks, MSbar at mu_b, and the vacuum expectation value are those of the inputs.

    Source: valencia2024, arXiv:2403.12485.

    Raises:
        DineutrinoError: unknown sign.
    """

    sign: str = "derived"

    name: ClassVar[str] = "VectorLikeQuarkDarkMatter"
    required: ClassVar[tuple[str, ...]] = ("mass", "m_Q", "m_D")

    def __post_init__(self) -> None:
        if self.sign not in SIGNS:
            raise unknown("option sign of VectorLikeQuarkDarkMatter:", self.sign, SIGNS)

    @classmethod
    def from_inputs(cls, inputs: Inputs, sign: str = "derived") -> "VectorLikeQuarkDarkMatter":
        """The model, whatever the inputs: it sees those of each point."""
        return cls(sign)

    def own_parameters(self) -> dict[str, str]:
        """The masses, and the real and imaginary part of each coupling."""
        found = {"mass": "mass of phi, GeV", "m_Q": "mass of the doublet Q, TeV", "m_D": "mass of the singlet D, TeV"}
        for name in COUPLINGS:
            found[f"Re {name}"] = f"real part of the coupling {name}, dimensionless"
            found[f"Im {name}"] = f"imaginary part of the coupling {name}, dimensionless"
        return found

    def positive(self) -> tuple[str, ...]:
        """The masses of the vector-like quarks."""
        return ("m_Q", "m_D")

    def couplings(self, values: Values) -> Couplings:
        """The couplings at given values of the parameters; what is not given is zero."""
        zero = jnp.asarray(0.0 + 0.0j)
        y = {name: zero if (c := complex_value(values, name)) is None else c for name in COUPLINGS}
        return Couplings(
            y_q=jnp.stack([y[f"y_q{i}"] for i in (1, 2, 3)]),
            y_d=jnp.stack([y[f"y_d{i}"] for i in (1, 2, 3)]),
            y_1=y["y_1"],
            m_Q=TEV * jnp.asarray(values["m_Q"]),
            m_D=TEV * jnp.asarray(values["m_D"]),
        )

    def pairs(self, values: Values, inputs: Inputs) -> tuple[Pair, ...]:
        """phi phi; (1/2) C_S phi^2 is C_S/2 times the operator of a real scalar."""
        masses = jnp.stack([jnp.asarray(constants()["m_d"]), inputs["m_s"], inputs["m_b"]])
        v = (jnp.sqrt(2.0) * inputs["G_F"]) ** -0.5
        C_S, C_P = down_quarks(self.couplings(values), masses, v, self.sign)
        operators = ScalarOperators(S=C_S[S, B] / 2, P=1j * C_P[S, B] / 2)
        return (DarkScalars(jnp.asarray(values["mass"]), operators, real=True),)

    def tex(self, name: str) -> str:
        """Labels of the masses, with their units."""
        masses = {"mass": (r"m_\phi", "GeV"), "m_Q": ("m_Q", "TeV"), "m_D": ("m_D", "TeV")}
        if name not in masses:
            return ""
        symbol, unit = masses[name]
        return rf"{symbol}\;[\mathrm{{{unit}}}]"
