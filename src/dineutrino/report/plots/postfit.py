"""The bins of a detector after the fit."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dineutrino.report.fit_result import FitResult
from dineutrino.report.plots.canvas import GREY, figure, styled
from dineutrino.report.postfit import PostfitChannel

COLOURS = (
    "#4C9FD0", "#E69F00", "#8FBF9F", "#CC79A7", "#B8B8B8", "#F0E442",
    "#7F6FB0", "#D9A689", "#5B7F95", "#C44E52", "#A8D8E8", "#6B4C3B",
)  # fmt: skip


@styled
def postfit(fit: FitResult, measurement: str) -> Figure:
    """One column per channel: samples on top of each other with the uncertainty of their sum, data, and their ratio."""
    channels = [channel for channel in fit.postfit if channel.measurement == measurement]
    samples = sorted(
        {name for channel in channels for name in channel.samples},
        key=lambda name: (name.startswith(("signal", "sgn")), name),
    )
    colours = {name: COLOURS[i % len(COLOURS)] for i, name in enumerate(samples)}
    widths = [max(len(channel.expected), 3) for channel in channels]
    drawn = figure(3.0 + 0.33 * sum(widths), 5.2)
    grid = drawn.subplots(2, len(channels), squeeze=False, width_ratios=widths, height_ratios=(3, 1), sharex="col")
    for column, channel in enumerate(channels):
        _stack(grid[0, column], channel, colours)
        _ratio(grid[1, column], channel)
        grid[0, column].set_title(channel.channel, fontsize=11)
        grid[1, column].set_xlabel("bin")
    grid[0, 0].set_ylabel("events")
    grid[1, 0].set_ylabel("data / fit")
    handles: dict[str, Artist] = {}
    for axes in grid[0]:
        for handle, name in zip(*axes.get_legend_handles_labels(), strict=True):
            handles.setdefault(name, handle)
    drawn.legend(list(handles.values()), list(handles), loc="outside right upper", fontsize=9)
    return drawn


def _stack(axes: Axes, channel: PostfitChannel, colours: dict[str, str]) -> None:
    bins = np.arange(1, len(channel.expected) + 1)
    bottom = np.zeros(len(bins))
    for name in colours:
        if name in channel.samples:
            axes.bar(bins, channel.samples[name], 1.0, bottom, color=colours[name], label=name.replace("_", " "), lw=0)
            bottom = bottom + channel.samples[name]
    _band(axes, bins, channel.expected, channel.uncertainty)
    axes.errorbar(bins, channel.observed, np.sqrt(channel.observed), fmt="o", color="black", ms=3.5, label="data")
    axes.set_ylim(0, 1.25 * float(np.max(np.maximum(channel.observed, channel.expected))))
    axes.set_xlim(0.5, len(bins) + 0.5)


def _ratio(axes: Axes, channel: PostfitChannel) -> None:
    bins = np.arange(1, len(channel.expected) + 1)
    safe = np.where(channel.expected > 0, channel.expected, 1.0)
    _band(axes, bins, np.ones(len(bins)), channel.uncertainty / safe)
    errors = np.sqrt(channel.observed) / safe
    axes.errorbar(bins, channel.observed / safe, errors, fmt="o", color="black", ms=3.5)
    axes.axhline(1, color=GREY, lw=0.8)
    reach = 1.15 * float(np.max(np.abs(channel.observed / safe - 1) + errors))
    axes.set_ylim(1 - reach, 1 + reach)


def _band(axes: Axes, bins: np.ndarray, centre: np.ndarray, half: np.ndarray) -> None:
    axes.bar(
        bins, 2 * half, 1.0, centre - half, color="none", hatch="////", edgecolor="0.25", lw=0, label="uncertainty"
    )
