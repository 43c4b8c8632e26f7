"""Between the floors and the command line: analysis files, and what is computed from them."""

from dineutrino.analysis.analysis import Analysis
from dineutrino.analysis.load import load_analysis, packaged_text, parse_analysis
from dineutrino.analysis.predict import Predictions, predict

__all__ = ["Analysis", "Predictions", "load_analysis", "packaged_text", "parse_analysis", "predict"]
