"""The joint number densities: selected signal events in bins of the fit and of the generated q2."""

from pathlib import Path

import numpy as np
from jaxtyping import Float

from dineutrino.errors import DineutrinoError, unknown
from dineutrino.measurements.histfactory.workspace import Workspace, read_workspace
from dineutrino.measurements.published.belle2_2025.manifest import NAME, Manifest, PublishedFile, published
from dineutrino.measurements.published.belle2_2025.table import parse_table


def read_number_densities(
    directory: str | Path, manifest: Manifest | None = None
) -> dict[str, Float[np.ndarray, "_ columns"]]:
    """Number densities of the signal: channel (A, B, sgn1_had) -> array (bins of the channel, 101).

    Columns: the underflow of the generated q2 (empty but for 0.2% of sgn1_had), then the bins of `q2_gen_edges`. The
    sums of the rows are the yields of the signal in the workspace beside them. Source: HEPData 10.17182/hepdata.166082
    (arXiv:2507.12393).

    Args:
        directory: holds the published files.
        manifest: which files; by default those of Belle II.

    Raises:
        DineutrinoError: a file is missing or not a table of the right shape; an entry is not a finite number or is
            negative; the sum of a row differs from the yield.
    """
    manifest = manifest or published()
    directory = Path(directory)
    workspace = read_workspace(existing(directory / manifest.workspace.name))
    return {file.key: read_number_density(directory, file, workspace, manifest) for file in manifest.densities}


def read_number_density(
    directory: Path, file: PublishedFile, workspace: Workspace, manifest: Manifest
) -> Float[np.ndarray, "_ columns"]:
    """One number density, checked against the workspace; see `read_number_densities`."""
    path = existing(directory / file.name)
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DineutrinoError(f"the file '{path}' cannot be read: {error}.") from None
    density = parse_table(content, str(path), manifest.q2_bins + 1)
    _check_row_sums(density, _yields(workspace, file, manifest), str(path), file, manifest)
    return density


def q2_gen_edges(manifest: Manifest | None = None) -> Float[np.ndarray, " edges"]:
    """Edges of the bins of the generated q2 in GeV^2; column k of a density is from edge k-1 to edge k."""
    manifest = manifest or published()
    return np.linspace(0.0, manifest.q2_upper, manifest.q2_bins + 1)


def existing(path: Path) -> Path:
    """The path of a file.

    Raises:
        DineutrinoError: there is none; says how to get it.
    """
    if not path.is_file():
        raise DineutrinoError(f"there is no file '{path}'; 'dineutrino data fetch {NAME} --out {path.parent}' gets it.")
    return path


def _yields(workspace: Workspace, file: PublishedFile, manifest: Manifest) -> tuple[float, ...]:
    place = manifest.workspace.name
    channels = {channel.name: channel for channel in workspace.channels}
    if file.channel not in channels:
        raise DineutrinoError(f"{place}: {unknown('channel', file.channel, channels)}")
    samples = {sample.name: sample.yields for sample in channels[file.channel].samples}
    if file.sample not in samples:
        raise DineutrinoError(f"{place}: channel '{file.channel}': {unknown('sample', file.sample, samples)}")
    return samples[file.sample]


def _check_row_sums(
    density: Float[np.ndarray, "bins columns"],
    yields: tuple[float, ...],
    place: str,
    file: PublishedFile,
    manifest: Manifest,
) -> None:
    if len(density) != len(yields):
        raise DineutrinoError(f"{place} has {len(density)} rows for the {len(yields)} bins of channel {file.key}.")
    for i, (found, expected) in enumerate(zip(density.sum(axis=1), yields, strict=True), start=1):
        if abs(found - expected) > manifest.row_sum_tolerance * abs(expected):
            raise DineutrinoError(
                f"{place}: row {i} adds up to {found:.6g}, not to the {expected:.6g} of sample '{file.sample}' in "
                f"{manifest.workspace.name} (allowed: a relative difference of {manifest.row_sum_tolerance:g})."
            )
