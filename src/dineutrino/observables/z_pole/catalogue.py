"""The observables of Z and W by the names of flavio, which are all computed together."""

from dataclasses import dataclass
from itertools import combinations, starmap

from dineutrino.inputs import Inputs
from dineutrino.observables.arguments import Whole
from dineutrino.observables.observable import Component, Family, Prepared
from dineutrino.observables.z_pole.pole import Pole
from dineutrino.observables.z_pole.shifts import FERMIONS

LEPTONS = FERMIONS.e.names
TEX = {"e": "e", "mu": r"\mu", "tau": r"\tau"} | {quark: quark for quark in (*FERMIONS.u.names, *FERMIONS.d.names)}
Z_SOURCE = "arXiv:1906.08815 (Standard Model), arXiv:1706.08945 app. A.1 (SMEFT)"
W_SOURCE = "arXiv:hep-ph/0311148 (Standard Model), arXiv:1606.06502 eq. (2) and arXiv:1706.08945 app. A.1 (SMEFT)"


@dataclass(frozen=True)
class AtPole(Prepared[Pole]):
    """A number of Z or W."""

    def family(self, *numbers: float) -> Family:
        """All are one kernel."""
        return Family(Pole, ())

    def kernel_at(self, inputs: Inputs) -> Pole:
        """The Standard Model at the pole."""
        return Pole.of(inputs)


def _one(name: str, tex: str, process: str, description: str, source: str, unit: str = "1") -> AtPole:
    return AtPole(
        name=name,
        tex=tex,
        process=process,
        unit=unit,
        description=description,
        source=source,
        takes=(Whole,),
        transitions=(),
        value=Component(Pole.values, name),
        is_fraction=False,
    )


def _of_fermion(fermion: str) -> tuple[AtPole, ...]:
    pair, tex = 2 * fermion, TEX[fermion]
    process = rf"Z\to {tex}\bar {tex}" if fermion not in LEPTONS else rf"Z\to {tex}^+{tex}^-"
    ratio = "hadrons over pairs of this lepton" if fermion in LEPTONS else "pairs of this quark over hadrons"
    return (
        _one(f"Gamma(Z->{pair})", rf"\Gamma({process})", process, f"partial width, Z->{pair}", Z_SOURCE, "GeV"),
        _one(f"R_{fermion}", rf"R_{{{tex}}}^0", process, f"ratio of widths of the Z, {ratio}", Z_SOURCE),
        _one(f"A(Z->{pair})", rf"A_{{{tex}}}", process, f"asymmetry parameter, Z->{pair}", Z_SOURCE),
        _one(
            f"AFB(Z->{pair})", rf"A_{{\mathrm{{FB}}}}^{{0,{tex}}}", process,
            f"forward-backward asymmetry at the pole, e+ e- -> Z -> {pair}", Z_SOURCE,
        ),
    )  # fmt: skip


def _lepton_violating(first: str, second: str) -> AtPole:
    process = rf"Z\to {TEX[first]}^\pm {TEX[second]}^\mp"
    description = f"branching ratio, Z->{first}{second}, both charges"
    return _one(f"BR(Z->{first}{second})", rf"\mathcal{{B}}({process})", process, description, Z_SOURCE)


def _w_to_lepton(lepton: str) -> AtPole:
    process = rf"W\to {TEX[lepton]}\nu"
    description = f"branching ratio, W->{lepton} + any neutrino"
    return _one(f"BR(W->{lepton}nu)", rf"\mathcal{{B}}({process})", process, description, W_SOURCE)


def _w_ratio(first: str, second: str) -> AtPole:
    process = r"W\to \ell\nu"
    tex = rf"R_{{{TEX[first]}/{TEX[second]}}}({process})"
    description = f"ratio of branching ratios, W->{first}nu over W->{second}nu"
    return _one(f"R{first}{second}(W->lnu)", tex, process, description, W_SOURCE)


Z_POLE: tuple[AtPole, ...] = (
    _one("GammaZ", r"\Gamma_Z", "Z", "total width of the Z", Z_SOURCE, "GeV"),
    _one("sigma_had", r"\sigma_{\mathrm{had}}^0", r"e^+e^-\to Z\to\mathrm{hadrons}",
         "cross section of hadrons at the pole of the Z", Z_SOURCE, "GeV^-2"),
    _one("Gamma(Z->nunu)", r"\Gamma(Z\to\nu\bar\nu)", r"Z\to\nu\bar\nu",
         "width of the Z to neutrinos, a third of that to all", Z_SOURCE, "GeV"),
    _one("R_l", r"R_\ell^0", r"Z\to\ell^+\ell^-", "ratio of widths of the Z, hadrons over the mean of leptons",
         Z_SOURCE),
    _one("R_uc", r"R_{uc}^0", r"Z\to u\bar u, c\bar c", "ratio of widths of the Z, the mean of u and c over hadrons",
         Z_SOURCE),
    *(observable for fermion in TEX for observable in _of_fermion(fermion)),
    *starmap(_lepton_violating, combinations(LEPTONS, 2)),
    _one("m_W", "m_W", "W", "mass of the W", W_SOURCE, "GeV"),
    _one("GammaW", r"\Gamma_W", "W", "total width of the W", W_SOURCE, "GeV"),
    *map(_w_to_lepton, LEPTONS),
    _w_ratio("mu", "e"),
    _w_ratio("tau", "e"),
    _w_ratio("tau", "mu"),
    _one("R(W->cX)", r"R(W\to cX)", r"W\to cX", "charm in hadronic decays of the W", W_SOURCE),
)  # fmt: skip
