"""HistFactory likelihoods: workspaces in pyhf's JSON as pure, differentiable functions."""

from dineutrino.measurements.histfactory.model import HistFactory
from dineutrino.measurements.histfactory.workspace import Workspace, parse_workspace, read_workspace

__all__ = ["HistFactory", "Workspace", "parse_workspace", "read_workspace"]
