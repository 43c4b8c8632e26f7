"""What nature and the lattice tell us, as one pytree."""

from collections.abc import Mapping

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float, PyTree

from dineutrino.errors import unknown
from dineutrino.inputs.form_factor_coefficients import FormFactorCoefficients
from dineutrino.inputs.tail_yields import TailYields


class Inputs(eqx.Module):
    """Values of all inputs, in powers of GeV (times in GeV^-1). `inputs["m_B+"]` is a scalar.

    Attributes:
        values: scalars by name.
        form_factors: coefficients of a form-factor fit, by transition.
        name: of the input set.
        choice_pairs: the choices as a hashable tuple; read them through `choices`.
        tails: yields of the tails of pp -> tau tau; None for those of contact interactions that the package has.
        derived: what has been computed from them already, see `dineutrino.inputs.derived`; other values have none.
    """

    values: dict[str, Float[Array, ""]]
    form_factors: dict[str, FormFactorCoefficients]
    name: str = eqx.field(static=True)
    choice_pairs: tuple[tuple[str, str], ...] = eqx.field(static=True)
    tails: TailYields | None = None
    derived: dict[str, PyTree[Array]] = eqx.field(default_factory=dict)

    def __getitem__(self, name: str) -> Float[Array, ""]:
        if name not in self.values:
            raise unknown("input", name, self.values)
        return self.values[name]

    @property
    def choices(self) -> dict[str, str]:
        """Name of each choice -> its value; see `dineutrino.inputs.choices`."""
        return dict(self.choice_pairs)

    def replace(self, values: Mapping[str, Float[Array, ""] | float]) -> "Inputs":
        """A copy with other values, in powers of GeV: `inputs.replace({"m_b": 4.1})`.

        Raises:
            DineutrinoError: unknown name.
        """
        for name in values:
            if name not in self.values:
                raise unknown("input", name, self.values)
        new = {name: jnp.asarray(value, dtype=jnp.result_type(float)) for name, value in values.items()}
        return self.moved(self.values | new, self.form_factors)

    def with_tails(self, yields: TailYields) -> "Inputs":
        """A copy with other yields of the tails of pp -> tau tau, such as those of a leptoquark with its propagator."""
        return Inputs(self.values, self.form_factors, self.name, self.choice_pairs, yields)

    def moved(self, values: dict[str, Float[Array, ""]], form_factors: dict[str, FormFactorCoefficients]) -> "Inputs":
        """The same set and choices with other values, from which nothing is derived yet."""
        return Inputs(values, form_factors, self.name, self.choice_pairs, self.tails)
