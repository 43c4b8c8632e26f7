"""SMEFT coefficients at a high scale, run and matched down to transitions of down quarks with two neutrinos."""

from collections.abc import Iterable, Sequence
from functools import cache, partial
from typing import TypeGuard

import jax
import jax.numpy as jnp

from dineutrino.eft import NuNu
from dineutrino.eft.smeft import smeft_parameters
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import DB, DS, SB, Inputs, Quarks
from dineutrino.matching.evolution import RANGE, Evolution, EvolutionTable, evolution, evolution_table
from dineutrino.matching.smeft_chain import LowScales
from dineutrino.matching.smeft_to_left import match_transition
from dineutrino.models.model import Model, Values
from dineutrino.running.smeft import HIGHEST
from dineutrino.running.vector_classes import VectorClasses
from dineutrino.theory import Flavours

PER_TEV2 = 1e-6
"""GeV^-2."""
TEV = 1e3
"""GeV."""
FREE = "free"
SCALE = "scale"
"""Name of the parameter."""


class SMEFT(Model):
    """Vector-current coefficients of the Warsaw basis (down-aligned) in TeV^-2: "Re lq1_3323", "Im ld_3323".

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
        DineutrinoError: a scale below m_Z or above 1e5 TeV; an unknown input.
    """

    name = "SMEFT"

    def __init__(self, inputs: Inputs, scale: float | str = 1.0, live: Sequence[str] = ()):
        if scale != FREE and not (_is_number(scale) and float(inputs["m_Z"]) < TEV * scale <= HIGHEST):
            raise DineutrinoError(
                f"the scale of SMEFT must be above m_Z and at most {HIGHEST / TEV:g}, in TeV, or '{FREE}', not {scale}."
            )
        for entry in live:
            inputs[str(entry)]
        self.inputs, self.scale, self.live = inputs, scale, tuple(live)
        self._evolutions: dict[tuple[str, ...], Evolution[VectorClasses] | EvolutionTable[VectorClasses]] = {}

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
            return scale | dict.fromkeys(smeft_parameters(), f"coefficient at '{SCALE}', TeV^-2")
        return dict.fromkeys(smeft_parameters(), f"coefficient at {self.scale:g} TeV, TeV^-2")

    def neutrinos(self, values: Values, inputs: Inputs) -> NuNu:
        """Run to m_Z, match there; vector currents of neutrinos do not run below."""
        return _sum(super().neutrinos(values, inputs), self._own(values, inputs, SB))

    def currents(self, values: Values, inputs: Inputs) -> Flavours[NuNu]:
        """All transitions follow from the same coefficients at m_Z."""
        named = super().currents(values, inputs)
        db, ds = (self._own(values, inputs, quarks) for quarks in (DB, DS))
        return Flavours(
            named.sb,
            db if named.db is None else _sum(named.db, db),
            ds if named.ds is None else _sum(named.ds, ds),
        )

    def _own(self, values: Values, inputs: Inputs, quarks: Quarks) -> NuNu | None:
        """The currents of the coefficients of SMEFT, if there are any."""
        own = tuple(sorted(name for name in values if name in _parameters()))
        if not own:
            return None
        vector = PER_TEV2 * jnp.stack([jnp.asarray(values[name], dtype=float) for name in own])
        scale = (TEV * jnp.asarray(values[SCALE]),) if self.scale == FREE else ()
        return self._evolution(own).then(partial(match_transition, quarks=quarks)).moved(inputs)(vector, *scale)

    def tex(self, name: str) -> str:
        """The coefficient or the scale, and its unit."""
        if name == SCALE and self.scale == FREE:
            return r"\mu_{\mathrm{UV}}\;[\mathrm{TeV}]"
        if name not in _parameters():
            return ""
        part, _, coefficient = name.partition(" ")
        operator, _, flavours = coefficient.partition("_")
        return rf"\mathrm{{{part}}}\,C_{{{operator}}}^{{{flavours}}}\;[\mathrm{{TeV}}^{{-2}}]"

    def _evolution(self, names: Iterable[str]) -> Evolution[VectorClasses] | EvolutionTable[VectorClasses]:
        columns = tuple(names)
        if columns not in self._evolutions:
            with jax.ensure_compile_time_eval():
                self._evolutions[columns] = (
                    evolution(TEV * self.scale, self.inputs, _at_m_z, columns, self.live)
                    if _is_number(self.scale)
                    else evolution_table(self.inputs, _at_m_z, columns, live=self.live)
                )
        return self._evolutions[columns]


def _sum(named: NuNu, own: NuNu | None) -> NuNu:
    """Currents of named C_L and C_R, and those of SMEFT."""
    return named if own is None else NuNu(named.left + own.left, named.right + own.right)


def _is_number(scale: float | str) -> TypeGuard[float]:
    return not isinstance(scale, str)


@cache
def _parameters() -> frozenset[str]:
    return frozenset(smeft_parameters())


def _at_m_z(low: LowScales, inputs: Inputs) -> VectorClasses:
    return low.smeft
