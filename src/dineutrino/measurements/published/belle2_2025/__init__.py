"""The published likelihood of B+ -> K+ nu nubar of Belle II (arXiv:2507.12393): its files, and what is made of them."""

from dineutrino.measurements.published.belle2_2025.checking import FileReport, check
from dineutrino.measurements.published.belle2_2025.densities import q2_gen_edges, read_number_densities
from dineutrino.measurements.published.belle2_2025.directory import data_directory
from dineutrino.measurements.published.belle2_2025.fetching import Fetched, fetch
from dineutrino.measurements.published.belle2_2025.likelihood import (
    BelleII2025Likelihood,
    Reinterpretation,
    row,
)

__all__ = [
    "BelleII2025Likelihood",
    "Fetched",
    "FileReport",
    "Reinterpretation",
    "check",
    "data_directory",
    "fetch",
    "q2_gen_edges",
    "read_number_densities",
    "row",
]
