"""What the processes that a benchmark started have cost so far."""

import resource


def cpu_of_children() -> float:
    """CPU seconds of all child processes that have ended, their own children included."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
