"""Sterile neutrinos with the dimension-six operators of one transition of down quarks, b -> s by default."""

from dataclasses import dataclass
from itertools import product
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.eft.charged import RightHanded, right_handed_names
from dineutrino.eft.nusmeft import NuSMEFT
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import DS, SB, Inputs, Quarks, ckm_matrix
from dineutrino.inputs.quarks import B, by_name
from dineutrino.inputs.units import PER_TEV2
from dineutrino.invisible import Pair, neutrino_pairs
from dineutrino.matching.nusmeft_to_left import match_charged, match_nusmeft
from dineutrino.models.model import Model, Values, complex_value
from dineutrino.models.named_coefficients import named_charged
from dineutrino.running import scalar_factor, tensor_factor
from dineutrino.running.strong import TWO_GEV

ACTIVE = 3
CHARGED = ("LNQd", "LNQdT")
"""Operators that have charged currents."""
MOST = 3
"""The most sterile neutrinos that the model may have."""


@dataclass(frozen=True)
class SterileNeutrino(Model):
    """Majorana sterile neutrinos N_1, N_2, ..., with coefficients in TeV^-2 at the scale where running starts.

    Those of QN and dN do not run in QCD; those of LNQd and LNQdT do. The latter, if their last quark is a b, make
    b -> c l N and b -> u l N as well. Those decays have coefficients of their own too, "CVR_bctauN1" and so on, one for
    each of five currents, at mu_b in the normalisation of flavio.

    Attributes:
        scalar_running, tensor_running: LNQd and LNQdT at mu_b over those at the high scale; see `from_inputs`.
        steriles: how many.
        transition: of the quarks; in names of coefficients the generations 2 and 3 of b -> s are those of its quarks.

    Source: arXiv:2309.02940; names of coefficients as in `NuSMEFT`.
    """

    scalar_running: float
    tensor_running: float
    steriles: int = 1
    transition: Quarks = SB

    name: ClassVar[str] = "SterileNeutrino"

    @classmethod
    def from_inputs(
        cls, inputs: Inputs, scale: float = 1.0, steriles: int = 1, transition: str = SB.name
    ) -> "SterileNeutrino":
        """With one-loop running in QCD down to mu_b, the scale of quark masses in scalar currents.

        Tensors of s -> d run down to 2 GeV, the scale of their form factor.

        Args:
            inputs: alpha_s, quark masses and mu_b.
            scale: where the coefficients are given, TeV.
            steriles: how many sterile neutrinos.
            transition: "sb", "db" or "ds".

        Raises:
            DineutrinoError: a scale below that of the top quark, or not finite; no or too many sterile neutrinos; an
                unknown transition.
        """
        quarks = by_name(transition)
        if not (np.isfinite(scale) and 1e3 * scale >= float(inputs["m_t(m_t)"])):
            raise DineutrinoError(f"the scale of SterileNeutrino must be finite and above m_t, in TeV, not {scale}.")
        if not 1 <= steriles <= MOST:
            raise DineutrinoError(f"SterileNeutrino takes 1 to {MOST} sterile neutrinos, not {steriles}.")
        scalar = scalar_factor(1e3 * scale, inputs["mu_b"], inputs)
        tensor = tensor_factor(1e3 * scale, TWO_GEV if quarks == DS else inputs["mu_b"], inputs)
        return cls(float(scalar), float(tensor), steriles, quarks)

    @property
    def required(self) -> tuple[str, ...]:  # type: ignore[override]
        """The masses: "mass" of a single one, else "mass_1", "mass_2", ..."""
        return ("mass",) if self.steriles == 1 else tuple(f"mass_{a}" for a in self._numbers())

    def own_parameters(self) -> dict[str, str]:
        """The masses, and the real and imaginary part of each coefficient."""
        found = {name: f"mass of {name.replace('mass', 'N')}, GeV" for name in self.required}
        for name in self._coefficients():
            found[f"Re {name}"] = f"real part of the coefficient {name}, TeV^-2"
            found[f"Im {name}"] = f"imaginary part of the coefficient {name}, TeV^-2"
        for name in right_handed_names(self.steriles):
            found[f"Re {name}"] = f"real part of the coefficient {name} at mu_b, dimensionless"
            found[f"Im {name}"] = f"imaginary part of the coefficient {name} at mu_b, dimensionless"
        return found

    def pairs(self, values: Values, inputs: Inputs) -> tuple[Pair, ...]:
        """The pairs of neutrinos that a coefficient couples to the quarks."""
        coupled = set()
        for name in self._given(values):
            operator, (i, j, k, m) = _parts(name)
            first, second = (k + ACTIVE, m + ACTIVE) if operator in ("QN", "dN") else (i, j + ACTIVE)
            coupled.add((min(first, second), max(first, second)))
        neutrinos = match_nusmeft(self._at_mu_b(values), self._masses(values), self.transition)
        return neutrino_pairs(neutrinos, sorted(coupled))

    def right_handed(self, values: Values, inputs: Inputs) -> RightHanded | None:
        """Charged currents of the b quark, by name and by LNQd and LNQdT with the CKM matrix of the point."""
        named = named_charged(values, inputs, right_handed_names(self.steriles))
        found = [] if named is None else [named]
        if any(operator in CHARGED and index[3] == B for operator, index in map(_parts, self._given(values))):
            found.append(match_charged(self._at_mu_b(values), ckm_matrix(inputs)))
        return RightHanded(self._masses(values), jax.tree.map(lambda *c: sum(c), *found)) if found else None

    def _given(self, values: Values) -> dict[str, Complex[Array, ""]]:
        """The coefficients of nuSMEFT among the values, TeV^-2."""
        found = {name: complex_value(values, name) for name in self._coefficients()}
        return {name: c for name, c in found.items() if c is not None}

    def _masses(self, values: Values) -> Float[Array, " n"]:
        return jnp.stack([jnp.asarray(values[name], dtype=float) for name in self.required])

    def _at_mu_b(self, values: Values) -> NuSMEFT:
        """All coefficients of nuSMEFT, run down, GeV^-2."""
        n = self.steriles
        arrays = {name: jnp.zeros((3, 3, n, n), complex) for name in ("QN", "dN")}
        arrays |= {name: jnp.zeros((3, n, 3, 3), complex) for name in CHARGED}
        for name, c in self._given(values).items():
            operator, index = _parts(name)
            running = {"LNQd": self.scalar_running, "LNQdT": self.tensor_running}.get(operator, 1.0)
            arrays[operator] = arrays[operator].at[index].add(running * PER_TEV2 * c)
        return NuSMEFT(**arrays)

    def tex(self, name: str) -> str:
        """Labels of the mass m_N and of the coefficients of nuSMEFT; the names of charged currents say it all."""
        if name in self.required:
            _, _, number = name.partition("_")
            return rf"m_{{N{number}}}\;[\mathrm{{GeV}}]"
        part, _, coefficient = name.partition(" ")
        if coefficient not in self._coefficients():
            return ""
        operator, _, indices = coefficient.partition("_")
        return rf"\mathrm{{{part}}}\,C^{{{operator}}}_{{{indices}}}\;[\mathrm{{TeV}}^{{-2}}]"

    def _numbers(self) -> range:
        return range(1, self.steriles + 1)

    def _coefficients(self) -> list[str]:
        forth = f"{self.transition.final + 1}{self.transition.initial + 1}"
        two = [f"{name}_{forth}{a}{b}" for name in ("QN", "dN") for a, b in product(self._numbers(), repeat=2)]
        one = [
            f"{name}_{lepton}{a}{quarks}"
            for name in ("LNQd", "LNQdT")
            for lepton, a, quarks in product((1, 2, 3), self._numbers(), (forth, forth[::-1]))
        ]
        return two + one


def _parts(name: str) -> tuple[str, tuple[int, ...]]:
    """The operator that a name stands for, and its flavour indices, counted from zero."""
    operator, _, indices = name.partition("_")
    return operator, tuple(int(digit) - 1 for digit in indices)
