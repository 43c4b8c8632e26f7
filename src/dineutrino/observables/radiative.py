"""B -> X_s gamma: a form in C7, C8 and their mirror images, over the Standard Model at next-to-next-to-leading order.

The branching ratio is that of arXiv:2002.01548 for photons above 1.6 GeV, averaged over charge and CP, times

    1 + sum_i a_i Re C_i + b_77 (|C_7|^2 + |C_7'|^2) + b_88 (|C_8|^2 + |C_8'|^2) + b_78 Re(C_7 C_8^* + C_7' C_8'^*)

with coefficients of new physics in the normalisation of flavio at mu_b. The numbers a and b are those of flavio 2.7.1,
so of arXiv:hep-ph/0609241 and arXiv:1503.01789 with the matrix elements of M. Misiak; they include running from mu_b to
2 GeV, and the mass of the s quark in the interference of mirror images. New physics in four-quark operators, and in
b -> c l nu, by which the rate is normalised, is left out; so is what CKM elements change within their errors.
"""

from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.eft.dipoles import Dipole, dipoles_from_lagrangian
from dineutrino.inputs import SB, Inputs
from dineutrino.observables.arguments import Whole
from dineutrino.observables.forms import Quadratic
from dineutrino.observables.observable import Family, Prepared
from dineutrino.theory import Theory


class Radiative(eqx.Module):
    """The branching ratio as a form in C7, C8, C7' and C8'.

    Attributes:
        form: of the coefficients, real parts first.
        units: the coefficients that dipoles of 1/GeV in the Lagrangian would have, GeV.
    """

    form: Quadratic
    units: Complex[Array, "4"]

    def rate(self, theory: Theory) -> Float[Array, ""]:
        """The branching ratio."""
        c = theory.dipoles(SB)
        return self.form(self.units * jnp.stack([c.photon_right, c.gluon_right, c.photon_left, c.gluon_left]))

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        return jax.tree.leaves((self, theory.dipoles(SB)))


def radiative(inputs: Inputs) -> Radiative:
    """The form at these inputs."""
    standard_model = inputs["BR(B->Xsgamma)_SM"]
    linear = jnp.stack([inputs[f"a({name})"] for name in ("C7", "C8", "C7p", "C8p")]) / 2
    b_77, b_88, b_78 = (inputs[f"b({names})"] for names in ("C7 C7", "C8 C8", "C7 C8"))
    one = jnp.array([[b_77, b_78 / 2], [b_78 / 2, b_88]])
    form = Quadratic(
        standard_model,
        standard_model * jnp.concatenate([linear, jnp.zeros(4)]),
        standard_model * jnp.kron(jnp.eye(4), one),
    )
    unit = dipoles_from_lagrangian(Dipole(*[jnp.ones((), complex)] * 4), inputs, SB)
    return Radiative(form, jnp.stack([unit.C7, unit.C8, unit.C7p, unit.C8p]))


@dataclass(frozen=True)
class RadiativeObservable(Prepared[Radiative]):
    """A number of B -> X_s gamma."""

    def family(self, *numbers: float) -> Family:
        """There is only one."""
        return Family(("radiative",), ())

    def kernel_at(self, inputs: Inputs) -> Radiative:
        """The form."""
        return radiative(inputs)


RADIATIVE = (
    RadiativeObservable(
        name="BR(B->Xsgamma)",
        tex=r"\mathcal{B}(B\to X_s\gamma)",
        process=r"B\to X_s\gamma",
        unit="1",
        description="branching ratio for photons above 1.6 GeV, averaged over charge and CP, B -> X_s gamma",
        source="arXiv:2002.01548; arXiv:hep-ph/0609241; arXiv:1503.01789",
        takes=(Whole,),
        transitions=(),
        value=Radiative.rate,
        is_fraction=False,
    ),
)
