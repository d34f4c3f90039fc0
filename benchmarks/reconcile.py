"""Measure reconciliation: bounds on a generated flow, and the conflicts of the evidence base.

Run ``python benchmarks/reconcile.py``. A truth is drawn first (deaths per day over five years), and
figures of it with honest bounds; so every bound must hold the truth, which is checked. The same
bounds are also asked of the linear program with one unknown for each day named, as a measure of
what the shortest paths spare. Times depend on the machine; the ratio is what to compare.
"""

import argparse
import random
from datetime import date, timedelta
from itertools import pairwise
from time import perf_counter

import mss_analysis as mss
from mss_analysis.program import Program
from mss_analysis.reconcile import Side, Timeline
from mss_analysis.sides import read_flows

FIRST = date(2022, 1, 1)
LENGTH = 5 * 365


def generate(figures: int, seed: int) -> tuple[Timeline, list[int]]:
    """Draw a truth, and figures about random spans of it: half exact, half hedged."""
    draw = random.Random(seed)
    truth = [draw.randrange(0, 30) for _ in range(LENGTH)]
    sides = []
    for at in range(figures):
        start = draw.randrange(0, LENGTH - 1)
        stop = min(LENGTH, start + draw.choice((7, 30, 90, 180, 365)))
        count = sum(truth[start:stop])
        slack = 0 if at % 2 else draw.randrange(1, 50)
        span = (FIRST + timedelta(days=start), FIRST + timedelta(days=stop))
        sides.append(Side(*span, max(0, count - slack), True, (f"o{at}",)))
        sides.append(Side(*span, count + slack, False, (f"o{at}",)))
    return Timeline("persons", tuple(sides)), truth


def draw_targets(number: int, seed: int) -> list[tuple[int, int]]:
    """Draw spans to ask about."""
    draw = random.Random(seed)
    starts = [draw.randrange(0, LENGTH - 100) for _ in range(number)]
    return [(start, start + draw.randrange(10, 100)) for start in starts]


def main() -> None:
    """Print times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--figures", type=int, default=2000)
    parser.add_argument("--bounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    timeline, truth = generate(options.figures, options.seed)
    targets = draw_targets(options.bounds, options.seed)
    days = [
        (FIRST + timedelta(days=start), FIRST + timedelta(days=stop)) for start, stop in targets
    ]
    began = perf_counter()
    found = [timeline.bounds(*span) for span in days]
    paths = perf_counter() - began
    for (start, stop), figure in zip(targets, found, strict=True):
        assert figure.low <= sum(truth[start:stop]) <= figure.high, "a bound misses the truth"
    print(f"{len(timeline.days)} days named by {options.figures} figures")
    print(f"{options.bounds} bounds by shortest paths: {paths:.2f} s")
    program: Program = timeline._program
    few = timeline.days[:: max(1, len(timeline.days) // 10)]
    began = perf_counter()
    for start, stop in pairwise(few):
        program.maximum({("", stop): 1.0, ("", start): -1.0})
        program.maximum({("", stop): -1.0, ("", start): 1.0})
    solves = perf_counter() - began
    linear = solves / (len(few) - 1) * options.bounds
    print(f"the same by linear programs, extrapolated from {len(few) - 1}: {linear:.1f} s")
    print(f"ratio: {linear / paths:.0f}")
    evidence = mss.load()
    began = perf_counter()
    searches = [timeline.conflicts() for _, timeline in read_flows(evidence)]
    number = sum(len(search.sets) for search in searches)
    complete = all(search.is_complete for search in searches)
    took = perf_counter() - began
    print(
        f"{number} minimal conflicts in {len(searches)} flows: {took:.1f} s, complete: {complete}"
    )


if __name__ == "__main__":
    main()
