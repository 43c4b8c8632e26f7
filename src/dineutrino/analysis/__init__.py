"""Between the floors and the command line: analysis files, and what is computed from them."""

from dineutrino.analysis.analysis import Analysis
from dineutrino.analysis.load import default_text, load_analysis, parse_analysis
from dineutrino.analysis.predict import Predictions, predict

__all__ = ["Analysis", "Predictions", "default_text", "load_analysis", "parse_analysis", "predict"]
