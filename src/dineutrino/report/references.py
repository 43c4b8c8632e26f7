"""What to cite: the sources of everything a fit used."""

import re
from functools import lru_cache, partial

import jax
import numpy as np

from dineutrino import __version__, observables
from dineutrino.likelihood import Likelihood
from dineutrino.report.fit_result import FitResult

_ARXIV = re.compile(r"arXiv:([a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})")
SHIFT = 1e-3
"""An input counts as used if a relative change by this, from zero an absolute one, changes an integral."""


def citations(fit: FitResult) -> list[tuple[str, str]]:
    """What was used, and where it was published: pairs (what, source), one per source and kind.

    Measurements, form factors, inputs that a prediction depends on (grouped by source), formulas, and the package.
    """
    found = [(f"measurement {m.name}", m.source) for m in fit.likelihood.measurements]
    found += _form_factors(fit) + _scalars(fit)
    formulas: dict[str, list[str]] = {}
    for name, *_ in fit.likelihood.shown:
        formulas.setdefault(observables.get(str(name)).source, []).append(str(name))
    found += [(f"formulas of {', '.join(dict.fromkeys(names))}", source) for source, names in formulas.items()]
    return [*found, ("software", f"dineutrino {__version__}")]


def arxiv_numbers(source: str) -> list[str]:
    """The arXiv numbers in a source, in their order, each once: "2311.14647", "hep-ph/9901234"."""
    return list(dict.fromkeys(_ARXIV.findall(source)))


def text(fit: FitResult) -> str:
    """The citations as a Markdown list."""
    return "".join(f"- {what}: {source}\n" for what, source in citations(fit))


def bibtex(fit: FitResult) -> str:
    """One BibTeX entry per arXiv number, with the number as key, and one for the package.

    The entries hold the eprint number and what it was used for; authors and titles are left to a bibliography manager,
    which finds them by that number. Sources without an arXiv number are listed as comments.
    """
    used: dict[str, list[str]] = {}
    others = []
    for what, source in citations(fit)[:-1]:
        for number in arxiv_numbers(source):
            used.setdefault(number, []).append(what)
        if not arxiv_numbers(source):
            others.append(f"% {what}: {source}\n")
    entries = [
        f"@misc{{{number},\n"
        f"  eprint = {{{number}}},\n"
        "  archivePrefix = {arXiv},\n"
        f"  url = {{https://arxiv.org/abs/{number}}},\n"
        f"  annote = {{{_plain('; '.join(whats))}}},\n"
        "}\n"
        for number, whats in used.items()
    ]
    entries.append(f"@misc{{dineutrino,\n  title = {{dineutrino}},\n  version = {{{__version__}}},\n}}\n")
    return "\n".join(["".join(others), *entries] if others else entries)


@lru_cache(maxsize=1)
def used_scalars(likelihood: Likelihood) -> list[str]:
    """Names of the scalar inputs that an observable of the likelihood depends on."""
    inputs, dependence = likelihood.prior.central, likelihood.dependence
    central = jax.device_get(dependence(inputs))
    found = []
    for name, value in inputs.values.items():
        moved = jax.device_get(dependence(inputs.replace({name: value * (1 + SHIFT) if value else SHIFT})))
        if not all(map(partial(np.array_equal, equal_nan=True), central, moved)):
            found.append(name)
    return found


def _form_factors(fit: FitResult) -> list[tuple[str, str]]:
    """The fit of each transition that occurs, with the source that its coefficients share."""
    transitions = {key for name, *_ in fit.likelihood.shown for key in observables.get(str(name)).transitions}
    sources = {row.name: row.source for row in fit.input_sources}
    found = []
    for transition, fitted in fit.likelihood.prior.central.form_factors.items():
        if transition not in transitions:
            continue
        of_rows = [source for name, source in sources.items() if name.startswith(f"{transition} ")]
        found.append((f"form factors {transition}: {fitted.name}", of_rows[0] if of_rows else UNKNOWN))
    return found


UNKNOWN = "given by the user"


def _scalars(fit: FitResult) -> list[tuple[str, str]]:
    sources = {row.name: row.source for row in fit.input_sources}
    grouped: dict[str, list[str]] = {}
    for name in used_scalars(fit.likelihood):
        grouped.setdefault(sources.get(name, UNKNOWN), []).append(name)
    return [(f"inputs {', '.join(names)}", source) for source, names in grouped.items()]


def _plain(what: str) -> str:
    """Without the characters that mean something to BibTeX and LaTeX."""
    return re.sub(r"[{}\\%$#&]", "", what).replace("_", r"\_").replace("^", r"\^{}")
