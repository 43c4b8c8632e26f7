"""Reading the fits of form-factor coefficients."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from jaxtyping import Float

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs import correlation
from dineutrino.inputs.entry import number, text
from dineutrino.inputs.packaged import data_names, read_data, read_mapping
from dineutrino.io import Tree

_PSEUDOSCALAR = ("f_plus", "f_0", "f_T")
_VECTOR = ("V", "A_0", "A_1", "A_12", "T_1", "T_2", "T_23")
_BARYON = (
    "f_plus", "f_perp", "f_0", "g_plus", "g_perp", "g_0", "h_plus", "h_perp", "htilde_plus", "htilde_perp",
)  # fmt: skip
# transition -> (folder, form factors)
TRANSITIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "B->K": ("B_to_K", _PSEUDOSCALAR),
    "B->K*": ("B_to_Kstar", _VECTOR),
    "Bs->phi": ("Bs_to_phi", _VECTOR),
    "Lambda_b->Lambda": ("Lambda_b_to_Lambda", _BARYON),
    "Lambda_b->Lambda_c": ("Lambda_b_to_Lambda_c", _BARYON),
    "B->pi": ("B_to_pi", _PSEUDOSCALAR),
    "B->rho": ("B_to_rho", _VECTOR),
    "B->D": ("B_to_D", _PSEUDOSCALAR),
    "B->D*": ("B_to_Dstar", _VECTOR),
    "K->pi": ("K_to_pi", _PSEUDOSCALAR),
}
PARAMETRISATIONS = {
    "BCL": "last",
    "BSZ": "first",
    "DLM2015": "first",
    "HPQCD2022": "first",
    "SSE": "first",
    "dispersive": "first",
}
"""Name -> which coefficient of a form factor an exact relation may fix."""
UNPUBLISHED = "unpublished"
"""In place of a correlation matrix that a source does not give: then predictions have no uncertainty."""
_FIELDS = (
    "name",
    "transition",
    "parametrisation",
    "source",
    "description",
    "constants",
    "coefficients",
    "covariance",
    "uncertainties",
    "correlation",
)


@dataclass(frozen=True)
class FormFactorFit:
    """A form-factor fit as published.

    Attributes:
        places: (form factor, index in its vector of coefficients) of each row of the covariance.
        labels: "B->K f_plus a0", one per row; the index is that of the power of z, so it starts at 1 where a0 is fixed.
        coefficients: central values.
        constants: masses of the parametrisation, GeV.
        cholesky: of the covariance, rows as in `labels`.
        correlated: whether the correlations of the coefficients are published; the covariance is diagonal if not.
    """

    name: str
    transition: str
    parametrisation: str
    source: str
    places: tuple[tuple[str, int], ...]
    labels: tuple[str, ...]
    coefficients: dict[str, Float[np.ndarray, " order"]]
    constants: dict[str, float]
    cholesky: Float[np.ndarray, "n n"]
    correlated: bool

    @property
    def mean(self) -> np.ndarray:
        """Central values in the order of the rows."""
        return np.array([self.coefficients[name][index] for name, index in self.places])

    @property
    def uncertainties(self) -> np.ndarray:
        """Standard deviations in the order of the rows."""
        return np.sqrt(np.sum(self.cholesky**2, axis=1))


def form_factor_sets() -> dict[str, tuple[str, ...]]:
    """Names of the form-factor fits that come with the package, for each transition."""
    return {transition: data_names("form_factors", folder) for transition, (folder, _) in TRANSITIONS.items()}


def load_form_factor_fit(transition: str, name: str | Path) -> FormFactorFit:
    """One fit by its name, or from a file of the user when `name` is a Path.

    Raises:
        DineutrinoError: unknown transition or fit, or a file that cannot be used.
    """
    if transition not in TRANSITIONS:
        raise unknown("transition", transition, TRANSITIONS)
    if isinstance(name, Path):
        return read_fit(read_mapping(name), transition, name.name)
    return _packaged_fit(transition, name)


@cache
def _packaged_fit(transition: str, name: str) -> FormFactorFit:
    names = form_factor_sets()[transition]
    if name not in names:
        raise unknown(f"{transition} form factors", name, names)
    fit = read_fit(read_data("form_factors", TRANSITIONS[transition][0], f"{name}.yaml"), transition, f"{name}.yaml")
    if fit.name != name:
        raise DineutrinoError(f"{name}.yaml: the name inside the file is '{fit.name}'.")
    return fit


def read_fit(record: Mapping[str, Tree], transition: str, file: str) -> FormFactorFit:
    """Check the content of a form-factor file.

    Raises:
        DineutrinoError: names file and entry.
    """
    for field in record:
        if field not in _FIELDS:
            raise DineutrinoError(f"{file}: {unknown('field', field, _FIELDS)}")
    name = text(record.get("name"), f"{file}: name")
    source = text(record.get("source"), f"{file}: source")
    if record.get("transition") != transition:
        raise DineutrinoError(f"{file}: the transition is '{record.get('transition')}', not '{transition}'.")
    parametrisation = str(record.get("parametrisation"))
    if parametrisation not in PARAMETRISATIONS:
        raise DineutrinoError(f"{file}: {unknown('parametrisation', parametrisation, PARAMETRISATIONS)}")
    constants = _constants(record.get("constants"), file)
    coefficients = _coefficients(record.get("coefficients"), TRANSITIONS[transition][1], file)
    places = tuple((key, i) for key, vector in coefficients.items() for i in range(len(vector)))
    longest = max(len(vector) for vector in coefficients.values())
    absent = {key: longest - len(vector) for key, vector in coefficients.items()}
    starts = absent if PARAMETRISATIONS[parametrisation] == "first" else dict.fromkeys(coefficients, 0)
    labels = tuple(f"{transition} {key} a{i + starts[key]}" for key, i in places)
    return FormFactorFit(
        name, transition, parametrisation, source, places, labels, coefficients, constants,
        _cholesky(record, len(places), file), record.get("correlation") != UNPUBLISHED,
    )  # fmt: skip


def _constants(record: Tree, file: str) -> dict[str, float]:
    if not isinstance(record, Mapping) or not record:
        raise DineutrinoError(f"{file}: constants is missing.")
    return {str(key): number(value, f"{file}: constant '{key}'") for key, value in record.items()}


def _coefficients(record: Tree, expected: tuple[str, ...], file: str) -> dict[str, np.ndarray]:
    if not isinstance(record, Mapping):
        raise DineutrinoError(f"{file}: coefficients is missing.")
    for key in record:
        if key not in expected:
            raise DineutrinoError(f"{file}: {unknown('form factor', key, expected)}")
    for key in expected:
        if key not in record:
            raise DineutrinoError(f"{file}: the form factor '{key}' is missing.")
    vectors = {}
    for key, values in record.items():
        if not isinstance(values, list) or not values:
            raise DineutrinoError(f"{file}: '{key}' must be a list of coefficients.")
        vectors[key] = np.array([number(value, f"{file}: '{key}'") for value in values])
    if len({len(vector) for vector in vectors.values()}) > 2 or np.ptp([len(v) for v in vectors.values()]) > 1:
        raise DineutrinoError(
            f"{file}: form factors must have the same order, or one coefficient less where a relation fixes it."
        )
    return vectors


def _cholesky(record: Mapping[str, Tree], size: int, file: str) -> np.ndarray:
    if "covariance" in record:
        if "uncertainties" in record or "correlation" in record:
            raise DineutrinoError(f"{file}: give either covariance, or uncertainties and correlation.")
        place = f"{file}: covariance"
        return correlation.cholesky_of_covariance(correlation.matrix(record["covariance"], size, place), place)
    values = record.get("uncertainties")
    if not isinstance(values, list) or len(values) != size:
        raise DineutrinoError(f"{file}: uncertainties must be a list of {size} numbers, one per coefficient.")
    uncertainties = np.array([number(value, f"{file}: uncertainties") for value in values])
    if np.any(uncertainties <= 0):
        raise DineutrinoError(f"{file}: uncertainties must be positive.")
    if record.get("correlation") == UNPUBLISHED:
        return np.diag(uncertainties)
    place = f"{file}: correlation"
    return correlation.cholesky(uncertainties, correlation.matrix(record.get("correlation"), size, place), place)
