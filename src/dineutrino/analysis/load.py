"""From an analysis file to an `Analysis`, with all errors at once."""

from importlib.resources import files
from pathlib import Path
from reprlib import repr as shortened

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dineutrino.analysis.analysis import Analysis
from dineutrino.analysis.problems import Problems
from dineutrino.analysis.schema import AnalysisRecord, Context, ParameterRecord, PosteriorRecord, ProfileRecord
from dineutrino.errors import DineutrinoError, unknown
from dineutrino.io import read_text
from dineutrino.io.located_yaml import LocatedYaml, Place, read_located

_MODELS: dict[Place, type[BaseModel]] = {
    (): AnalysisRecord,
    ("profile",): ProfileRecord,
    ("posterior",): PosteriorRecord,
}
_EXPECTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "finite_number": "a finite number",
}


def load_analysis(path: str | Path | None = None, data: Path | None = None) -> Analysis:
    """Read and check an analysis file; without a path, the analysis that comes with the package.

    Args:
        path: of the file, or the name of an analysis that comes with the package.
        data: folder of published files, instead of the one in the file.

    Raises:
        DineutrinoError: everything that is wrong, one sentence per line, each with file, line and key, and the nearest
            name for one that does not exist.
    """
    if path is None:
        return parse_analysis(packaged_text(), "default analysis", Path(), data)
    path = Path(path)
    if str(path) in packaged_names() and not path.exists():
        return parse_analysis(packaged_text(str(path)), f"analysis {path}", Path(), data)
    if not path.exists():
        known = ", ".join(packaged_names())
        raise DineutrinoError(f"there is no file '{path}', and no analysis of this name ({known}).")
    return parse_analysis(read_text(path), str(path), path.parent, data)


def packaged_text(name: str = "default") -> str:
    """An analysis file that comes with the package, a good start for one's own.

    Raises:
        DineutrinoError: unknown name.
    """
    if name not in packaged_names():
        raise unknown("analysis", name, packaged_names())
    return files("dineutrino.analysis").joinpath("data", f"{name}.yaml").read_text(encoding="utf-8")


def packaged_names() -> tuple[str, ...]:
    """Names of the analyses that come with the package."""
    found = files("dineutrino.analysis").joinpath("data").iterdir()
    return tuple(sorted(file.name.removesuffix(".yaml") for file in found if file.name.endswith(".yaml")))


def parse_analysis(text: str, file: str, directory: Path, data: Path | None = None) -> Analysis:
    """Check the text of an analysis file.

    Args:
        text: YAML.
        file: its name, for errors.
        directory: where relative paths in the file start.
        data: folder of published files, instead of the one in the file.

    Raises:
        DineutrinoError: as `load_analysis`.
    """
    source = read_located(text, file)
    found = [(place, "this key appears twice.") for place in source.repeated]
    if not isinstance(source.content, dict):
        raise DineutrinoError(
            f"{file}: the file must hold a mapping with the keys of an analysis, such as 'parameters'."
        )
    record, context = None, Context(directory=directory, data=data)
    try:
        record = AnalysisRecord.model_validate(source.content, context=context)
    except ValidationError as error:
        found += [problem for details in error.errors() for problem in _problems(details)]
    if found or record is None:
        raise DineutrinoError(_report(found, source))
    fields = {name: getattr(record, name) for name in AnalysisRecord.model_fields}
    fields["measurements"] = fields["measurements"] + fields.pop("measurement_files")
    del fields["upper_limits"], fields["asymmetric_errors"], fields["data"], fields["tails"]
    fields["name"] = record.name or (Path(file).stem if file.endswith((".yaml", ".yml")) else file)
    prior, nuisances = context["prior"], fields["nuisances"]
    if nuisances != "all":
        prior = prior.restrict(() if nuisances == "none" else nuisances)
    return Analysis(**fields, prior=prior, text=text, file=file, folder=directory, data=data)


def _report(found: list[tuple[Place, str]], source: LocatedYaml) -> str:
    found = sorted(found, key=lambda problem: source.line(problem[0]))
    return "\n".join(f"{source.where(place)}: {' '.join(sentence.split())}" for place, sentence in found)


def _problems(details: ErrorDetails) -> list[tuple[Place, str]]:
    """Place and sentence of an error of pydantic; several if a validator found several."""
    place = tuple(step for step in details["loc"] if step != "[key]")
    kind, given, context = details["type"], details["input"], details.get("ctx", {})
    if kind == "value_error":
        error = context["error"]
        inside = error.found if isinstance(error, Problems) else [((), str(error))]
        return [((*place, *further), sentence) for further, sentence in inside]
    if kind == "missing":
        return [(place, "this key is missing.")]
    if kind == "extra_forbidden":
        model = ParameterRecord if place[0] == "parameters" else _MODELS.get(place[:-1], AnalysisRecord)
        return [(place, str(unknown("key", place[-1], model.model_fields)))]
    if kind == "invalid_key":
        return [((*place[:-1], str(place[-1])), "a key must be text.")]
    if kind in _EXPECTED:
        return [(place, f"must be {_EXPECTED[kind]}, not {shortened(given)}.")]
    if kind == "too_long":
        return [(place, f"must have at most {context['max_length']} entries, not {context['actual_length']}.")]
    return [(place, f"{details['msg'][0].lower()}{details['msg'][1:]}, not {shortened(given)}.")]
