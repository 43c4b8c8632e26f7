"""Runs the benchmarks, prints a table of each and writes it to benchmarks/results/NAME.json.

    python -m benchmarks                    # all of them
    python -m benchmarks startup likelihood # some
    python -m benchmarks --quick            # fewer repetitions, to see whether they run
    python -m benchmarks calibration        # a study of many toys: posteriors; minutes, only where it is named
    python -m benchmarks coverage           # another one: intervals of profiles

Peers come with `pip install '.[bench]'`; one that is missing is skipped and said so.
"""

import argparse
import logging
import sys

from benchmarks import (
    branching_ratios,
    calibration,
    correlated,
    coverage,
    fits,
    global_fits,
    histfactory,
    likelihood,
    running,
    sampling,
    scan,
    startup,
    whole_basis,
)
from benchmarks.machine import machine
from benchmarks.report import Report
from benchmarks.study import Study

BENCHMARKS = {
    "branching_ratios": branching_ratios.run,
    "correlated": correlated.run,
    "fits": fits.run,
    "global_fits": global_fits.run,
    "histfactory": histfactory.run,
    "likelihood": likelihood.run,
    "running": running.run,
    "sampling": sampling.run,
    "scan": scan.run,
    "startup": startup.run,
    "whole_basis": whole_basis.run,
}
STUDIES = {"calibration": calibration.run, "coverage": coverage.run}


def main() -> int:
    """Status 1 if a benchmark missed a target."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join([*BENCHMARKS, *STUDIES])}")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("--seed", type=int, default=1, help="of the toys of a study")
    parser.add_argument("--number", type=int, help="of the toys of a study")
    options = parser.parse_args()
    for name in options.names:
        if name not in BENCHMARKS and name not in STUDIES:
            parser.error(f"there is no benchmark '{name}'; allowed: {', '.join([*BENCHMARKS, *STUDIES])}.")
    logging.getLogger("jax").setLevel(logging.WARNING)  # EOS turns on the messages of everybody
    where = machine()
    reports: list[Report | Study] = []
    for name in options.names or BENCHMARKS:
        report: Report | Study
        if name in STUDIES:
            report = STUDIES[name](options.quick, options.seed, options.number)
        else:
            report = BENCHMARKS[name](options.quick)
        report.show(where)
        report.write(name, where)
        reports.append(report)
    return int(any(not target.reached for report in reports for target in report.targets))


if __name__ == "__main__":
    sys.exit(main())
