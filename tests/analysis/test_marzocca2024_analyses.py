"""Analyses of arXiv:2404.06533 that come with the package: they say what the paper says."""

import pytest

from dineutrino.analysis import load_analysis, packaged_text
from dineutrino.measurements import load_measurements
from dineutrino.models.mediators.model import Mediators

LEPTOQUARKS = {"S1": ("y1L", 3.2), "R2t": ("y2Lt", 3.3), "V2": ("x2L", 0.8)}


@pytest.mark.parametrize("name", list(LEPTOQUARKS))
def test_analyses(name):
    """Couplings up to those that unitarity allows, eq. (23), and all classes."""
    analysis = load_analysis(f"marzocca2024_{name}")
    assert analysis.cautions() == []
    assert isinstance(analysis.model, Mediators)
    assert (analysis.model.scale, analysis.model.neutrinos_run) == (1.0, False)
    assert analysis.model.mass == 2.0
    largest = {parameter.name: parameter.upper for parameter in analysis.parameters}
    coupling, bound = LEPTOQUARKS[name]
    assert largest[coupling] == pytest.approx(bound, rel=0.01)
    everything = {m.name for m in load_measurements("marzocca2024_global")}
    assert {m.name for m in analysis.measurements} == everything
    assert analysis.prior.blocks == ()
    assert packaged_text(f"marzocca2024_{name}").startswith("# ")
