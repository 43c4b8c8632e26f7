"""Covariance matrices as published: checked for shape, symmetry and positive definiteness, then factorised."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import ArrayLike, Float

from dineutrino.errors import DineutrinoError
from dineutrino.io import Tree

_SYMMETRY = 1e-6  # published matrices are rounded


def matrix(rows: Tree | ArrayLike | Sequence[Sequence[float]], size: int, place: str) -> Float[np.ndarray, "n n"]:
    """A square, finite, symmetric matrix from nested lists; rounding asymmetries below 1e-6 are averaged away.

    Raises:
        DineutrinoError: wrong shape, a number not finite, not symmetric.
    """
    try:
        array = np.array(rows, dtype=float)
    except (TypeError, ValueError):
        raise DineutrinoError(f"{place} must be a full {size} x {size} matrix of numbers.") from None
    if array.shape != (size, size):
        shape = " x ".join(str(n) for n in array.shape)
        raise DineutrinoError(f"{place} must be {size} x {size}, it is {shape}.")
    if not np.all(np.isfinite(array)):
        raise DineutrinoError(f"{place} has entries that are not finite.")
    scale = np.sqrt(np.abs(np.outer(np.diag(array), np.diag(array))))
    if np.any(np.abs(array - array.T) > _SYMMETRY * scale):
        raise DineutrinoError(f"{place} is not symmetric.")
    return (array + array.T) / 2


def cholesky(uncertainties: Float[np.ndarray, " n"], correlation: Float[np.ndarray, "n n"], place: str) -> np.ndarray:
    """Lower triangular L with L L^T = covariance.

    Raises:
        DineutrinoError: the correlation matrix is not one (diagonal not 1), or is not positive definite.
    """
    if np.any(np.abs(np.diag(correlation) - 1) > _SYMMETRY):
        raise DineutrinoError(f"{place}: the diagonal of the correlation matrix is not 1.")
    try:
        return uncertainties[:, None] * np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError:
        smallest = np.linalg.eigvalsh(correlation)[0]
        raise DineutrinoError(
            f"{place}: the correlation matrix is not positive definite, its smallest eigenvalue is {smallest:.3g}."
        ) from None


def cholesky_of_covariance(covariance: Float[np.ndarray, "n n"], place: str) -> np.ndarray:
    """Lower triangular L with L L^T = covariance, computed through the correlation matrix.

    Raises:
        DineutrinoError: a variance is not positive, or the matrix is not positive definite.
    """
    variances = np.diag(covariance)
    if np.any(variances <= 0):
        raise DineutrinoError(f"{place}: the diagonal of the covariance matrix must be positive.")
    uncertainties = np.sqrt(variances)
    return cholesky(uncertainties, covariance / np.outer(uncertainties, uncertainties), place)
