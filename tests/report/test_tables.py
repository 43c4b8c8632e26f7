"""Powers of ten of the table of predictions."""

import pytest

from dineutrino.report import tables
from dineutrino.report.predictions import Prediction


def prediction(standard_model, uncertainty, best_fit, interval=(None, None, None)):
    lower, median, upper = interval
    return Prediction(("phi_Bs",), "phi_Bs", r"\phi", "1", standard_model, uncertainty, best_fit, median, lower, upper)


@pytest.mark.parametrize(("given", "written"), [
    (prediction(4.74e-6, 0.33e-6, 23.04e-6, (16e-6, 22e-6, 29e-6)), (-6, "4.74 ± 0.33", "23.04", "22.0 +7.0 -6.0")),
    # a phase that is rounding in the Standard Model, and one that no error of the inputs moves
    (prediction(3.47e-18, 2e-19, -0.0430, (-0.06, -0.04, -0.02)), (0, "0.0000", "-0.0430", "-0.040 +0.020 -0.020")),
    (prediction(3.47e-18, 0.0, 0.0043), (-3, "0.00", "4.30", "")),
    # flavour that only new physics breaks
    (prediction(0.0, 0.0, 3.217e-7), (-7, "0.00", "3.22", "")),
    (prediction(0.0, 0.0, 0.0, (0.0, 1e-8, 3e-8)), (-8, "0.00", "0.00", "1.0 +2.0 -1.0")),
    (prediction(0.0, 0.0, 0.0), (0, "0.00", "0.00", "")),
    (prediction(0.0, 0.0, float("nan")), (0, "0.00", "undefined", "")),
    # small, but known to be so
    (prediction(1.2e-7, 0.1e-7, 1e-3), (-7, "1.20 ± 0.10", "10000.00", "")),
    (prediction(0.0, 0.02, 0.01), (0, "0.000 ± 0.020", "0.010", "")),
])  # fmt: skip
def test_the_power_is_that_of_what_is_there(given, written):
    [row] = tables.rows([given])
    assert (row.power, row.standard_model, row.best_fit, row.posterior) == written
