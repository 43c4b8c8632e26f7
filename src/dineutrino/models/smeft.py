"""SMEFT coefficients at a high scale, run and matched down to transitions of down quarks with two neutrinos."""

from collections.abc import Sequence
from functools import cache, partial
from typing import TypeGuard

import jax
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft import NuNu
from dineutrino.eft.names.warsaw import refusal, warsaw_names
from dineutrino.eft.smeft import smeft_parameters
from dineutrino.eft.warsaw import warsaw_parameters
from dineutrino.eft.warsaw_vector import warsaw_of_parameters
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs import Inputs
from dineutrino.inputs.quarks import ALL
from dineutrino.inputs.units import PER_TEV2, TEV
from dineutrino.matching.descent import Descent, Smeft
from dineutrino.matching.evolution import RANGE, Evolution, EvolutionTable, evolution, evolution_table
from dineutrino.matching.smeft_chain import LowScales
from dineutrino.matching.smeft_to_left import match_transition
from dineutrino.matching.warsaw_evolution import (
    warsaw_columns,
    warsaw_columns_table,
    warsaw_evolution,
    warsaw_evolution_table,
)
from dineutrino.models.model import Model, Values
from dineutrino.running.at_m_z import HIGHEST
from dineutrino.running.followed import inputs_of_running
from dineutrino.running.vector_classes import VectorClasses
from dineutrino.running.warsaw_classes import Warsaw
from dineutrino.theory import Flavours

FREE = "free"
SCALE = "scale"
"""Name of the parameter."""


Currents = Complex[Array, "transition chirality 3 3"]
"""Of two neutrinos, GeV^-2: transitions in the order of `ALL`, left- before right-handed quarks."""


class SMEFT(Model):
    """Coefficients of the Warsaw basis (down-aligned) in TeV^-2: "Re lq1_3323", "Im ld_3323", "Re uB_33".

    Running to m_Z is linear in the coefficients: its matrix is computed once, for the parameters that are used, at the
    inputs that the model is made with. Matching at m_Z and the interference with the Standard Model follow the inputs
    of each point; couplings in loops follow the inputs that are `live`, to first order, and stay where they were
    otherwise. With a free scale the matrix is tabulated in the logarithm of the scale, and "scale", in TeV, is one more
    parameter.

    Args:
        inputs: Standard Model parameters of the running.
        scale: where the coefficients are given, TeV, or "free".
        live: names of inputs that the running follows, such as "m_t(m_t)", of which a relative change changes the new
            physics by 1% of that; each takes about as long to tabulate as the matrix.

    Raises:
        DineutrinoError: a scale below m_Z or above 1e5 TeV; an unknown input, or one that the running does not know.
    """

    name = "SMEFT"

    def __init__(self, inputs: Inputs, scale: float | str = 1.0, live: Sequence[str] = ()):
        if scale != FREE and not (_is_number(scale) and float(inputs["m_Z"]) < TEV * scale <= HIGHEST):
            raise DineutrinoError(
                f"the scale of SMEFT must be above m_Z and at most {HIGHEST / TEV:g}, in TeV, or '{FREE}', not {scale}."
            )
        for entry in map(str, live):
            inputs[entry]
            if entry not in (followed := inputs_of_running(inputs)):
                raise unknown("input of the running", entry, followed)
        self.inputs, self.scale, self.live = inputs, scale, tuple(live)
        self._evolutions: dict[tuple[str, ...], Evolution[Currents] | EvolutionTable[Currents]] = {}
        self._vectors: dict[tuple[str, ...], Evolution[VectorClasses] | EvolutionTable[VectorClasses]] = {}
        self._descents: dict[tuple[str, ...], Descent] = {}

    @property
    def required(self) -> tuple[str, ...]:  # type: ignore[override]
        """The scale, if it is free."""
        return (SCALE,) if self.scale == FREE else ()

    def limits(self) -> dict[str, tuple[float, float]]:
        """The scale stays where the table holds, TeV."""
        return {SCALE: (RANGE[0] / TEV, RANGE[1] / TEV)} if self.scale == FREE else {}

    def own_parameters(self) -> dict[str, str]:
        """The real and imaginary parts of the non-redundant coefficients, and the scale if it is free."""
        if self.scale == FREE:
            low, high = self.limits()[SCALE]
            scale = {SCALE: f"scale of the coefficients, {low:g} to {high:g} TeV"}
            return scale | dict.fromkeys(warsaw_parameters(), f"coefficient at '{SCALE}', TeV^-2")
        return dict.fromkeys(warsaw_parameters(), f"coefficient at {self.scale:g} TeV, TeV^-2")

    def check_name(self, name: str) -> None:
        """Refuse an unknown parameter; of coefficients say why, as where the indices are redundant."""
        part, _, coefficient = name.partition(" ")
        if part in ("Re", "Im") and name not in self.parameters() and coefficient not in warsaw_names():
            raise refusal(coefficient)
        super().check_name(name)

    def currents(self, values: Values, inputs: Inputs) -> Flavours[NuNu]:
        """Run to m_Z, match there; below, vector currents of neutrinos do not run. One run serves all transitions."""
        named, own = super().currents(values, inputs), _own(values)
        if not own:
            return named
        scale = (TEV * jnp.asarray(values[SCALE]),) if self.scale == FREE else ()
        found = self._evolution(own).moved(inputs)(_vector(values, own), *scale)
        return Flavours(*(with_named(named.of(quarks), NuNu(*found[i])) for i, quarks in enumerate(ALL)))

    def smeft(self, values: Values, inputs: Inputs) -> Smeft | None:
        """The coefficients, and how all sectors follow from them."""
        own = _own(values)
        if not own:
            return None
        if own not in self._descents:
            self._descents[own] = Descent(self.inputs, partial(warsaw_of_parameters, own), partial(self._to_m_z, own))
        scale = TEV * jnp.asarray(values[SCALE], dtype=float) if self.scale == FREE else None
        live = jnp.stack([inputs[name] for name in self.live]) if self.live else jnp.zeros(0)
        return Smeft(_vector(values, own), live, scale, self._descents[own])

    def tex(self, name: str) -> str:
        """The coefficient or the scale, and its unit."""
        if name == SCALE and self.scale == FREE:
            return r"\mu_{\mathrm{UV}}\;[\mathrm{TeV}]"
        if name not in _parameters():
            return ""
        part, _, coefficient = name.partition(" ")
        operator, _, flavours = coefficient.partition("_")
        return rf"\mathrm{{{part}}}\,C_{{{operator}}}^{{{flavours}}}\;[\mathrm{{TeV}}^{{-2}}]"

    def _evolution(self, columns: tuple[str, ...]) -> Evolution[Currents] | EvolutionTable[Currents]:
        if columns not in self._evolutions:
            with jax.ensure_compile_time_eval():
                if are_vectors(columns):
                    self._evolutions[columns] = self._of_vectors(columns).then(matched)
                else:
                    self._evolutions[columns] = self._of_all(columns)
        return self._evolutions[columns]

    def _of_vectors(self, columns: tuple[str, ...]) -> Evolution[VectorClasses] | EvolutionTable[VectorClasses]:
        """Vector currents run among themselves: column by column."""
        if columns not in self._vectors:
            self._vectors[columns] = (
                evolution(TEV * self.scale, self.inputs, at_m_z, columns, self.live)
                if _is_number(self.scale)
                else evolution_table(self.inputs, at_m_z, columns, live=self.live)
            )
        return self._vectors[columns]

    def _to_m_z(self, columns: tuple[str, ...]) -> Evolution[Warsaw] | EvolutionTable[Warsaw]:
        """All coefficients at m_Z: column by column too."""
        if are_vectors(columns):
            return self._of_vectors(columns).then(Warsaw.of_vectors)
        if _is_number(self.scale):
            return warsaw_columns(TEV * self.scale, self.inputs, columns)
        return warsaw_columns_table(self.inputs, columns)

    def _of_all(self, columns: tuple[str, ...]) -> Evolution[Currents] | EvolutionTable[Currents]:
        """The whole Warsaw basis runs: row by row."""
        if self.live:
            other = next(name for name in columns if name not in smeft_parameters())
            raise DineutrinoError(f"inputs are live in the running of vector currents only, and {other} is none.")
        if _is_number(self.scale):
            return warsaw_evolution(TEV * self.scale, self.inputs, _real, columns).then(_complex)
        return warsaw_evolution_table(self.inputs, _real, columns).then(_complex)


