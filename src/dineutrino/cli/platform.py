"""The platform that JAX computes on."""

import os


def platform_problem() -> str | None:
    """One sentence if JAX has no device to compute on, as on a machine without the one that JAX_PLATFORMS names."""
    import jax

    try:
        jax.devices()
    except (RuntimeError, AssertionError):  # the latter from a plugin that does not find its library
        asked = os.environ.get("JAX_PLATFORMS", "")
        return f"JAX cannot compute on '{asked}', as JAX_PLATFORMS asks, on this machine: unset it, or set it to cpu."
    return None
