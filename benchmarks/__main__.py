"""Runs the benchmarks, prints a table of each and writes it to benchmarks/results/NAME.json.

    python -m benchmarks                    # all of them
    python -m benchmarks startup likelihood # some
    python -m benchmarks --quick            # fewer repetitions, to see whether they run

Peers come with `pip install '.[bench]'`; one that is missing is skipped and said so.
"""

import argparse
import logging
import sys

from benchmarks import branching_ratios, histfactory, likelihood, running, sampling, scan, startup
from benchmarks.machine import machine
from benchmarks.report import Report

BENCHMARKS = {
    "branching_ratios": branching_ratios.run,
    "histfactory": histfactory.run,
    "likelihood": likelihood.run,
    "running": running.run,
    "sampling": sampling.run,
    "scan": scan.run,
    "startup": startup.run,
}


def main() -> int:
    """Status 1 if a benchmark missed a target."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    options = parser.parse_args()
    for name in options.names:
        if name not in BENCHMARKS:
            parser.error(f"there is no benchmark '{name}'; allowed: {', '.join(BENCHMARKS)}.")
    logging.getLogger("jax").setLevel(logging.WARNING)  # EOS turns on the messages of everybody
    where = machine()
    reports: list[Report] = []
    for name in options.names or BENCHMARKS:
        report = BENCHMARKS[name](options.quick)
        report.show(where)
        report.write(name, where)
        reports.append(report)
    return int(any(not target.reached for report in reports for target in report.targets))


if __name__ == "__main__":
    sys.exit(main())
