"""The Standard Model at the Z and W pole, from published parametrisations in the inputs."""

from collections.abc import Callable
from functools import cache

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.inputs.entry import number
from dineutrino.inputs.inputs import Inputs
from dineutrino.inputs.packaged import read_data
from dineutrino.inputs.units import to_gev
from dineutrino.io import Tree, mapping

FILE = "z_pole.yaml"
FLAVOURS = 5
"""Quarks that are lighter than the W."""


class Distances(eqx.Module):
    """How far the inputs are from the reference of a parametrisation.

    Attributes:
        L_H: logarithm of m_h over its reference.
        H, H2: ratio, and squared ratio, less 1, of m_h.
        t: squared ratio, less 1, of the pole mass of the top quark.
        s, a, Z: ratio, less 1, of alpha_s, of Delta alpha and of m_Z.
    """

    L_H: Float[Array, ""]
    H: Float[Array, ""]
    H2: Float[Array, ""]
    t: Float[Array, ""]
    s: Float[Array, ""]
    a: Float[Array, ""]
    Z: Float[Array, ""]


def delta_alpha(inputs: Inputs) -> Float[Array, ""]:
    """1 - alpha(0)/alpha(m_Z) in the on-shell scheme, without the top quark."""
    return inputs["Delta_alpha_lep"] + inputs["Delta_alpha_had"]


def z_widths(inputs: Inputs) -> dict[str, Float[Array, ""]]:
    """Partial widths of the Z, GeV: "nu" of one neutrino, "e" of each lighter lepton, "d" of each lighter down quark.

    Source: arXiv:1906.08815, eq. (2.9).
    """
    found = _parametrised("Z widths", inputs, _of_widths)
    error = dict.fromkeys(("e", "tau"), "ll") | {"nu": "nunu"} | dict.fromkeys("uc", "uu") | {"d": "dd", "b": "bb"}
    return {name: width * (1 + inputs[f"delta_Gamma(Z->{error[name]})"]) for name, width in found.items()}


def effective_angles(inputs: Inputs) -> dict[str, Float[Array, ""]]:
    """sin^2 of the effective weak mixing angle, of "l", "u", "d" and "b": g_V/g_A = 1 - 4 |Q| sin^2.

    That of light quarks differs from that of leptons by a constant, hep-ph/0608099.

    Source: arXiv:1906.08815, eq. (3.6).
    """
    found = _parametrised("effective angles", inputs, _of_angles)
    found = {name: angle + inputs["delta_s2_eff"] for name, angle in found.items()}
    return found | {quark: found["l"] + inputs[f"s2_eff_{quark}-s2_eff_l"] for quark in "ud"}


def w_mass(inputs: Inputs) -> Float[Array, ""]:
    """The pole mass of the W from G_F, alpha and m_Z, GeV. Source: hep-ph/0311148, eq. (6)."""
    return _parametrised("W mass", inputs, _of_mass)["W"] * (1 + inputs["delta_m_W"])


def w_widths(inputs: Inputs, m_w: Float[Array, ""]) -> dict[str, Float[Array, ""]]:
    """Partial widths of the W, GeV: "l" of one lepton, "q" of a quark and an antiquark whose CKM element is 1.

    G_F m_W^3/(6 sqrt2 pi) with electroweak corrections, and with those of QCD at m_W, to which alpha_s runs with one
    loop: two change it by 4e-4.

    Args:
        inputs: G_F, alpha_s, m_Z and the corrections.
        m_w: mass of the W, GeV.
    """
    born = inputs["G_F"] * m_w**3 / (6 * jnp.sqrt(2.0) * jnp.pi)
    at_m_z = inputs["alpha_s"] / jnp.pi
    a = at_m_z / (1 + (33 - 2 * FLAVOURS) / 6 * at_m_z * jnp.log(m_w / inputs["m_Z"]))
    series = _coefficients("hadronic W width")["QCD"]
    QCD = sum(c * a**power for power, c in enumerate(series.tolist()))
    return {"l": inputs["rho_W_l"] * born, "q": 3 * inputs["rho_W_q"] * QCD * born}


Terms = Callable[[Distances], list[Float[Array, ""]]]


def _of_widths(x: Distances) -> list[Float[Array, ""]]:
    L = x.L_H
    return [
        jnp.ones_like(L), L, L**2, L**4, x.H, x.t, x.t**2, x.t * L, x.t * L**2,
        x.s, x.s**2, x.s * x.H, x.s * x.t, x.a, x.a * x.H, x.a * x.t, x.Z,
    ]  # fmt: skip


def _of_angles(x: Distances) -> list[Float[Array, ""]]:
    L = x.L_H
    return [jnp.ones_like(L), L, L**2, L**4, x.a, x.t, x.t**2, x.t * L, x.s, x.s * x.t, x.Z]


def _of_mass(x: Distances) -> list[Float[Array, ""]]:
    L = x.L_H
    return [jnp.ones_like(L), L, L**2, L**4, x.H2, x.a, x.t, x.t**2, L * x.t, (x.H2 + 1) * x.t, x.s, x.Z]


def _parametrised(name: str, inputs: Inputs, terms: Terms) -> dict[str, Float[Array, ""]]:
    record = _record(name)
    reference = {key: number(value, f"{FILE}: {key}") for key, value in mapping(record["reference"], FILE).items()}
    H, t = inputs["m_h"] / reference["m_h"], inputs["m_t"] / reference["m_t"]
    values = terms(
        Distances(
            L_H=jnp.log(H),
            H=H - 1,
            H2=H**2 - 1,
            t=t**2 - 1,
            s=inputs["alpha_s"] / reference["alpha_s"] - 1,
            a=delta_alpha(inputs) / reference["Delta_alpha"] - 1,
            Z=inputs["m_Z"] / reference["m_Z"] - 1,
        )
    )
    unit = to_gev(str(record["unit"]), float("nan"))
    rows = _coefficients(name)
    found = unit * (jnp.asarray(np.stack(list(rows.values()))) @ jnp.stack(values))
    return dict(zip(rows, found, strict=True))


@cache
def _coefficients(name: str) -> dict[str, Float[np.ndarray, " term"]]:
    rows = mapping(_record(name)["coefficients"], FILE)
    return {what: np.array([number(entry, f"{FILE}: {what}") for entry in _listed(row)]) for what, row in rows.items()}


def _listed(row: Tree) -> list[Tree]:
    return row if isinstance(row, list) else [row]


def _record(name: str) -> dict[str, Tree]:
    return dict(mapping(read_data(FILE)[name], FILE))
