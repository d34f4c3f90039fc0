"""Measure what a build costs that finds nothing to do, against ``python -c "import yaml"``.

Run ``python benchmarks/idle.py`` after ``make reports``. CPU seconds of whole processes in turn,
the least of each: what a machine's other work adds is not the program's. The ratio is what to
compare.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from spending import cpu_of_children

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = {
    "import yaml": ["-c", "import yaml"],
    "mss build": ["-m", "mss_analysis.cli", "build"],
}


def spend(words: list[str], compiled: str) -> float:
    """CPU seconds of one process, in the folder of the edition list."""
    # Modules are compiled once, as in any installation.
    environment = os.environ | {"PYTHONPYCACHEPREFIX": compiled}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = cpu_of_children()
    done = subprocess.run(
        [sys.executable, *words], check=True, capture_output=True, env=environment, cwd=ROOT
    )
    spent = cpu_of_children() - before
    if "mss_analysis.cli" in words and b"up to date" not in done.stdout:
        sys.exit("there was something to build; it is done now: run this once more")
    return spent


def main() -> None:
    """Print the least CPU of each, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as compiled:
        spent = [
            {name: spend(words, compiled) for name, words in COMMANDS.items()}
            for _ in range(rounds)
        ]
    least = {name: min(turn[name] for turn in spent) for name in COMMANDS}
    for name, seconds in least.items():
        print(f"{name:<14}{seconds * 1000:.1f} ms")
    print(f"ratio: {least['mss build'] / least['import yaml']:.2f} (wanted: no more than 2)")


if __name__ == "__main__":
    main()
