"""Currents of neutrinos below m_W for one direction in the space of down quarks: rank-one flavour violation."""

from dataclasses import dataclass
from typing import ClassVar

from dineutrino.eft import NuNu
from dineutrino.errors import unknown
from dineutrino.inputs import Inputs
from dineutrino.inputs.quarks import ALL
from dineutrino.inputs.units import PER_TEV2
from dineutrino.models.mediators import RankOne
from dineutrino.models.mediators.rank_one import lepton_current
from dineutrino.models.model import Model, Values
from dineutrino.theory import Flavours

CHIRALITIES = {"left": (1.0, 0.0), "right": (0.0, 1.0), "vector": (0.5, 0.5)}
"""Option -> what left- and right-handed quarks have of C; L_V = L_L + L_R with both equal."""
STRENGTH = "C"
"""Name of the parameter, TeV^-2."""


@dataclass(frozen=True)
class RankOneNeutrinos(Model):
    """L = C n_i n_j^* (dbar_i gamma_mu P d_j)(nubar gamma^mu P_L nu), eqs. (4) to (6) of arXiv:2404.06533.

    Attributes:
        quarks: "left", "right", or "vector", where C is the sum of the coefficients of both.
        universal: whether all neutrinos have these currents, or those of the tau alone.
    """

    quarks: str = "left"
    universal: bool = False

    name: ClassVar[str] = "RankOneNeutrinos"
    required: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def from_inputs(cls, inputs: Inputs, quarks: str = "left", universal: bool = False) -> "RankOneNeutrinos":
        """The model, whatever the inputs: it sees those of each point.

        Raises:
            DineutrinoError: an unknown chirality.
        """
        if quarks not in CHIRALITIES:
            raise unknown(f"option quarks of {cls.name}:", quarks, CHIRALITIES)
        return cls(quarks, universal)

    def own_parameters(self) -> dict[str, str]:
        """The coefficient, and the direction."""
        angles = {name: parameter.what for name, parameter in RankOne().shared().items()}
        return {STRENGTH: "overall coefficient, real, TeV^-2"} | angles

    def limits(self) -> dict[str, tuple[float, float]]:
        """Of the angles."""
        return {name: parameter.limits for name, parameter in RankOne().shared().items()}

    def tex(self, name: str) -> str:
        """The coefficient with its unit, and the angles."""
        angles = {known: parameter.tex for known, parameter in RankOne().shared().items()}
        return ({STRENGTH: r"C\;[\mathrm{TeV}^{-2}]"} | angles).get(name, "")

    def currents(self, values: Values, inputs: Inputs) -> Flavours[NuNu]:
        """The same in all transitions but for the components of n."""
        named = super().currents(values, inputs)
        if STRENGTH not in values:
            return named
        n, leptons = RankOne().direction(values, inputs), lepton_current(1.0, self.universal)
        found = {}
        for quarks in ALL:
            both = PER_TEV2 * values[STRENGTH] * n[quarks.final] * n[quarks.initial].conj() * leptons
            left, right = (share * both for share in CHIRALITIES[self.quarks])
            given = named.of(quarks) or NuNu.zero()
            found[quarks.name] = NuNu(given.left + left, given.right + right)
        return Flavours(**found)
