"""Floor 6: what is measured, as pure functions of Wilson coefficients and inputs."""

from dineutrino.observables.observable import Observable
from dineutrino.observables.predictor import Predictor
from dineutrino.observables.registry import ObservableRef, check, get, label, names

__all__ = ["Observable", "ObservableRef", "Predictor", "check", "get", "label", "names"]
