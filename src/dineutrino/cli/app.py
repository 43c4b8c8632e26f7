"""The commands and their options. Each imports what it needs when it runs, so that help appears at once."""

import signal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any  # noqa: TID251  # a Context of click, or of the copy of it in newer versions of typer

import typer
from typer.core import TyperGroup

import dineutrino
from dineutrino.cli.data import data as data_commands
from dineutrino.cli.exit_codes import UNTRUSTED, WRONG
from dineutrino.cli.interruption import SIGNALS, leave, leave_at_once
from dineutrino.cli.platform import platform_problem
from dineutrino.cli.streams import printing
from dineutrino.errors import DineutrinoError, NotConverged


class Group(TyperGroup):
    """Errors that the user can act on become sentences on stderr: exit code 2 for input, 1 for a failed computation."""

    def invoke(self, ctx: Any) -> object:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except DineutrinoError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(WRONG) from None
        except NotConverged as error:
            typer.echo(f"not converged: {error}", err=True)
            raise typer.Exit(UNTRUSTED) from None
        except (RuntimeError, AssertionError):
            problem = platform_problem()
            if problem is None:
                raise
            typer.echo(problem, err=True)
            raise typer.Exit(WRONG) from None


app = typer.Typer(
    name="dineutrino",
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Likelihoods of b -> s nu nubar and B -> K(*) + invisible.",
    epilog="Compiled programs are kept in ~/.cache/dineutrino (XDG_CACHE_HOME), so that the next call is faster; "
    "--no-cache or DINEUTRINO_CACHE=0 keeps nothing, JAX_COMPILATION_CACHE_DIR names another folder.",
)


class Kind(StrEnum):
    """What `list` can list."""

    observables = "observables"
    measurements = "measurements"
    measurement_sets = "measurement-sets"
    inputs = "inputs"
    form_factors = "form-factors"
    coefficients = "coefficients"
    models = "models"
    choices = "choices"


Data = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Published files; by default the analysis or DINEUTRINO_DATA says."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout.")]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Compile everything anew, and keep nothing of it (also DINEUTRINO_CACHE=0).")
]


def _keep_compiled(no_cache: bool) -> None:
    """Where compiled programs are kept, and whether they are."""
    from dineutrino.io.compiled import keep_compiled, keep_nothing

    if no_cache:
        keep_nothing()
    else:
        keep_compiled(dineutrino.__version__)


def _version(asked: bool) -> bool:
    if asked:
        typer.echo(f"dineutrino {dineutrino.__version__}")
        raise typer.Exit
    return asked


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


@app.command()
def fit(
    analysis: Annotated[
        Path | None,
        typer.Argument(
            metavar="[ANALYSIS.yaml]", help="Analysis file, or belle2_2025; by default tau-only C_L and C_R."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the results; by default dineutrino-fit.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="Random seed; by default the file's.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the results of an earlier fit in DIR.")] = False,
    resume: Annotated[
        Path | None,
        typer.Option("--resume", metavar="DIR", help="Go on with the fit in DIR where it was stopped, or killed."),
    ] = None,
    data: Data = None,
    no_cache: NoCache = False,
    example: Annotated[
        bool, typer.Option("--example", help="Print the analysis file that comes with the package, and exit.")
    ] = False,
) -> None:
    """Fit an analysis: best fits, profiles, contours, posterior; tables and plots in DIR.

    Results are in DIR after each stage. A fit that was stopped (Ctrl-C: exit code 130, SIGTERM: 143) or killed goes on
    with --resume DIR, and ends with the same numbers as in one go. With --force the earlier results stay until the new
    ones are complete; those are in DIR/unfinished meanwhile.

    Exit code 1: the results are there, but a part of them is not to be trusted, and it is said which.
    """
    from dineutrino.cli import fit as command

    if example:
        from dineutrino.analysis import packaged_text

        typer.echo(packaged_text(str(analysis or "default")), nl=False)
        return
    _keep_compiled(no_cache)
    if resume is None:
        raise typer.Exit(command.run(analysis, out or Path("dineutrino-fit"), seed, force, data))
    if out is not None or force:
        raise DineutrinoError("--resume DIR says where the results are; it goes with neither --out nor --force.")
    raise typer.Exit(command.resume(resume, analysis, seed, data))


