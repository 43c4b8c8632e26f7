"""What is measured, as pure functions of Wilson coefficients and inputs."""

from dineutrino.errors import renamed as _renamed
from dineutrino.observables.observable import Observable
from dineutrino.observables.predictor import Predictor
from dineutrino.observables.registry import ObservableRef, check, get, label, names

__all__ = ["Observable", "ObservableRef", "Predictor", "check", "get", "label", "names"]


def __getattr__(name: str) -> object:
    hadronic = {
        "b_to_pseudoscalar": "to_pseudoscalar",
        "b_to_vector": "to_vector",
        "b_to_nothing": "to_nothing",
        "lambda_b_to_lambda": "to_baryon",
    }
    raise _renamed(__name__, name, {old: f"dineutrino.hadronic.{new}" for old, new in hadronic.items()})
