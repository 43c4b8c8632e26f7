"""Heavy fields as a model: masses and couplings are its parameters, and each field is integrated out at its mass."""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.eft import NuNu
from dineutrino.eft.warsaw import warsaw_parameters
from dineutrino.eft.warsaw_vector import warsaw_of_parameters, warsaw_parts, warsaw_to_vector
from dineutrino.errors import DineutrinoError
from dineutrino.inputs import Inputs
from dineutrino.inputs.quarks import ALL
from dineutrino.inputs.units import TEV
from dineutrino.matching.descent import Descent, Smeft, Table
from dineutrino.matching.evolution import RANGE, evolution, evolution_table
from dineutrino.matching.warsaw_evolution import warsaw_columns, warsaw_columns_table
from dineutrino.models.mediators.ansatz import Ansatz, Free, RealParameter
from dineutrino.models.mediators.mediator import Mediator, added
from dineutrino.models.model import Model, Values
from dineutrino.models.smeft import Currents, are_vectors, at_m_z, matched, with_named
from dineutrino.running.warsaw_classes import Warsaw
from dineutrino.theory import Flavours

Columns = tuple[str, ...]
"""Names of the real coefficients that a field fills."""


class Mediators(Model):
    """One or several heavy fields: "m_S1" in TeV and the couplings "Re y1L_33", "Im y1L_33", ... of each.

    Each is matched onto SMEFT at tree level at the scale of its mass, where q_i = (V*_ji u_j, d_i) is the down-aligned
    basis, and runs from there; the coefficients of several fields add up. Running is tabulated once, in the logarithm
    of the masses, for the coefficients that the given couplings can fill: predictions are differentiable by couplings
    and masses.

    Args:
        inputs: Standard Model parameters of the running.
        fields: of `MEDIATORS`, or your own; of several only those count that have couplings among the values.
        name: of the model.
        loops: with what a loop of a leptoquark adds to meson mixing, where arXiv:2404.06533 has it; for vector
            leptoquarks that is an estimate.
        flavour: where the couplings come from: those of `FLAVOURS`, or your own. With an ansatz its parameters stand in
            place of "Re y1L_33" and so on, and what all fields share, such as a direction, comes once.
        mass: of the fields, TeV, where it is no parameter.
        scale: where the coefficients are those of the matching, TeV, in place of the masses: arXiv:2404.06533 takes
            1 TeV for leptoquarks of 2 TeV.
        neutrinos_run: whether currents of neutrinos run down to m_Z. The best fits that arXiv:2404.06533 prints come
            out where they do not.

    Raises:
        DineutrinoError: an ansatz that knows no coupling of these fields, or a mass or scale where the running does
            not hold.
    """

    def __init__(
        self,
        inputs: Inputs,
        fields: Sequence[type[Mediator]],
        name: str = "Mediators",
        loops: bool = True,
        flavour: Ansatz | None = None,
        mass: float | None = None,
        scale: float | None = None,
        neutrinos_run: bool = True,
    ):
        lowest, highest = (end / TEV for end in RANGE)
        for what, given in (("mass", mass), ("scale", scale)):
            if given is not None and not lowest <= given <= highest:
                raise DineutrinoError(
                    f"the {what} of {name} must be from {lowest:g} to {highest:g}, in TeV, not {given:g}."
                )
        self.name = name  # type: ignore[misc]
        self.mass, self.scale, self.neutrinos_run = mass, scale, neutrinos_run
        self.inputs, self.fields, self.loops = inputs, tuple(fields), loops
        self.flavour = Free() if flavour is None else flavour
        self._strengths = {field: self.flavour.strengths(field) for field in self.fields}
        if not any(self._strengths.values()):
            raise DineutrinoError(
                f"{name} has no coupling with the flavour '{self.flavour.name}': {self.flavour.fits}."
            )
        self._columns: dict[tuple[type[Mediator], tuple[str, ...]], Columns] = {}
        self._descents: dict[Columns, Descent] = {}

    @property
    def required(self) -> tuple[str, ...]:  # type: ignore[override]
        """The mass of a single field; see `check` for several."""
        return (_mass(self.fields[0]),) if len(self.fields) == 1 and self.mass is None else ()

    def check(self, names: Iterable[str]) -> None:
        """As for every model; a field that has couplings needs its mass."""
        given = set(names)
        super().check(given)
        for field in self.fields:
            if self.mass is None and given & set(self._strengths[field]) and _mass(field) not in given:
                raise DineutrinoError(f"{self.name} needs a value of '{_mass(field)}', {_mass_of(field)}.")

    def limits(self) -> dict[str, tuple[float, float]]:
        """The masses stay where the tables of the running hold, TeV; angles and the like where they mean something."""
        masses = dict.fromkeys(self._masses(), (RANGE[0] / TEV, RANGE[1] / TEV))
        return masses | {name: parameter.limits for name, parameter in self._flavoured().items()}

    def own_parameters(self) -> dict[str, str]:
        """The masses, and the parameters of the couplings: without an ansatz their real and imaginary parts."""
        return self._masses() | {name: parameter.what for name, parameter in self._flavoured().items()}

    def field(self, kind: type[Mediator], values: Values, inputs: Inputs | None = None) -> Mediator:
        """One field with its couplings; at the inputs of the model unless given."""
        return self.flavour.couplings(kind, values, self.inputs if inputs is None else inputs)

    def present(self, values: Values) -> tuple[Mediator, ...]:
        """The fields that have couplings among the values, at the inputs of the model."""
        return tuple(self.field(f, values) for f in self.fields if values.keys() & self._strengths[f].keys())

    def masses(self, values: Values) -> dict[type[Mediator], Float[Array, ""]]:
        """Of the fields that have couplings among the values, GeV."""
        return {f: self._mass_gev(f, values) for f in self.fields if values.keys() & self._strengths[f].keys()}

    def coefficients(self, field: type[Mediator], values: Values, inputs: Inputs | None = None) -> Warsaw:
        """What one field leaves behind at the scale of its mass, GeV^-2; at the inputs of the model unless given."""
        heavy = self.field(field, values, inputs)
        mass = self._mass_gev(field, values)
        tree = heavy.match(mass)
        return added(tree, heavy.mixing(mass)) if self.loops else tree

    def smeft(self, values: Values, inputs: Inputs) -> Smeft | None:
        """The coefficients of all fields, each at its own scale, and how all sectors follow from them."""
        columns = {field: self._filled(field, values) for field in self.fields}
        names = tuple(chain.from_iterable(columns.values()))
        if not names:
            return None
        if names not in self._descents:
            self._descents[names] = Descent(
                self.inputs,
                partial(warsaw_of_parameters, names),
                partial(_to_m_z, self.inputs, names, self._fixed_scale),
            )
        present = {field: filled for field, filled in columns.items() if filled}
        parameters = [
            warsaw_parts(self.coefficients(field, values, inputs), filled) for field, filled in present.items()
        ]
        scales = [jnp.broadcast_to(self._mass_gev(field, values), len(filled)) for field, filled in present.items()]
        scale = jnp.concatenate(scales) if self._fixed_scale is None else None
        return Smeft(jnp.concatenate(parameters), jnp.zeros(0), scale, self._descents[names])

    def currents(self, values: Values, inputs: Inputs) -> Flavours[NuNu]:
        """Matched at m_Z; below, vector currents of neutrinos do not run."""
        named, smeft = super().currents(values, inputs), self.smeft(values, inputs)
        if smeft is None:
            return named
        own = smeft.read(_neutrinos) if self.neutrinos_run else matched(smeft.at_mu_uv.vectors)
        return Flavours(*(with_named(named.of(quarks), NuNu(*own[i])) for i, quarks in enumerate(ALL)))

    def tex(self, name: str) -> str:
        """Masses with their unit, and couplings."""
        masses = {_mass(field): rf"m_{{{field.symbol}}}\;[\mathrm{{TeV}}]" for field in self.fields}
        if name in masses:
            return masses[name]
        known = self._flavoured()
        return known[name].tex if name in known else ""

    @property
    def _fixed_scale(self) -> float | None:
        """The scale of all coefficients, TeV, where it is no parameter."""
        return self.mass if self.scale is None else self.scale

    def _masses(self) -> dict[str, str]:
        """The masses that are parameters, and what they are."""
        return {_mass(field): _mass_of(field) for field in self.fields} if self.mass is None else {}

    def _mass_gev(self, field: type[Mediator], values: Values) -> Float[Array, ""]:
        """The mass of a field, GeV."""
        return TEV * jnp.asarray(values[_mass(field)] if self.mass is None else self.mass, dtype=float)

    def _flavoured(self) -> dict[str, RealParameter]:
        """All parameters of the couplings."""
        own = {name: known for strengths in self._strengths.values() for name, known in strengths.items()}
        return self.flavour.shared() | own

    def _filled(self, field: type[Mediator], values: Values) -> Columns:
        """Coefficients that do not vanish, at generic values of the given couplings of the field."""
        own = self._strengths[field].keys()
        given = tuple(sorted(values.keys() & (own | self.flavour.shared().keys()))) if values.keys() & own else ()
        if (field, given) not in self._columns:
            with jax.ensure_compile_time_eval():
                numbers = np.random.default_rng(0).uniform(1, 2, len(given))
                generic = dict(zip(given, jnp.asarray(numbers), strict=True)) | {_mass(field): jnp.asarray(1.0)}
                found = np.asarray(jax.jit(lambda v: warsaw_to_vector(self.coefficients(field, v)))(generic))
            self._columns[field, given] = tuple(np.asarray(warsaw_parameters())[found != 0].tolist())
        return self._columns[field, given]


def _mass(field: type[Mediator]) -> str:
    return f"m_{field.name}"


def _mass_of(field: type[Mediator]) -> str:
    return f"mass of the {field.representation}, TeV"


def _to_m_z(inputs: Inputs, columns: Columns, scale: float | None) -> Table[Warsaw]:
    """Vector currents run among themselves, other classes with the whole basis; a table where the scale is free."""
    if are_vectors(columns):
        if scale is None:
            return evolution_table(inputs, at_m_z, columns).then(Warsaw.of_vectors)
        return evolution(TEV * scale, inputs, at_m_z, columns).then(Warsaw.of_vectors)
    return warsaw_columns_table(inputs, columns) if scale is None else warsaw_columns(TEV * scale, inputs, columns)


def _neutrinos(c: Warsaw, inputs: Inputs) -> Currents:
    return matched(c.vectors)
