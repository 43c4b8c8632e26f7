"""One sterile neutrino with the dimension-six operators that have b -> s."""

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np

from dineutrino.eft.massive_neutrinos import SYMMETRY, MassiveNeutrinos
from dineutrino.eft.neutrinos import FLAVOURS
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import Inputs
from dineutrino.invisible import Pair, neutrino_pairs
from dineutrino.models.model import Model, Values, complex_value
from dineutrino.running import scalar_factor, tensor_factor

PER_TEV2 = 1e-6
"""GeV^-2."""
QUARKS = ("23", "32")
N = 3
"""Index of the sterile neutrino, after e, mu, tau."""


@dataclass(frozen=True)
class SterileNeutrino(Model):
    """A Majorana sterile neutrino N, right-handed, with coefficients in TeV^-2 at the scale where running starts.

    QN and dN: (Qbar_2 gamma Q_3)(Nbar gamma N) and the same with right-handed d quarks, which do not run in QCD.
    LNQd_l_ij, LNQdT_l_ij: (Lbar_l N) eps (Qbar_i d_j) and with sigma; these run.

    Attributes:
        scalar_running, tensor_running: coefficient at the scale of m_b(mu) in the form factors over that at the high
            scale; `from_inputs` computes them.

    Source: arXiv:2309.02940 eqs. (1), (8) to (10).
    """

    scalar_running: float
    tensor_running: float

    name = "SterileNeutrino"

    @classmethod
    def from_inputs(cls, inputs: Inputs, scale: float = 1.0) -> "SterileNeutrino":
        """With one-loop running in QCD down to mu_b, the scale of m_b and m_s in the scalar currents.

        Args:
            inputs: alpha_s, quark masses and mu_b.
            scale: where the coefficients are given, TeV.

        Raises:
            DineutrinoError: a scale below that of the top quark, or not finite.
        """
        if not (np.isfinite(scale) and 1e3 * scale >= float(inputs["m_t(m_t)"])):
            raise DineutrinoError(f"the scale of SterileNeutrino must be finite and above m_t, in TeV, not {scale}.")
        scalar, tensor = (factor(1e3 * scale, inputs["mu_b"], inputs) for factor in (scalar_factor, tensor_factor))
        return cls(float(scalar), float(tensor))

    def own_parameters(self) -> dict[str, str]:
        """The mass, and the real and imaginary part of each coefficient."""
        found = {"mass": "mass of N, GeV"}
        for name in _operators():
            found[f"Re {name}"] = f"real part of the coefficient {name}, TeV^-2"
            found[f"Im {name}"] = f"imaginary part of the coefficient {name}, TeV^-2"
        return found

    def pairs(self, values: Values) -> tuple[Pair, ...]:
        """N N, and N with each active neutrino that a coefficient couples it to."""
        matrices = {name: jnp.zeros((N + 1, N + 1), complex) for name in SYMMETRY}
        coupled = set()
        for name in _operators():
            c = complex_value(values, name)
            if c is None:
                continue
            operator, *indices = name.split("_")
            if operator in ("QN", "dN"):
                left = "VLL" if operator == "QN" else "VLR"
                matrices[left] = matrices[left].at[N, N].add(-PER_TEV2 * c)
                coupled.add((N, N))
            else:
                tensor = operator == "LNQdT"
                flavour, quarks = FLAVOURS.index(indices[0]), indices[1]
                running = self.tensor_running if tensor else self.scalar_running
                value = jnp.conj(c) * PER_TEV2 / 2 * running
                low = ("TLL_" if tensor else "SLL_") + {"23": "bs", "32": "sb"}[quarks]
                sign = -1 if tensor else 1
                matrices[low] = matrices[low].at[N, flavour].add(value).at[flavour, N].add(sign * value)
                coupled.add((flavour, N))
        masses = jnp.concatenate([jnp.zeros(N), jnp.reshape(jnp.asarray(values["mass"], dtype=float), 1)])
        return neutrino_pairs(MassiveNeutrinos(masses, **matrices), sorted(coupled))

    def tex(self, name: str) -> str:
        """m_N and the coefficients."""
        if name == "mass":
            return r"m_N\;[\mathrm{GeV}]"
        part, _, coefficient = name.partition(" ")
        operator, *indices = coefficient.split("_")
        if operator not in ("QN", "dN", "LNQd", "LNQdT"):
            return ""
        lower = ",".join(rf"\{index}" if index in ("mu", "tau") else index for index in indices)
        return rf"\mathrm{{{part}}}\,C^{{{operator}}}_{{{lower}}}\;[\mathrm{{TeV}}^{{-2}}]"


def _operators() -> list[str]:
    mixed = [f"{name}_{flavour}_{quarks}" for name in ("LNQd", "LNQdT") for flavour in FLAVOURS for quarks in QUARKS]
    return ["QN_23", "dN_23", *mixed]
