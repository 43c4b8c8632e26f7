"""The peers' side of the benchmark of branching ratios: one call evaluates one new point."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

Point = tuple[np.ndarray, np.ndarray]
"""C_L and C_R, each 3 x 3 and complex."""


def flavio_call(names: Sequence[str], coefficients: Sequence[Mapping[str, complex]]) -> Callable[[int], list[float]]:
    """All observables at the coefficients number i, in the WCxf flavio basis, 4.8 GeV.

    Raises:
        ImportError: flavio is not installed.
    """
    import flavio
    from wilson import Wilson

    def call(i: int) -> list[float]:
        point = Wilson(dict(coefficients[i % len(coefficients)]), 4.8, "WET", "flavio")
        return [flavio.np_prediction(name, point) for name in names]

    return call


def eos_call(points: Sequence[Point]) -> Callable[[int], list[float]]:
    """BR(B+ -> K+ nu nubar) and BR(B0 -> K*0 nu nubar); EOS has one coefficient for all flavours, here that of the tau.

    Raises:
        ImportError: EOS is not installed.
    """
    import eos

    parameters = eos.Parameters.Defaults()
    standard_model = parameters["sbnunu::Re{cVL}"].evaluate()
    handles = [parameters[f"sbnunu::{part}{{{name}}}"] for name in ("cVL", "cVR") for part in ("Re", "Im")]
    options = {"form-factors": "BSZ2015", "model": "WET"}
    observables = [
        eos.Observable.make(name, parameters, eos.Kinematics(q2_min=0.0, q2_max=end), eos.Options(**options, **more))
        for name, end, more in (("B->Knunu::BR", 22.9, {}), ("B->K^*nunu::BR", 19.2, {"q": "d"}))
    ]

    def call(i: int) -> list[float]:
        left, right = (matrix[2, 2] for matrix in points[i % len(points)])
        for handle, value in zip(
            handles, (standard_model - left.real, -left.imag, -right.real, -right.imag), strict=True
        ):
            handle.set(float(value))
        return [observable.evaluate() for observable in observables]

    return call
