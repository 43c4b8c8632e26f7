"""Labels for plots and tables: parameters, observables, units and flavours, as mathtext and as LaTeX."""

import re

from dineutrino import observables
from dineutrino.likelihood import Parameter
from dineutrino.observables import ObservableRef

_FLAVOURS = {"e": "e", "mu": r"\mu", "tau": r"\tau"}
_PARTS = {"Re": r"\mathrm{Re}\,", "Im": r"\mathrm{Im}\,"}
_COEFFICIENT = re.compile(r"C([LR])_(bs|bd|sd)nu(e|mu|tau)nu(e|mu|tau)")
_CHARGED = re.compile(r"C(9|10|S|P)(p?)_(bs|bd|sd)(e|mu|tau)(e|mu|tau)")
_UNITS = {"1": "", "GeV^-2": r"\mathrm{GeV}^{-2}"}
_LATEX_SPECIAL = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
} | {character: rf"\{character}" for character in "&%$#_{}"}


def coefficient(name: str) -> str:
    r"""TeX of a Wilson coefficient, without dollars: "CL_bsnutaunumu" -> C_L^{\tau\mu}; any other name upright."""
    charged = _CHARGED.fullmatch(name)
    if charged is not None:
        letter, primed, its, second, first = charged.groups()
        flavours = " ".join(filter(None, [f"{its}," if its != "bs" else "", _FLAVOURS[first], _FLAVOURS[second]]))
        return rf"C_{{{letter}}}^{{{flavours}}}" if not primed else rf"C_{{{letter}}}^{{\prime\,{flavours}}}"
    match = _COEFFICIENT.fullmatch(name)
    if match is None:
        return upright(name)
    chirality, first, second = match[1], _FLAVOURS[match[3]], _FLAVOURS[match[4]]
    between = "" if second.startswith("\\") else " "
    quarks = "" if match[2] == "bs" else rf"{match[2]},\,"
    return rf"C_{chirality}^{{{quarks}{first}{between}{second}}}"


def parameter(given: Parameter | str) -> str:
    """TeX of a parameter, without dollars: its own `tex`, else from its name, "Re CL_bsnutaunutau"."""
    if isinstance(given, Parameter):
        if given.tex:
            return given.tex.strip("$")
        given = given.name
    part, _, name = given.partition(" ")
    return _PARTS[part] + coefficient(name) if part in _PARTS and name else coefficient(given)


def observable(reference: ObservableRef) -> str:
    """TeX of an observable with its arguments, without dollars.

    Raises:
        DineutrinoError: unknown observable.
    """
    name, *arguments = reference
    tex = observables.get(str(name)).tex
    return rf"{tex}\;({arguments_of(reference)})" if arguments else tex


def decay(reference: ObservableRef) -> str:
    """TeX of the decay of an observable, with the arguments: what is left when the quantity stands elsewhere."""
    name, *arguments = reference
    tex = observables.get(str(name)).process
    return rf"{tex},\;{arguments_of(reference)}" if arguments else tex


def quantity(reference: ObservableRef) -> str:
    """TeX of what is predicted, without the decay and the arguments."""
    found = observables.get(str(reference[0]))
    return found.tex.removesuffix(f"({found.process})")


def arguments_of(reference: ObservableRef) -> str:
    r"""TeX of the arguments with their unit: "[4,\,8]\,\mathrm{GeV}^2"."""
    _, *arguments = reference
    listed = ",\\,".join(f"{value:g}" for value in arguments)
    bracketed = f"[{listed}]" if len(arguments) > 1 else listed
    return rf"{bracketed}\,\mathrm{{GeV}}^2"


def observable_unit(reference: ObservableRef) -> str:
    """Unit of an observable as the registry writes it: "1", "GeV" or "GeV^-2"."""
    return observables.get(str(reference[0])).unit


def unit(name: str) -> str:
    """TeX of a unit, without dollars; empty for a pure number."""
    return _UNITS[name] if name in _UNITS else upright(name)


def scaled_unit(name: str, exponent: int) -> str:
    r"""TeX of 10^exponent times a unit, without dollars: "10^{-6}\,\mathrm{GeV}^{-2}"; empty for a pure number."""
    factors = [rf"10^{{{exponent}}}"] if exponent else []
    factors += [unit(name)] if unit(name) else []
    return r"\,".join(factors)


def math(tex: str) -> str:
    """TeX in dollars, for matplotlib and for LaTeX."""
    return f"${tex}$"


def axis(tex: str, unit_tex: str = "") -> str:
    """An axis label: $tex$ [$unit$]."""
    return f"{math(tex)}  [{math(unit_tex)}]" if unit_tex else math(tex)


def upright(name: str) -> str:
    """A plain name inside TeX math, upright; what has no escape that mathtext and LaTeX share is replaced."""
    safe = name.replace("\\", "/").replace("^", "").replace("~", "").replace("&", "and")
    safe = re.sub(r"([_%$#{}])", r"\\\1", safe)
    return rf"\mathrm{{{safe.replace(' ', chr(92) + ' ')}}}"


def latex(text: str) -> str:
    """Plain text with the special characters of LaTeX escaped."""
    return "".join(_LATEX_SPECIAL.get(character, character) for character in text)


def plain(text: str) -> str:
    """Plain text for matplotlib: a dollar stays a dollar."""
    return text.replace("$", r"\$")


def measurement(experiment: str, source: str) -> str:
    """A short name for a plot: experiment and arXiv number, if the source has one."""
    number = re.search(r"arXiv:([a-z-]+/\d{7}|\d{4}\.\d{4,5})", source)
    return plain(f"{experiment} {number.group(1)}" if number else experiment)
