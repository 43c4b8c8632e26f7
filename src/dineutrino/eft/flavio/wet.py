"""LEFT coefficients by the names of WCxf's flavio basis, from and to those of its JMS basis; exact both ways.

For the sectors that both have here: d_j -> d_i nu nu with vector currents, d_j -> d_i l l with vectors and scalars
(that basis has no tensors there), d_j -> u l nu with left-handed vectors, scalars and tensors, d_i l -> d_i l' with
scalars and tensors, and meson mixing with vectors.
"""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float

from dineutrino.eft.flavio.scalars import (
    ScalarCurrents,
    from_one_quark,
    from_scalar_currents,
    one_quark,
    scalar_currents,
)
from dineutrino.eft.flavio.vectors import (
    TRANSITIONS,
    DeltaF2,
    Semileptonic,
    delta_f2,
    from_delta_f2,
    from_relative_to_w,
    from_semileptonic,
    relative_to_w,
    semileptonic,
)
from dineutrino.eft.names.entries import Index
from dineutrino.eft.neutrinos import FLAVOURS
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.running.left_classes import SCALAR_SHAPES, SHAPES, Left

UP, DOWN = "uc", "dsb"
_VECTORS = {
    "C_9": "C9",
    "C_10": "C10",
    "C_9_prime": "C9p",
    "C_10_prime": "C10p",
    "C_L": "CL",
    "C_R": "CR",
}
_SCALARS = {"C_S": "CS", "C_P": "CP", "C_S_prime": "CSp", "C_P_prime": "CPp"}
_NAMES = _VECTORS | _SCALARS
MIXING = ("VLL", "VRR", "VLR", "SLR")
CHARGED = {"CVL": "VnueduLL", "CSR": "SnueduRL", "CSL": "SnueduRR", "CT": "TnueduRR"}
ONE_QUARK = {"CSRL": "SedRL", "CSRR": "SedRR", "CTRR": "TedRR"}
"""Name -> class, of d_j -> u l nu and of d_i l -> d_i l'."""
CKM = Complex[Array, "3 3"]
Number = Float[Array, ""] | float


@lru_cache
def flavio_places() -> dict[str, tuple[str, str, Index]]:
    """Name -> (transition, coefficient, index). In names of currents the barred field comes second."""
    found: dict[str, tuple[str, str, Index]] = {}
    pairs = list(product(enumerate(FLAVOURS), repeat=2))
    for q in TRANSITIONS:
        for name in ("CL", "CR"):
            found |= {f"{name}_{q}nu{b}nu{a}": (q, name, (i, j)) for (i, a), (j, b) in pairs}
        for name in ("C9", "C10", "C9p", "C10p", *_SCALARS.values()):
            found |= {f"{name}_{q}{b}{a}": (q, name, (i, j)) for (i, a), (j, b) in pairs}
        found |= {f"C{name}_{q}{q}": (q, name, ()) for name in MIXING}
    for (u, up), (d, down), ((n, neutrino), (k, lepton)) in product(enumerate(UP), enumerate(DOWN), pairs):
        found |= {f"{name}_{down}{up}{lepton}nu{neutrino}": ("", name, (u, d, n, k)) for name in CHARGED}
    for (d, down), ((i, a), (j, b)) in product(enumerate(DOWN), pairs):
        found |= {f"{name}_{b}{a}{down}{down}": ("", name, (i, j, d)) for name in ONE_QUARK}
    return found


def flavio_from_left(left: Left, V: CKM, G_F: Number, alpha_em: Number, m_b: Number, m_s: Number) -> dict[str, complex]:
    """Coefficients of the flavio basis that are not zero.

    Args:
        left: GeV^-2.
        V: CKM matrix of the normalisation.
        G_F: GeV^-2.
        alpha_em: of the normalisation.
        m_b: GeV, MSbar at the scale of the coefficients, in those of scalars that change a b quark.
        m_s: GeV, the same in those of s -> d.

    Source: as for `semileptonic`, `charged_current`, `delta_f2`, `scalar_currents`, `one_quark`.
    """
    classes = left.classes()
    arrays = {("", name): relative_to_w(classes[cls], V, G_F) for name, cls in CHARGED.items()}
    arrays |= {("", name): one_quark(classes[cls], G_F) for name, cls in ONE_QUARK.items()}
    for q in TRANSITIONS:
        found = vars(semileptonic(left.vectors, V, G_F, alpha_em, q)) | vars(delta_f2(left.vectors, q))
        found |= vars(scalar_currents(left.scalars, V, G_F, alpha_em, m_s if q == "sd" else m_b, q))
        arrays |= {(q, _NAMES.get(name, name)): value for name, value in found.items()}
    on_host = {key: np.asarray(value) for key, value in arrays.items()}
    values = {name: complex(on_host[q, key][index]) for name, (q, key, index) in flavio_places().items()}
    return {name: value for name, value in values.items() if value != 0}


def left_from_flavio(
    coefficients: Mapping[str, complex], V: CKM, G_F: Number, alpha_em: Number, m_b: Number, m_s: Number
) -> Left:
    """The inverse of `flavio_from_left`, arguments as there; absent coefficients are zero.

    Raises:
        DineutrinoError: an unknown name, or a value that is not finite.
    """
    places = flavio_places()
    arrays: dict[tuple[str, str], np.ndarray] = {("", name): np.zeros((2, 3, 3, 3), complex) for name in CHARGED}
    arrays |= {("", name): np.zeros((3, 3, 3), complex) for name in ONE_QUARK}
    for q in TRANSITIONS:
        arrays |= {(q, name): np.zeros((3, 3), complex) for name in _NAMES.values()}
        arrays |= {(q, name): np.zeros((), complex) for name in MIXING}
    for name, value in coefficients.items():
        if name not in places:
            raise unknown("coefficient of the flavio basis", name, places)
        if not np.isfinite(value):
            raise DineutrinoError(f"coefficient {name} = {value} is not finite; give a finite number.")
        q, key, index = places[name]
        arrays[q, key][index] = value
    found = {name: jnp.zeros(shape, complex) for name, shape in (SHAPES | SCALAR_SHAPES).items()}
    for q in TRANSITIONS:
        vectors = Semileptonic(**{name: jnp.asarray(arrays[q, key]) for name, key in _VECTORS.items()})
        scalars = ScalarCurrents(**{name: jnp.asarray(arrays[q, key]) for name, key in _SCALARS.items()})
        mixing = DeltaF2(**{name: jnp.asarray(arrays[q, name]) for name in MIXING})
        for part in (
            from_semileptonic(vectors, V, G_F, alpha_em, q),
            from_scalar_currents(scalars, V, G_F, alpha_em, m_s if q == "sd" else m_b, q),
            from_delta_f2(mixing, q),
        ):
            found |= {name: found[name] + value for name, value in part.items()}
    for name, cls in CHARGED.items():
        found[cls] = from_relative_to_w(jnp.asarray(arrays["", name]), V, G_F)
    for name, cls in ONE_QUARK.items():
        found[cls] += from_one_quark(jnp.asarray(arrays["", name]), G_F)
    return Left.from_classes(found)
