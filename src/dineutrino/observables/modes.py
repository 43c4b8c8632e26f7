"""The decays B -> M nu nubar that the registry knows."""

from dataclasses import dataclass

from dineutrino.inputs import Inputs
from dineutrino.observables.masses import Masses


@dataclass(frozen=True)
class Mode:
    """One decay B -> M + invisible.

    Attributes:
        name: as in the names of observables, "B+->K".
        tex: LaTeX, without dollars.
        parent, daughter: suffixes of the meson names in `Inputs` ("B+" of `m_B+`, `tau_B+`).
        transition: key of the form factors.
        spin: of the daughter, 0 or 1.
        fraction: 1, or 1/2 where only half of the neutral kaons are seen as K_S.
        charged: whether B+ -> tau+ nu, tau+ -> M+ nubar leads to the same final state.
    """

    name: str
    tex: str
    parent: str
    daughter: str
    transition: str
    spin: int
    fraction: float = 1.0
    charged: bool = False

    def masses(self, inputs: Inputs) -> Masses:
        """The masses of the decay, GeV."""
        return Masses(inputs[f"m_{self.parent}"], inputs[f"m_{self.daughter}"], inputs["m_b"], inputs["m_s"])


MODES = {
    mode.name: mode
    for mode in (
        Mode("B+->K", r"B^+\to K^+\nu\bar\nu", "B+", "K+", "B->K", 0, charged=True),
        Mode("B0->K", r"B^0\to K^0\nu\bar\nu", "B0", "K0", "B->K", 0),
        Mode("B0->KS", r"B^0\to K_S\nu\bar\nu", "B0", "K0", "B->K", 0, fraction=0.5),
        Mode("B+->K*", r"B^+\to K^{*+}\nu\bar\nu", "B+", "K*+", "B->K*", 1, charged=True),
        Mode("B0->K*", r"B^0\to K^{*0}\nu\bar\nu", "B0", "K*0", "B->K*", 1),
    )
}
