"""What nature and the lattice tell us: values with uncertainty, correlation, unit and source, and their joint prior."""

from dineutrino.inputs.choices import CHOICES
from dineutrino.inputs.ckm import ckm_matrix, lambda_t
from dineutrino.inputs.derived import Derived
from dineutrino.inputs.form_factor_coefficients import FormFactorCoefficients
from dineutrino.inputs.form_factor_files import form_factor_sets
from dineutrino.inputs.input_set import InputRow, input_rows, input_sets
from dineutrino.inputs.inputs import Inputs
from dineutrino.inputs.load import load_inputs, load_prior
from dineutrino.inputs.prior import Block, Prior
from dineutrino.inputs.quarks import DB, DS, SB, Quarks
from dineutrino.inputs.standard_model import c_l_sm, neutrino_currents, normalisation

__all__ = [
    "CHOICES",
    "DB",
    "DS",
    "SB",
    "Block",
    "Derived",
    "FormFactorCoefficients",
    "InputRow",
    "Inputs",
    "Prior",
    "Quarks",
    "c_l_sm",
    "ckm_matrix",
    "form_factor_sets",
    "input_rows",
    "input_sets",
    "lambda_t",
    "load_inputs",
    "load_prior",
    "neutrino_currents",
    "normalisation",
]