def with_named(named: NuNu | None, own: NuNu) -> NuNu:
    """Currents of named C_L and C_R, and those of SMEFT."""
    return own if named is None else NuNu(named.left + own.left, named.right + own.right)


def _is_number(scale: float | str) -> TypeGuard[float]:
    return not isinstance(scale, str)


def _own(values: Values) -> tuple[str, ...]:
    """Names of the coefficients that have a value."""
    return tuple(sorted(name for name in values if name in _parameters()))


def _vector(values: Values, names: tuple[str, ...]) -> Float[Array, " columns"]:
    """Coefficients, GeV^-2."""
    return PER_TEV2 * jnp.stack([jnp.asarray(values[name], dtype=float) for name in names])


def are_vectors(names: tuple[str, ...]) -> bool:
    """Whether all parameters are those of vector currents, which run among themselves."""
    return set(names) <= set(smeft_parameters())


@cache
def _parameters() -> frozenset[str]:
    return frozenset(warsaw_parameters())


def at_m_z(low: LowScales, inputs: Inputs) -> VectorClasses:
    """The coefficients at m_Z, in the down-aligned basis there."""
    return low.smeft


def matched(at_m_z: VectorClasses) -> Currents:
    """Currents of two neutrinos from coefficients at m_Z."""
    return jnp.stack([jnp.stack([c.left, c.right]) for c in (match_transition(at_m_z, quarks) for quarks in ALL)])


def _real(at_m_z: Warsaw, inputs: Inputs) -> Float[Array, "part transition chirality 3 3"]:
    currents = matched(at_m_z.vectors)
    return jnp.stack([currents.real, currents.imag])


def _complex(parts: Float[Array, "part transition chirality 3 3"]) -> Currents:
    return parts[0] + 1j * parts[1]
