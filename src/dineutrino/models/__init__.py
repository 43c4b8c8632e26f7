"""New physics: from named real parameters, and the inputs of a point, to a theory."""

from dineutrino.models.dark_pairs import DarkFermion, DarkScalar, DarkVector
from dineutrino.models.light_bosons import ALP, LightScalar, LightVector
from dineutrino.models.load import MODELS, load_model, model_names, read_model
from dineutrino.models.model import MasslessNeutrinos, Model
from dineutrino.models.named_coefficients import coefficient_parameters, named_coefficients
from dineutrino.models.rank_one_neutrinos import RankOneNeutrinos
from dineutrino.models.smeft import SMEFT
from dineutrino.models.sterile_neutrino import SterileNeutrino
from dineutrino.models.vector_like_quark import VectorLikeQuarkDarkMatter
from dineutrino.models.weak_effective_theory import WET

__all__ = [
    "ALP",
    "MODELS",
    "SMEFT",
    "WET",
    "DarkFermion",
    "DarkScalar",
    "DarkVector",
    "LightScalar",
    "LightVector",
    "MasslessNeutrinos",
    "Model",
    "RankOneNeutrinos",
    "SterileNeutrino",
    "VectorLikeQuarkDarkMatter",
    "coefficient_parameters",
    "load_model",
    "model_names",
    "named_coefficients",
    "read_model",
]
