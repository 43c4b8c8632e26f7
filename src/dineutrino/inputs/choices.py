"""Choices that are not numbers: which of two published routes a prediction takes."""

from collections.abc import Mapping

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.io import Tree

CHOICES: dict[str, tuple[str, ...]] = {
    "lambda_t": ("wolfenstein", "direct"),
    "C_L_SM": ("value", "X_t/s2_w"),
    "long_distance": ("excluded", "included"),
    "K*_width": ("narrow", "finite"),
    "Bs_normalisation": ("physical", "paper"),
    "B->d_rates": ("form factors", "table"),
    "mixing_running": ("NLO", "LO"),
    "eps_K": ("u-t unitarity", "c-t unitarity"),
    "ditau_cut": ("last bin", "none"),
}
"""Name of a choice -> its allowed values.

- lambda_t: V_tb V_ts* from the four Wolfenstein parameters, or minus the entry "|V_tb V_ts*|"; b -> d and s -> d always
  take the Wolfenstein parameters.
- C_L_SM: the published Wilson coefficient, or -X_t/s2_w.
- long_distance: whether B+ -> tau nu, tau -> K(*), pi, rho nu is part of the charged modes.
- Bs_normalisation: B_s -> invisible as it is, or half of it, as in arXiv:2309.02940.
- B->d_rates: total rates of B -> pi and B -> rho from form factors, or from table A1 of arXiv:2404.06533.
- mixing_running: QCD of new physics in meson mixing below m_Z, next to leading or leading order.
- eps_K: which product of CKM elements epsilon_K does without, that of charm (arXiv:1911.06822) or that of up quarks.
- ditau_cut: highest partonic energy in tails of pp -> tau tau: that of the last bin, 1.5 TeV, as in arXiv:2207.10756,
  or none but that of the beams.
- K*_width: rates into K* in the narrow-width limit, or times the entry "K*_width_factor".
"""


def checked_choices(choices: Mapping[str, Tree], place: str = "") -> dict[str, str]:
    """The choices, each name and value known.

    Raises:
        DineutrinoError: unknown choice, or a value that it does not allow.
    """
    checked = {}
    for name, value in choices.items():
        if name not in CHOICES:
            raise DineutrinoError(place + str(unknown("choice", name, CHOICES)))
        if not isinstance(value, str) or value not in CHOICES[name]:
            raise DineutrinoError(place + str(unknown(f"value of the choice '{name}':", value, CHOICES[name])))
        checked[name] = value
    return checked
