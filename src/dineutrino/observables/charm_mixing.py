"""x12 of the D0: what short distances of new physics alone make of its mixing.

The Standard Model is ruled by long distances that nobody can compute, and may have either sign. What new physics adds
is therefore compared with the whole that is measured: it must not be larger.

Source: arXiv:1706.04622 (matrix elements of the five operators O_i, of which those of `DeltaF2` are combinations by
Fierz transformations); arXiv:2409.06449 (x12 = 2 |M12|/Gamma).
"""

from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.eft.mixing import DeltaF2
from dineutrino.inputs import Inputs
from dineutrino.numerics import abs2, sqrt_or_zero
from dineutrino.observables.arguments import Whole
from dineutrino.observables.observable import Family, Prepared
from dineutrino.theory import Theory


class CharmMixing(eqx.Module):
    """The mixing amplitude of the D0 by new physics.

    Attributes:
        elements: <O>/(2 m_D) of the operators of `DeltaF2`, GeV^3.
        lifetime: GeV^-1.
    """

    elements: DeltaF2
    lifetime: Float[Array, ""]

    def x12(self, theory: Theory) -> Float[Array, ""]:
        """2 |M12|/Gamma."""
        products = jax.tree.map(lambda element, c: element * c, self.elements, theory.charm_mixing())
        return 2 * self.lifetime * sqrt_or_zero(abs2(jnp.sum(jnp.stack(jax.tree.leaves(products)))))

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        return jax.tree.leaves((self, theory.charm_mixing()))


def charm_mixing(inputs: Inputs) -> CharmMixing:
    """The matrix elements at these inputs."""
    first, minus_second, third, fourth, fifth = (
        (inputs[name] / (2 * inputs["m_D0"])).astype(complex)
        for name in ("O_1(D0)", "-O_2(D0)", "O_3(D0)", "O_4(D0)", "O_5(D0)")
    )
    second = -minus_second
    tensor = -4 * second - 8 * third
    elements = DeltaF2(first, first, -2 * fifth, second, second, fourth, tensor, tensor)
    return CharmMixing(elements, inputs["tau_D0"])


@dataclass(frozen=True)
class CharmMixingObservable(Prepared[CharmMixing]):
    """A number of the mixing of the D0."""

    def family(self, *numbers: float) -> Family:
        """There is only one."""
        return Family(("mixing", "D0"), ())

    def kernel_at(self, inputs: Inputs) -> CharmMixing:
        """Matrix elements and lifetime."""
        return charm_mixing(inputs)


CHARM_MIXING = (
    CharmMixingObservable(
        name="x12_D",
        tex=r"x_{12}^D",
        process=r"D^0-\bar D^0",
        unit="1",
        description="mixing of the D0 by new physics alone, 2 |M12|/Gamma",
        source="arXiv:1706.04622; arXiv:2409.06449",
        takes=(Whole,),
        transitions=(),
        value=CharmMixing.x12,
        is_fraction=False,
    ),
)
