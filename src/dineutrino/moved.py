"""Modules that moved: to import one where it was is refused with a sentence that says where it is."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

_BELLE2 = "measurements.published.belle2_2025"
MOVED = {
    "analysis.located_yaml": "io.located_yaml",
    "eft.evolution": "matching.evolution",
    "eft.flavio_basis": "eft.flavio.vectors",
    "eft.flavio_scalars": "eft.flavio.scalars",
    "eft.jms_names": "eft.names.jms",
    "eft.left_names": "eft.names.left",
    "eft.matching": "matching.nusmeft_to_left",
    "eft.named_entries": "eft.names.entries",
    "eft.parts": "eft.names.parts",
    "eft.smeft_chain": "matching.smeft_chain",
    "eft.smeft_matching": "matching.smeft_to_left",
    "eft.warsaw_evolution": "matching.warsaw_evolution",
    "eft.warsaw_names": "eft.names.warsaw",
    "eft.wcxf_format": "eft.wcxf.format",
    "eft.wcxf_left": "eft.wcxf.left",
    "eft.wcxf_smeft": "eft.wcxf.smeft",
    "eft.wet_flavio": "eft.flavio.wet",
    "measurements.asymmetric_gaussian": "measurements.terms.asymmetric_gaussian",
    "measurements.belle2_2025": _BELLE2,
    "measurements.correlated_gaussian": "measurements.terms.correlated_gaussian",
    "measurements.gaussian": "measurements.terms.gaussian",
    "measurements.term": "measurements.terms.term",
    "measurements.upper_limit": "measurements.terms.upper_limit",
    "observables.b_to_nothing": "hadronic.to_nothing",
    "observables.b_to_pseudoscalar": "hadronic.to_pseudoscalar",
    "observables.b_to_vector": "hadronic.to_vector",
    "observables.lambda_b_to_lambda": "hadronic.to_baryon",
    "observables.masses": "hadronic.masses",
    "observables.width": "hadronic.width",
    "report.strict_json": "io.strict_json",
}
"""Old place -> new place, both within the package."""


class Signpost(MetaPathFinder):
    """Asked last, when no module of that name is there."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find nothing.

        Raises:
            ModuleNotFoundError: with the new place of a module that moved.
        """
        package, _, name = fullname.partition(".")
        if package == __package__ and name in MOVED:
            now = f"{package}.{MOVED[name]}"
            raise ModuleNotFoundError(f"{fullname} is no more; use {now}.", name=fullname)
        return None


def install() -> None:
    """Put up the signpost, once."""
    if not any(isinstance(finder, Signpost) for finder in sys.meta_path):
        sys.meta_path.append(Signpost())
