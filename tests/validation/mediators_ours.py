"""Heavy fields at the points of mediator_points.py, matched, run and predicted by us, all at once."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from mediator_points import FIELDS, POINTS, points

from dineutrino.eft.warsaw import warsaw_from_mapping, warsaw_to_mapping
from dineutrino.inputs.quarks import ALL
from dineutrino.matching.descent import Descent, Smeft
from dineutrino.matching.evolution import Evolution, Live, as_real, unravelled
from dineutrino.matching.smeft_to_left import match_transition
from dineutrino.models.mediators import MEDIATORS
from dineutrino.models.mediators.mediator import added
from dineutrino.models.smeft_point import smeft_point
from dineutrino.theory import Beyond, Flavours, Wet


def matched(name, mass, couplings):
    """Coefficients of a field by name, GeV^-2: at tree level, and the boxes of mixing."""
    field = MEDIATORS[name](**{coupling: jnp.asarray(array + 0j) for coupling, array in couplings.items()})
    found = warsaw_to_mapping(added(field.match(jnp.asarray(mass)), field.mixing(jnp.asarray(mass))))
    return {entry: complex(value) for entry, value in found.items() if value}


def descent(inputs, fields=FIELDS):
    """One way down for all points: each is a parameter, which is 1 there, so that it is compiled once."""
    ends = [
        smeft_point(matched(field, mass, couplings), mass, inputs).smeft.at_m_z
        for field in fields
        for mass, couplings in points(field)
    ]
    matrix = jnp.stack([ravel_pytree(as_real(end))[0] for end in ends], axis=1)
    columns = tuple(map(str, range(len(ends))))
    table = Evolution(matrix, jnp.zeros((0, *matrix.shape)), Live.none(), columns, unravelled(ends[0]))
    return Descent(inputs, lambda _: warsaw_from_mapping({}), lambda: table)


def neutrinos(c, inputs):
    """Matched at m_Z, below which they stay as they are."""
    return Flavours(*(match_transition(c.vectors, quarks) for quarks in ALL))


def predictions(predictor, way_down, factors, fields=FIELDS):
    """Factor on all coefficients -> field -> one row per point."""

    def at(parameters):
        smeft = Smeft(parameters, jnp.zeros(0), None, way_down)
        return predictor(Beyond(Wet(smeft.read(neutrinos), Flavours()), smeft))

    every = jax.jit(lambda many: jax.lax.map(at, many))
    each = jnp.eye(len(fields) * POINTS)
    return {
        factor: dict(zip(fields, np.asarray(every(factor * each)).reshape(len(fields), POINTS, -1), strict=True))
        for factor in factors
    }
