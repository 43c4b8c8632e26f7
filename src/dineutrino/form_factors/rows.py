"""From the free coefficients of a fit to one row of coefficients per form factor."""

import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.errors import DineutrinoError
from dineutrino.inputs.form_factor_coefficients import FormFactorCoefficients


def free_coefficients(
    coefficients: FormFactorCoefficients, names: tuple[str, ...], constrained: tuple[str, ...]
) -> tuple[Float[Array, " order"], ...]:
    """The free coefficients of the form factors `names`, in that order.

    Args:
        coefficients: of the fit.
        names: the form factors of the transition.
        constrained: those whose a0 an exact relation fixes, so that they have one coefficient less.

    Raises:
        DineutrinoError: a form factor is missing, or does not have as many coefficients as it must.
    """
    fit = f"{coefficients.transition} form factors '{coefficients.name}'"
    for name in names:
        if name not in coefficients.coefficients:
            has = ", ".join(sorted(coefficients.coefficients))
            raise DineutrinoError(f"the {fit} have no form factor '{name}', only {has}.")
    vectors = tuple(coefficients.coefficients[name] for name in names)
    order = max(vector.shape[-1] for vector in vectors)
    for name, vector in zip(names, vectors, strict=True):
        expected = order - (name in constrained)
        if vector.shape[-1] != expected:
            reason = ", because an exact relation fixes its a0" if name in constrained else ""
            raise DineutrinoError(
                f"the {fit} give {vector.shape[-1]} coefficients for '{name}', it must be {expected}{reason}."
            )
    return vectors


def constants(coefficients: FormFactorCoefficients, *names: str) -> tuple[Float[Array, ""], ...]:
    """The constants `names` of the fit.

    Raises:
        DineutrinoError: a constant is missing.
    """
    for name in names:
        if name not in coefficients.constants:
            fit = f"{coefficients.transition} form factors '{coefficients.name}'"
            has = ", ".join(sorted(coefficients.constants))
            raise DineutrinoError(f"the {fit} have no constant '{name}', only {has}.")
    return tuple(coefficients.constants[name] for name in names)


def with_first(a0: Float[Array, ""], others: Float[Array, " order"]) -> Float[Array, " longer"]:
    """The coefficients (a0, a1, ...) from a0 and the others."""
    return jnp.concatenate([a0[None], others])


def with_last(coefficients: Float[Array, " order"]) -> Float[Array, " longer"]:
    """Append the coefficient of z^N that makes the derivative of the series vanish at z = -1, that is at threshold."""
    N = coefficients.shape[0]
    n = jnp.arange(N)
    return jnp.append(coefficients, -jnp.sum((-1.0) ** (n - N) * n / N * coefficients))
