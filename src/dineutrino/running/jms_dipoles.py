"""One-loop running of dipoles and of three gluons below m_Z, in QCD and QED."""

from collections.abc import Mapping

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from dineutrino.running.jms_classes import CHARGE, Four, Two, Unknown

Real = Float[Array, ""]
C_F, C_A = 4 / 3, 3


class Masses(eqx.Module):
    """Of fermions, GeV: u and c, d to b, e to tau. Quarks in the MSbar scheme."""

    up: Float[Array, "2"]
    down: Float[Array, "3"]
    lepton: Float[Array, "3"]


class LowCouplings(eqx.Module):
    """What LEFT runs with at one scale.

    Attributes:
        g3: of the strong interaction.
        e: of electromagnetism, positive.
        masses: at the scale.
        beta_0: 11 - 2 n_f/3 of QCD.
    """

    g3: Real
    e: Real
    masses: Masses
    beta_0: float = eqx.field(static=True)


def dipole_slope(c: Mapping[str, Unknown], sm: LowCouplings) -> dict[str, Unknown]:
    """16 pi^2 dC/dln(mu) of dipoles, G and Gtilde by name, from all classes.

    alpha_em does not run here: photon fields are normalised as at the scale where it was taken, and the beta function
    of QED, which the source has, is left out.

    Source: arXiv:1711.05270 section 4.
    """
    g3, e, masses = sm.g3, sm.e, sm.masses
    three = 3 * C_A * g3**2 * (c["G"] + 1j * c["Gtilde"])
    loops_1, loops_8 = _quark_loops("S1", c, masses), _quark_loops("S8", c, masses)
    found: dict[str, Unknown] = {}
    for quark, own, leptons in (("u", masses.up, c["TeuRR"]), ("d", masses.down, c["TedRR"])):
        q, photon, gluon = CHARGE[quark], c[quark + "gamma"], c[quark + "G"]
        found[quark + "gamma"] = (
            (10 * q**2 * e**2 + 2 * C_F * g3**2) * photon
            + 8 * C_F * q * e * g3 * gluon
            + e * sum(CHARGE[loop] * (loops_1[quark, loop] + C_F * loops_8[quark, loop]) for loop in "ud")
            - 8 * CHARGE["e"] * e * jnp.einsum("wwpr,w->pr", leptons, masses.lepton)
        )
        found[quark + "G"] = (
            (2 * q**2 * e**2 + (10 * C_F - 4 * C_A - sm.beta_0) * g3**2) * gluon
            + 8 * q * e * g3 * photon
            + g3 * sum(loops_1[quark, loop] + (C_F - C_A / 2) * loops_8[quark, loop] for loop in "ud")
            + three * jnp.diag(own)
        )
    found["egamma"] = (
        10 * CHARGE["e"] ** 2 * e**2 * c["egamma"]
        + 2 * CHARGE["e"] * e * jnp.einsum("pwwr,w->pr", c["SeeRR"], masses.lepton)
        - 24 * CHARGE["u"] * e * jnp.einsum("prww,w->pr", c["TeuRR"], masses.up)
        - 24 * CHARGE["d"] * e * jnp.einsum("prww,w->pr", c["TedRR"], masses.down)
    )
    alone = (12 * C_A - 3 * sm.beta_0) * g3**2
    return found | {name: alone * c[name] for name in ("G", "Gtilde")}


def _quark_loops(colour: str, c: Mapping[str, Four], masses: Masses) -> dict[tuple[str, str], Two]:
    """Outer quark and quark in the loop -> a quark of each current joined to a loop with its mass."""
    mixed = c[colour + "udduRR"]
    return {
        ("u", "u"): 2 * jnp.einsum("pwwr,w->pr", c[colour + "uuRR"], masses.up),
        ("u", "d"): jnp.einsum("pwwr,w->pr", mixed, masses.down),
        ("d", "d"): 2 * jnp.einsum("pwwr,w->pr", c[colour + "ddRR"], masses.down),
        ("d", "u"): jnp.einsum("wrpw,w->pr", mixed, masses.up),
    }