@app.command(context_settings={"ignore_unknown_options": True})  # for negative numbers
def predict(
    observables: Annotated[
        list[str],
        typer.Argument(metavar="OBSERVABLE...", help="Names, each followed by its arguments, such as q2min q2max."),
    ],
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Coefficient, CL_bsnutaunutau=1.5-2j or 'Re CL_bsnutaunutau=1.5' (those of SMEFT, lq1_3323=0.01, in "
            "TeV^-2, see --scale); with --model a parameter: mass=0.5.",
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL", help="A model of 'dineutrino list models': DarkScalar, '{DarkScalar: {real: true}}'."
        ),
    ] = None,
    wilson: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Coefficients in WCxf (JSON or YAML), GeV^-2 as there; a list: many points."),
    ] = None,
    scale: Annotated[
        float | None,
        typer.Option(metavar="GEV", help="--set names SMEFT coefficients, in TeV^-2, at this scale: lq1_3323=0.01."),
    ] = None,
    inputs: Annotated[str, typer.Option(metavar="SET", help="Input set, or a YAML file.")] = "default",
    form_factors: Annotated[
        list[str] | None,
        typer.Option("--form-factors", metavar="TRANSITION=NAME", help="Form factors: 'B->K=HPQCD2022'."),
    ] = None,
    choices: Annotated[
        list[str] | None, typer.Option("--choice", metavar="NAME=VALUE", help="Choice: long_distance=included.")
    ] = None,
    tails: Annotated[
        str | None,
        typer.Option(
            metavar="TAILS",
            help="pp -> tau tau with the propagator of the leptoquark of MODEL, '{leptoquark: R2t}'; with files, "
            "'{leptoquark: R2t, data: DIR}', by default those of DINEUTRINO_DATA.",
        ),
    ] = None,
    json: Json = False,
    no_cache: NoCache = False,
) -> None:
    """Predict observables: value, theory uncertainty, Standard Model, ratio.

    dineutrino predict "BR(B+->Knunu)" "<dBR/dq2>(B+->Knunu)" 4 8 --set CL_bsnutaunutau=-3

    dineutrino predict "BR(B+->Knunu)" --model SterileNeutrino --set mass=1.5 --set "Re QN_2311=0.03"

    dineutrino predict "BR(B+->Knunu)" --scale 1000 --set lq1_3323=0.01

    q2 in GeV^2, masses in GeV, coefficients of SMEFT in TeV^-2. Options that take NAME=VALUE can be given several
    times; quote what contains '>' or '*'.
    With --json: a list of objects with name, arguments, value, uncertainty, sm, sm_uncertainty, ratio, unit, and,
    when FILE holds a list of points, point (its index).
    """
    from dineutrino.cli import predict as command

    _keep_compiled(no_cache)
    command.run(
        observables, settings or [], wilson, inputs, form_factors or [], choices or [], model, scale, tails, json
    )


@app.command()
def reproduce(
    paper: Annotated[
        str,
        typer.Argument(
            metavar="PAPER", help="belle2_2025, degiorgi2022, felkl2023, he2024, marzocca2024 or valencia2024."
        ),
    ],
    figure: Annotated[int | None, typer.Option(metavar="N", help="One figure; by default all that there are.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder; by default dineutrino-PAPER.")] = None,
    fast: Annotated[bool, typer.Option("--fast", help="A quarter of the points, in a fraction of the time.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what an earlier run left in DIR.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on in DIR where the same command was stopped.")] = False,
    data: Data = None,
    no_cache: NoCache = False,
) -> None:
    """Draw the figures of a paper from our own calculation, and write their numbers beside them as JSON.

    Without --figure the numbers of its tables and equations come too, each beside that of the paper.
    """
    from dineutrino.cli import reproduce as command

    if force and resume:
        raise DineutrinoError("--force begins anew and --resume goes on; give one of them.")
    _keep_compiled(no_cache)
    asked = command.Asked(paper, figure, fast)
    raise typer.Exit(command.run(asked, out or Path(f"dineutrino-{paper}"), force, data, resume))


@app.command(name="list")
def list_(
    kind: Annotated[Kind, typer.Argument(help="What to list.")],
    name: Annotated[
        str | None, typer.Argument(metavar="[SET]", help="One set of measurements, or the numbers of one input set.")
    ] = None,
    json: Json = False,
) -> None:
    """List what there is, with sources."""
    from dineutrino.cli import listing

    listing.run(kind.value, name, json)


app.add_typer(data_commands, name="data")


def main() -> None:
    """Entry point of the command. A signal ends it at once, unless there is something to be kept.

    Threads of XLA that are still at work while the interpreter shuts down may crash it: so it does not.
    """
    for number in SIGNALS:
        signal.signal(number, leave_at_once)
    try:
        with printing():
            app()
    except SystemExit as end:
        leave(end.code if isinstance(end.code, int) else int(end.code is not None))
