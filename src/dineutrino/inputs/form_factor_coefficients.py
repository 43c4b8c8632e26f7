"""The coefficients of one published form-factor fit, as data: `form_factors` turns them into functions of q2."""

import equinox as eqx
from jaxtyping import Array, Float


class FormFactorCoefficients(eqx.Module):
    """Central values of a form-factor fit.

    Attributes:
        coefficients: free coefficients of each form factor, dimensionless; a coefficient that an exact relation
            fixes is absent (in BCL the last of f_0, else an a0, and the vector starts at a1).
        constants: fixed numbers of the parametrisation, GeV: masses in the z-map, resonance masses.
        parametrisation: "BCL", "BSZ", "HPQCD2022", "SSE" or "dispersive".
        name: of the fit, e.g. "GRvDV2023".
        transition: e.g. "B->K".
    """

    coefficients: dict[str, Float[Array, " order"]]
    constants: dict[str, Float[Array, ""]]
    parametrisation: str = eqx.field(static=True)
    name: str = eqx.field(static=True)
    transition: str = eqx.field(static=True)
