"""Predictions with theory uncertainties at many points of the Wilson coefficients, in one compiled call."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import jax
import jax.flatten_util
import jax.numpy as jnp
import numpy as np
from jax.tree_util import Partial
from jaxtyping import Array, Float, PyTree

from dineutrino.eft import NeutrinoCoefficients
from dineutrino.inputs import Inputs, Prior
from dineutrino.numerics.batching import chunked
from dineutrino.observables import ObservableRef, check
from dineutrino.observables.predictor import check_integrals, contract, kernels
from dineutrino.theory import NewPhysics, Theory, theory_of

CHUNK = 1024
"""Points evaluated at a time: bounds the memory."""
ROUNDING = 1e-12
"""A relative uncertainty below this is rounding: the observable does not depend on the uncertain inputs."""


@dataclass(frozen=True)
class Predictions:
    """Values of observables, in their units.

    Attributes:
        references: the observables.
        values: at each point.
        uncertainties: of the values, from the inputs; nan where the correlations of some of those are not published.
        standard_model: values of the Standard Model.
        standard_model_uncertainties: of these.
        uncorrelated: what inputs those are, "B->K HPQCD2022_Belle2".
    """

    references: tuple[ObservableRef, ...]
    values: Float[np.ndarray, "points n"]
    uncertainties: Float[np.ndarray, "points n"]
    standard_model: Float[np.ndarray, " n"]
    standard_model_uncertainties: Float[np.ndarray, " n"]
    uncorrelated: tuple[str, ...] = ()

    @property
    def ratios(self) -> Float[np.ndarray, "points n"]:
        """Values over those of the Standard Model; nan where both vanish."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.values / self.standard_model


def predict(references: Sequence[ObservableRef], new_physics: NewPhysics | Partial, prior: Prior) -> Predictions:
    """Values and their theory uncertainties: the prior of the inputs, propagated linearly with the exact Jacobian.

    The q2 integrals and their derivatives with respect to the inputs are computed once; each point contracts them.

    Args:
        references: names with arguments.
        new_physics: C_L and C_R of shape (points, 3, 3), or a Lagrangian of that shape with masses and coefficients of
            further pairs of shape (points,), or a model with its values, `Partial(model, values)`, which follows the
            uncertain inputs.
        prior: of the inputs.

    Raises:
        DineutrinoError: an unknown name or impossible arguments, or a pair that cannot be integrated.
    """
    references = tuple(references)
    check(references, prior.central)
    central, slopes = _linearised(references, prior)
    uncorrelated = tuple(block.name for block in prior.blocks if not block.correlated)

    def value_and_variance(new: NewPhysics | Partial) -> tuple[Float[Array, " n"], Float[Array, " n"]]:
        value, along = jax.linearize(lambda at: contract(references, at[0], theory_at(new, at[1])), central)
        parts = jax.vmap(along)(slopes) ** 2
        variance = jnp.sum(parts, axis=0)
        if uncorrelated:
            in_order = sorted(prior.blocks, key=lambda block: block.name)
            unknown = [not block.correlated for block in in_order for _ in block.labels]
            matters = jnp.sqrt(jnp.sum(parts[np.array(unknown)], axis=0)) > ROUNDING * jnp.abs(value)
            variance = jnp.where(matters, jnp.nan, variance)
        return value, variance

    @jax.jit
    def everything(new: NewPhysics | Partial) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        return chunked(value_and_variance, CHUNK)(new), value_and_variance(NeutrinoCoefficients.zero())

    found = []
    new = new_physics.beyond if isinstance(new_physics, Theory) else new_physics
    for value, variance in jax.device_get(everything(new)):
        uncertainty = np.sqrt(variance)
        found += [value, np.where(uncertainty < ROUNDING * np.abs(value), 0.0, uncertainty)]
    wet = jax.vmap(lambda point: theory_at(point, prior.central).wet)(new)
    check_integrals(references, prior.central, wet, found[0])
    return Predictions(references, found[0], found[1], found[2], found[3], uncorrelated)


KernelsAndInputs: TypeAlias = tuple[PyTree[Array], Inputs]
"""What the values of observables follow from, besides new physics."""


def _linearised(references: tuple[ObservableRef, ...], prior: Prior) -> tuple[KernelsAndInputs, KernelsAndInputs]:
    """Kernels and inputs at the centre, and their derivatives along each whitened input (leading axis)."""

    def both(z: dict[str, Float[Array, " _"]]) -> KernelsAndInputs:
        inputs = prior.inputs(z)
        return kernels(references, inputs), inputs

    def expand(origin: dict[str, Float[Array, " _"]]) -> tuple[KernelsAndInputs, KernelsAndInputs]:
        central, along = jax.linearize(both, origin)
        flat, unflatten = jax.flatten_util.ravel_pytree(origin)
        return central, jax.vmap(lambda direction: along(unflatten(direction)))(jnp.eye(flat.size, dtype=flat.dtype))

    return jax.jit(expand)(prior.origin())


def theory_at(new: NewPhysics | Partial, inputs: Inputs) -> Theory:
    """The theory at these inputs; that of a model with its values follows them."""
    return new(inputs) if isinstance(new, Partial) else theory_of(new, inputs)
