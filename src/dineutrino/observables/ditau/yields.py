"""Events that contact interactions of taus and quarks add to those of photon and Z in pp -> tau tau: quadratic."""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Complex, Float

from dineutrino.inputs import Inputs, ckm_matrix
from dineutrino.inputs.entry import number
from dineutrino.inputs.leptons import TAU
from dineutrino.inputs.tail_yields import TailYields, Yields
from dineutrino.inputs.units import PER_TEV2
from dineutrino.io import Tree, mapping, parse_json
from dineutrino.numerics import abs2
from dineutrino.running.warsaw_classes import Warsaw
from dineutrino.theory import Theory

FILE = "atlas_2020.json"
BINS = (150, 200, 250, 300, 350, 400, 450, 500, 600, 700, 800, 900, 1000, 1150, 1500)
"""Edges in the total transverse mass, GeV: arXiv:2002.12223, the category of two hadronic taus and no b jet."""
CUTS = {"last bin": "1500", "none": "13000"}
QUARKS = {"d": "dsb", "u": "uc"}
"""Flavours in protons, by charge."""
CHIRALITIES = ("LL", "LR", "RL", "RR")
"""Of the tau, then of the quark."""
Table = Mapping[str, Mapping[str, Sequence[float]]]
"""Kind of contribution -> flavours -> events in each bin for coefficients in TeV^-2."""
Of = Complex[Array, "quark quark"]


class Contact(eqx.Module):
    """Contact interactions of two taus and two quarks of one charge, TeV^-2.

    Attributes:
        vectors: (tau gamma P_X tau)(qbar_i gamma P_Y q_j) for XY = LL, LR, RL, RR.
        scalars, tensors: of right-handed q_j, left-handed q_i; their Hermitian conjugates come along.
    """

    vectors: Complex[Array, "4 quark quark"]
    scalars: Of
    tensors: Of


class Tails(eqx.Module):
    """The kernel of all bins: the CKM matrix, which up quarks need in the down-aligned basis, and the yields."""

    ckm: Complex[Array, "3 3"]
    yields: TailYields

    @classmethod
    def of(cls, inputs: Inputs) -> "Tails":
        """At these inputs, with their yields; without, with those of the package, of contact interactions."""
        own = inputs.tails
        return cls(ckm_matrix(inputs), yields_of(packaged(CUTS[inputs.choices["ditau_cut"]])) if own is None else own)

    def values(self, theory: Theory) -> dict[str, Float[Array, ""]]:
        """Events of new physics by name of the bin."""
        return dict(zip(NAMES, self.events(at_high_energies(theory)), strict=True))

    def events(self, c: Warsaw) -> Float[Array, " bin"]:
        """Of coefficients in the down-aligned Warsaw basis, GeV^-2, at the energies of the collisions."""
        v, chiral, V = c.vectors, c.chiral, self.ckm[: len(QUARKS["u"])]
        rotated = (V @ matrix @ V.conj().T for matrix in (v.lq1[TAU, TAU] - v.lq3[TAU, TAU], v.qe[:, :, TAU, TAU]))
        n = len(V)
        left, right = rotated
        up = (left, v.lu[TAU, TAU, :n, :n], right, v.eu[TAU, TAU, :n, :n])
        down = (v.lq1[TAU, TAU] + v.lq3[TAU, TAU], v.ld[TAU, TAU], v.qe[:, :, TAU, TAU], v.ed[TAU, TAU])
        of_down = Contact(jnp.stack(down), chiral.ledq[TAU, TAU], jnp.zeros((3, 3), complex))
        of_up = Contact(jnp.stack(up), V @ chiral.lequ1[TAU, TAU][:, :n], V @ chiral.lequ3[TAU, TAU][:, :n])
        in_tev = jax.tree.map(lambda x: x / PER_TEV2, (of_down, of_up))
        return events(self.yields.down, in_tev[0]) + events(self.yields.up, in_tev[1])

    def entries(self, theory: Theory) -> list[Array]:
        """All numbers that matter in such a theory, its new physics included."""
        return jax.tree.leaves((self, at_high_energies(theory)))


def highest_energy(inputs: Inputs) -> float:
    """Of a quark and an antiquark, GeV, up to which the yields take what is new for a contact interaction."""
    return float(CUTS[inputs.choices["ditau_cut"]])


NAMES = tuple(f"N_tautau_{low}_{high}" for low, high in pairwise(BINS))


def at_high_energies(theory: Theory) -> Warsaw:
    """Coefficients at mu_UV, which is near the energies of the tails; none where new physics begins below m_W."""
    return Warsaw.zero() if theory.smeft is None else theory.smeft.at_mu_uv


def events(yields: Yields, c: Contact) -> Float[Array, " bin"]:
    """Of quarks of one charge, in bins of the transverse mass.

    Scalars and tensors interfere with nothing: with vectors for massless leptons, with each other because a pair of
    protons looks the same from both sides.
    """
    linear = jnp.einsum("xii,xib->b", c.vectors.real, yields.linear)
    squares = abs2(c.vectors)
    same, opposite = squares[0] + squares[3], squares[1] + squares[2]
    scalars, tensors = _both_ways(c.scalars), _both_ways(c.tensors)
    of_squares = (
        (same, yields.same), (opposite, yields.opposite), (scalars, yields.scalar), (tensors, yields.tensor),
    )  # fmt: skip
    return linear + sum(jnp.einsum("ij,ijb->b", square, each) for square, each in of_squares)


def _both_ways(c: Of) -> Float[Array, "quark quark"]:
    """Squares of a coefficient and of that of its Hermitian conjugate, which q_j qbar_i and q_i qbar_j have."""
    return abs2(c) + abs2(c).T


@cache
def packaged(cut: str) -> Table:
    """The table of the package with one of the values of `CUTS`."""
    text = files("dineutrino.observables.ditau").joinpath(FILE).read_text(encoding="utf-8")
    table = mapping(mapping(parse_json(text, FILE), FILE)[cut], cut)
    return {
        name: {flavours: _numbers(listed, name) for flavours, listed in mapping(rows, name).items()}
        for name, rows in table.items()
    }


def _numbers(listed: Tree, place: str) -> list[float]:
    assert isinstance(listed, list)
    return [number(entry, place) for entry in listed]


def yields_of(table: Table, leptoquark: str = "", mass: float = math.inf) -> TailYields:
    """The arrays of a table, as `partons` and `leptoquarks` make them, the latter of a mass in TeV."""
    return TailYields(_yields(table, "d"), _yields(table, "u"), leptoquark, mass)


def _yields(table: Table, kind: str) -> Yields:
    quarks = QUARKS[kind]
    bins = len(BINS) - 1

    def row(name: str, flavours: str) -> Float[Array, " bin"]:
        return jnp.asarray(table[name][flavours])

    def squares(classes: str) -> Float[Array, "quark quark bin"]:
        name = f"quadratic {kind} {classes}"
        return jnp.stack([jnp.stack([row(name, q + p) for p in quarks]) for q in quarks])

    with jax.ensure_compile_time_eval():
        return Yields(
            linear=jnp.stack([jnp.stack([row(f"linear {kind} {x}", q) for q in quarks]) for x in CHIRALITIES]),
            same=squares("VLL"),
            opposite=squares("VLR"),
            scalar=squares("S"),
            tensor=squares("T") if kind == "u" else jnp.zeros((len(quarks), len(quarks), bins)),
        )
