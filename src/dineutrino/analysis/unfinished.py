"""A fit that has not finished, in a folder: what it began with, and every stage that it has finished."""

import re
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import dineutrino
from dineutrino.analysis.analysis import Analysis
from dineutrino.analysis.load import parse_analysis
from dineutrino.errors import DineutrinoError
from dineutrino.inference import Maxima, Profile, Profile2D, Toys
from dineutrino.inference.checkpoint import mark_of
from dineutrino.io.stored import read_back, store
from dineutrino.likelihood import Likelihood

BEGUN = "begun.npz"
NUMERICS = ("jax", "jaxlib", "numpyro", "blackjax", "numpy", "scipy")
"""Packages whose other versions may give other digits."""


@dataclass(frozen=True)
class Found:
    """What a stage of a fit found.

    Attributes:
        result: None if there is none.
        sentence: the same in a few words.
        untrusted: one sentence for each part of it that must not be trusted.
    """

    result: Maxima | Profile | Profile2D | Toys | None
    sentence: str
    untrusted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Begun:
    """What a fit began with. It goes on only with the same, since the stages would not belong together otherwise.

    Attributes:
        analysis: the text of the analysis file.
        file, folder: its name, and where the relative paths in it start.
        data: folder of published files that was given beside it, empty for none.
        seed: of all random numbers.
        versions: of this package and of those that its digits depend on.
        likelihood: fingerprint of inputs, measurements and parameters.
    """

    analysis: str
    file: str
    folder: str
    data: str
    seed: int
    versions: dict[str, str]
    likelihood: str

    @classmethod
    def of(cls, analysis: Analysis, likelihood: Likelihood, seed: int) -> "Begun":
        """What a fit of an analysis begins with."""
        return cls(
            analysis.text,
            analysis.file,
            str(analysis.folder.absolute()),
            "" if analysis.data is None else str(analysis.data.absolute()),
            seed,
            _versions(),
            mark_of(
                likelihood.prior,
                likelihood.measurements,
                [asdict(parameter) for parameter in likelihood.parameters],
                likelihood.names,
                [str(reference) for reference in likelihood.references],
            ),
        )

    def write(self, folder: Path) -> None:
        """Into a folder, for `read`."""
        store(self, folder / BEGUN)

    @classmethod
    def read(cls, folder: Path) -> "Begun":
        """From a folder.

        Raises:
            DineutrinoError: it holds nothing of the kind.
        """
        if not (folder / BEGUN).is_file():
            raise DineutrinoError(f"the folder '{folder}' holds no fit that could go on.")
        begun = read_back(folder / BEGUN)
        if not isinstance(begun, cls):
            raise DineutrinoError(f"the file '{folder / BEGUN}' does not say how a fit began.")
        return begun

    def load(self, data: Path | None = None) -> Analysis:
        """The analysis, checked again.

        Args:
            data: where the published files are now, if they have moved.
        """
        data = data or (Path(self.data) if self.data else None)
        return parse_analysis(self.analysis, self.file, Path(self.folder), data)

    def refuse_versions(self) -> None:
        """Refuse to go on with other versions.

        Raises:
            DineutrinoError: naming the first that differs.
        """
        for name, now in _versions().items():
            if self.versions.get(name) != now:
                raise DineutrinoError(
                    f"the fit began with {name} {self.versions.get(name)} and cannot go on with {now}; "
                    "install that version, or begin anew with --force."
                )

    def refuse_likelihood(self, now: "Begun") -> None:
        """Refuse to go on with a likelihood that has changed.

        Raises:
            DineutrinoError: it has.
        """
        if now.likelihood != self.likelihood:
            raise DineutrinoError(
                "the inputs or measurements of the fit have changed since it began (a file that the analysis names, or "
                "published data), so it cannot go on; begin anew with --force."
            )


class StageFiles:
    """The finished stages of a fit, one file each."""

    def __init__(self, folder: Path):
        self.folder = folder

    def save(self, title: str, found: Found) -> None:
        """Keep what a stage found."""
        store(found, self._path(title))

    def read(self, title: str) -> Found | None:
        """What a stage found; None if it has not finished.

        Raises:
            DineutrinoError: its file is damaged.
        """
        path = self._path(title)
        if not path.is_file():
            return None
        found = read_back(path)
        if not isinstance(found, Found):
            raise DineutrinoError(f"the file '{path}' does not hold a stage of a fit.")
        return found

    def _path(self, title: str) -> Path:
        return self.folder / f"{re.sub(r'[^a-zA-Z0-9]+', '_', title)}-{mark_of(title)[:8]}.npz"


def _versions() -> dict[str, str]:
    return {"dineutrino": dineutrino.__version__} | {name: version(name) for name in NUMERICS}
