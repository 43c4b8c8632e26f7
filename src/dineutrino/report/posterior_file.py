"""posterior.nc: the posterior as netCDF."""

import json
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from dineutrino.io.atomic import replacing

if TYPE_CHECKING:
    import xarray


Encoded: TypeAlias = str | int | float | np.number | np.ndarray
"""What an attribute of a netCDF file can be."""


def write_posterior(posterior: "xarray.DataTree", path: Path) -> Path:
    """Write a posterior as netCDF-4, atomically; `arviz.from_netcdf(path)` and `xarray.open_datatree(path)` read it.

    Attributes that netCDF cannot hold are encoded: truth values as 0 or 1; None, mappings and mixed or empty sequences
    as JSON. The posterior itself stays as it is.
    """
    encoded = posterior.copy()
    for group in encoded.subtree:
        group.attrs = _encoded(group.attrs)
    with replacing(path) as temporary:
        encoded.to_netcdf(temporary, engine="h5netcdf")
    return path


def _encoded(attributes: Mapping[Hashable, object]) -> dict[str, Encoded]:
    return {str(name): _encode(value) for name, value in attributes.items()}


def _encode(value: object) -> Encoded:
    if isinstance(value, bool | np.bool_):
        return int(value)
    if isinstance(value, str | int | float | np.number):
        return value
    if isinstance(value, np.ndarray) and value.dtype.kind in "if" and value.ndim == 1 and value.size:
        return value
    if isinstance(value, np.ndarray):
        value = value.tolist()
    return json.dumps(value, default=str)
