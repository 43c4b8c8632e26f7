"""One light invisible boson X with flavour-changing couplings to down quarks: scalar, vector, axion-like."""

from dataclasses import dataclass
from typing import ClassVar

import jax.numpy as jnp

from dineutrino.inputs import Inputs, Quarks
from dineutrino.inputs.quarks import ALL
from dineutrino.inputs.units import TEV
from dineutrino.invisible import OneParticle, OneScalar, OneVector
from dineutrino.models.model import Model, Values, check_scale, complex_value
from dineutrino.theory import Flavours


@dataclass(frozen=True)
class LightBoson(Model):
    """Couplings c, dimensionless, to the currents (sbar Gamma b), (dbar Gamma b) and (dbar Gamma s), with "+ h.c.".

    Parameters are "Re V_bs", "Im A_sd" and so on; those of operators of dimension five are divided by `scale`. Scalar
    couplings are those at mu_b, where the quark masses are given. Dipoles T and T5 are those where the tensor form
    factors are given: at mu_b in decays of B mesons, at 2 GeV in K -> pi. All others do not run. X is not seen: it is
    stable enough, or decays into what is not seen.

    Attributes:
        scale: Lambda, or f of an axion-like particle, TeV.

    Raises:
        DineutrinoError: a scale that is not positive and finite.
    """

    scale: float = 1.0

    particle: ClassVar[type[OneParticle]]
    operators: ClassVar[dict[str, str]]
    """Coupling -> its operator in words, for the transition b -> s."""
    divided: ClassVar[tuple[str, ...]] = ()
    """Couplings that are divided by the scale."""

    def __post_init__(self) -> None:
        check_scale(self.name, self.scale)

    def own_parameters(self) -> dict[str, str]:
        """The mass, and the real and imaginary part of each coupling to each transition."""
        found = {"mass": "mass of X, GeV"}
        for quarks in ALL:
            for coupling, operator in self.operators.items():
                name, initial, final = _name(coupling, quarks), quarks.name[1], quarks.name[0]
                written = operator.replace("s-bar", f"{final}-bar").replace(" b", f" {initial}")
                over = f" over {self.scale:g} TeV" if coupling in self.divided else ""
                found[f"Re {name}"] = f"real part of the coupling {written}{over}, dimensionless"
                found[f"Im {name}"] = "imaginary part of the same"
        return found

    def one_particle(self, values: Values, inputs: Inputs) -> Flavours[OneParticle]:
        """X in the transitions that it has a coupling to."""
        mass = jnp.asarray(values["mass"], dtype=float)
        found: dict[str, OneParticle] = {}
        for quarks in ALL:
            given = {name: complex_value(values, _name(name, quarks)) for name in self.operators}
            couplings = {
                name: c / (self.scale * TEV if name in self.divided else 1.0)
                for name, c in given.items()
                if c is not None
            }
            if couplings:
                found[quarks.name] = self.particle(mass, **couplings)
        return Flavours(**found)

    def tex(self, name: str) -> str:
        """Labels of the mass and of the couplings."""
        if name == "mass":
            return r"m_X\;[\mathrm{GeV}]"
        part, _, coupling = name.partition(" ")
        kind, _, quarks = coupling.partition("_")
        return rf"\mathrm{{{part}}}\,{kind}_{{{quarks}}}" if kind in self.operators else ""


def _name(coupling: str, quarks: Quarks) -> str:
    """As in names of coefficients, the quark that decays comes first: V_bs."""
    return f"{coupling}_{quarks.name[::-1]}"


class ALP(LightBoson):
    """An axion-like particle a, with L = d_mu a/f (sbar gamma^mu (V + A gamma_5) b) + h.c. and f = `scale`."""

    name = "ALP"
    particle = OneScalar
    operators: ClassVar = {"V": "d_mu X s-bar gamma^mu b", "A": "d_mu X s-bar gamma^mu gamma_5 b"}
    divided: ClassVar = ("V", "A")


class LightScalar(LightBoson):
    """A scalar or pseudoscalar X, with L = X (sbar (S + P gamma_5) b) + h.c."""

    name = "LightScalar"
    particle = OneScalar
    operators: ClassVar = {"S": "X s-bar b", "P": "X s-bar gamma_5 b"}


class LightVector(LightBoson):
    """A vector X with a mass, currents and dipoles, L = X_mu (sbar gamma^mu (V + A gamma_5) b) + ... + h.c."""

    name = "LightVector"
    particle = OneVector
    operators: ClassVar = {
        "V": "X_mu s-bar gamma^mu b",
        "A": "X_mu s-bar gamma^mu gamma_5 b",
        "T": "d_mu X_nu s-bar sigma^mu^nu b",
        "T5": "d_mu X_nu s-bar sigma^mu^nu gamma_5 b",
    }
    divided: ClassVar = ("T", "T5")
