"""What was published: the files, where they are, and how to recognise them."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeGuard, get_args

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.inputs.entry import number, text
from dineutrino.io import Tree, mapping, parse_yaml

NAME = "belle2_2025"
Form = Literal["json", "csv"]


@dataclass(frozen=True)
class PublishedFile:
    """One file of the publication.

    Attributes:
        name: of the file.
        form: "json" (the workspace) or "csv" (a number density).
        size: in bytes, at the address it is fetched from. Other copies may be written with other whitespace.
        sha256: of the canonical form, see `canonical`.
        description: what it holds.
        key: short name of the channel of a number density, empty for the workspace.
        channel: its name in the workspace.
        sample: the sample of that channel whose yields are the sums of the rows.
    """

    name: str
    form: Form
    size: int
    sha256: str
    description: str
    key: str = ""
    channel: str = ""
    sample: str = ""


@dataclass(frozen=True)
class Manifest:
    """All files, and what they have in common.

    Attributes:
        source: of the publication.
        base_url: the address of a file is this and its name.
        q2_upper: upper edge of the last bin of the generated q2, GeV^2; the first one starts at zero.
        q2_bins: number of these bins, all equally wide; one underflow bin comes before them.
        row_sum_tolerance: largest relative difference between the sum of a row and the yield of the workspace.
        files: the workspace first.
    """

    source: str
    base_url: str
    q2_upper: float
    q2_bins: int
    row_sum_tolerance: float
    files: tuple[PublishedFile, ...]

    @property
    def workspace(self) -> PublishedFile:
        """The file of the HistFactory workspace."""
        return next(file for file in self.files if file.form == "json")

    @property
    def densities(self) -> tuple[PublishedFile, ...]:
        """The files of the number densities."""
        return tuple(file for file in self.files if file.form == "csv")


@cache
def published() -> Manifest:
    """The files that Belle II published with arXiv:2507.12393."""
    resource = files("dineutrino.measurements").joinpath("data", f"{NAME}.yaml")
    return read_manifest(parse_yaml(resource.read_text(encoding="utf-8"), resource.name), resource.name)


def read_manifest(content: Tree, place: str) -> Manifest:
    """Check the content of a data file.

    Raises:
        DineutrinoError: something is missing or cannot be used, by name.
    """
    record = mapping(content, place)
    q2 = mapping(record.get("q2_gen"), f"{place}: q2_gen")
    entries = mapping(record.get("files"), f"{place}: files")
    listed = tuple(_file(str(name), entry, f"{place}: '{name}'") for name, entry in entries.items())
    if [file.form for file in listed].count("json") != 1:
        raise DineutrinoError(f"{place}: there must be one file of the form json.")
    return Manifest(
        source=text(record.get("source"), f"{place}: source"),
        base_url=text(record.get("base_url"), f"{place}: base_url"),
        q2_upper=number(q2.get("upper"), f"{place}: q2_gen: upper"),
        q2_bins=int(number(q2.get("bins"), f"{place}: q2_gen: bins")),
        row_sum_tolerance=number(record.get("row_sum_tolerance"), f"{place}: row_sum_tolerance"),
        files=listed,
    )


def _file(name: str, content: Tree, place: str) -> PublishedFile:
    record = mapping(content, place)
    form = record.get("form")
    if not _is_form(form):
        raise DineutrinoError(f"{place}: {unknown('form', form, get_args(Form))}")
    of_channel = {
        field: text(record.get(field), f"{place}: {field}") for field in ("key", "channel", "sample") if form == "csv"
    }
    return PublishedFile(
        name=name,
        form=form,
        size=int(number(record.get("size"), f"{place}: size")),
        sha256=text(record.get("sha256"), f"{place}: sha256"),
        description=text(record.get("description"), f"{place}: description"),
        **of_channel,
    )


def _is_form(form: object) -> TypeGuard[Form]:
    return form in get_args(Form)
