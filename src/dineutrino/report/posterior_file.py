"""posterior.nc: the InferenceData as netCDF."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from dineutrino.io.atomic import replacing


def write_posterior(posterior: Any, path: Path) -> Path:
    """Write an arviz InferenceData as netCDF-4 (with h5netcdf), atomically; `arviz.from_netcdf(path)` reads it.

    Attributes that netCDF cannot hold are encoded: truth values as 0 or 1; None, mappings and mixed or empty sequences
    as JSON. The InferenceData itself stays as it is.
    """
    import arviz

    groups = {group: posterior[group].assign_attrs(_encoded(posterior[group].attrs)) for group in posterior.groups()}
    with replacing(path) as temporary:
        arviz.InferenceData(**groups, attrs=_encoded(posterior.attrs)).to_netcdf(str(temporary), engine="h5netcdf")
    return path


def _encoded(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name): _encode(value) for name, value in attributes.items()}


def _encode(value: Any) -> Any:
    if isinstance(value, bool | np.bool_):
        return int(value)
    if isinstance(value, str | int | float | np.number):
        return value
    if isinstance(value, np.ndarray) and value.dtype.kind in "if" and value.ndim == 1 and value.size:
        return value
    if isinstance(value, np.ndarray):
        value = value.tolist()
    return json.dumps(value, default=str)
