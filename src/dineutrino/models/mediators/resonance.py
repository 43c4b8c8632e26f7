"""The neutral one of a colourless vector as a resonance in pp -> tau tau: cross section, width, limits of ATLAS.

A narrow vector of mass M with a coupling g to fermions f_i and f_j of one chirality has Gamma_ij = N_c |g|^2 M/(24 pi)
and, with the luminosities L of a quark and an antiquark, sigma = (4 pi^2/3) sum_ij Gamma_ij/M L_ij(M)/M^2.

Source: arXiv:2404.06533, eq. (18), whose Gamma of V' belongs to sigma_a in its eq. (12); of sigma_a/2, as in eq. (14)
there and here, it is a quarter of that.
"""

from functools import cache
from importlib.resources import files
from math import pi
from typing import Literal, NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from dineutrino.errors import DineutrinoError
from dineutrino.inputs.entry import number
from dineutrino.inputs.leptons import TAU
from dineutrino.io import mapping, parse_yaml
from dineutrino.models.mediators.colourless import Colourless, Vprime, Zprime, ZprimeL, ZprimeR
from dineutrino.models.mediators.mediator import Flavours2
from dineutrino.numerics import abs2
from dineutrino.observables.ditau.luminosities import Luminosities

COLOURS = 3
Made = Literal["gluons", "b quarks"]
"""What the resonance of a limit is made from; a vector is made from quarks, which differs from both."""
Real = Float[Array, ""]


class Neutral(eqx.Module):
    """Couplings of a neutral vector to mass eigenstates, left- and right-handed.

    Attributes:
        down, up, charged: of down quarks, up quarks and charged leptons.
        neutrinos: of neutrinos, left-handed alone.
    """

    down: tuple[Flavours2, Flavours2]
    up: tuple[Flavours2, Flavours2]
    charged: tuple[Flavours2, Flavours2]
    neutrinos: Flavours2

    def relative_width(self) -> Real:
        """Gamma/M into massless fermions."""
        quarks = jnp.sum(abs2(jnp.stack([*self.down, *self.up])))
        leptons = jnp.sum(abs2(jnp.stack([*self.charged, self.neutrinos])))
        return (COLOURS * quarks + leptons) / (24 * pi)

    def into_taus(self) -> Real:
        """The branching ratio into two taus."""
        left, right = self.charged
        return (abs2(left[TAU, TAU]) + abs2(right[TAU, TAU])) / (24 * pi) / self.relative_width()

    def cross_section(self, mass: Real | float, luminosities: Luminosities) -> Real:
        """sigma(pp -> V) of a narrow one, pb; nan where the luminosities are not known.

        Args:
            mass: GeV.
            luminosities: of quarks and antiquarks.
        """
        down, up = luminosities.at(mass)
        n = len(up)
        partons = jnp.sum(abs2(jnp.stack(self.down)) * down) + jnp.sum(abs2(jnp.stack(self.up)[:, :n, :n]) * up)
        return 4 * pi**2 / 3 * COLOURS / (24 * pi) * partons / mass**2 / _limits().pb


def neutral(field: Colourless, ckm: Flavours2) -> Neutral:
    """The neutral vector of a field; up quarks are rotated by the CKM matrix, u_j = V_ji of the down-aligned q_i.

    Raises:
        DineutrinoError: a field of your own, whose neutral vector is not known here.
    """
    none = jnp.zeros((3, 3), complex)
    if isinstance(field, Vprime):
        return Neutral(
            down=(-field.g3q / 2, none),
            up=(ckm @ field.g3q @ ckm.conj().T / 2, none),
            charged=(-field.g3l / 2, none),
            neutrinos=field.g3l / 2,
        )
    if isinstance(field, ZprimeL):
        z = Zprime(field.gLq, none, none, field.gLl, none)
    elif isinstance(field, ZprimeR):
        z = Zprime(none, none, field.gRd, field.gRl, none)
    elif isinstance(field, Zprime):
        z = field
    else:
        raise DineutrinoError(f"the neutral vector of {field.name} is not known.")
    return Neutral((z.g1q, z.g1d), (ckm @ z.g1q @ ckm.conj().T, z.g1u), (z.g1l, z.g1e), z.g1l)


def limit(mass: Real | float, made: Made = "gluons") -> Real:
    """Upper limit at 95% CL on the cross section times the branching ratio into two taus, pb; nan beyond its masses.

    Args:
        mass: GeV; between the masses of the search the limit is a power of it.
        made: gluons are what arXiv:2404.06533 comes out with.
    """
    known = _limits()
    x = jnp.log(jnp.asarray(mass, dtype=float))
    found = jnp.interp(x, np.log(known.mass), np.log(known.limits[made]), left=jnp.nan, right=jnp.nan)
    return jnp.exp(found)


class _Limits(NamedTuple):
    mass: Float[np.ndarray, " n"]
    limits: dict[Made, Float[np.ndarray, " n"]]
    pb: float


@cache
def _limits() -> _Limits:
    place = "resonances.yaml"
    text = files("dineutrino.models.mediators").joinpath("data", place).read_text(encoding="utf-8")
    record = mapping(parse_yaml(text, place), place)
    listed, units = mapping(record["limits"], f"{place}: limits"), mapping(record["units"], f"{place}: units")

    def row(written: object, name: str) -> Float[np.ndarray, " n"]:
        assert isinstance(written, list)
        return np.array([number(entry, f"{place}: {name}") for entry in written])

    both: dict[Made, Float[np.ndarray, " n"]] = {
        "gluons": row(listed["gluons"], "gluons"),
        "b quarks": row(listed["b quarks"], "b quarks"),
    }
    pb = number(mapping(units["pb"], f"{place}: pb")["value"], f"{place}: pb")
    return _Limits(row(record["mass"], "mass"), both, pb)
