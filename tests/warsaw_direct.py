"""The whole Warsaw basis from mu_UV to m_Z, compiled once for all tests."""

import jax
import jax.numpy as jnp
from smeft_reference import M_Z

from dineutrino.running.warsaw import run_warsaw, warsaw_at_m_z

_at_m_z = jax.jit(warsaw_at_m_z, static_argnames="steps")
_between = jax.jit(run_warsaw, static_argnames="steps")


def at_m_z(coefficients, mu_uv, couplings, m_z=M_Z):
    """In the down bases at both scales."""
    return _at_m_z(coefficients, jnp.asarray(float(mu_uv)), couplings, jnp.asarray(float(m_z)))


def between(point, mu_start, mu):
    """The flavour basis stays."""
    return _between(point, jnp.asarray(float(mu_start)), jnp.asarray(float(mu)))
