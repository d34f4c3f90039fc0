"""All minimal sets of claims that can't hold together."""

from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass

Claims = frozenset[int]
# Names some claims, of those given, that can't all hold; nothing when all can.
Refute = Callable[[Collection[int]], Collection[int]]


@dataclass(frozen=True)
class MinimalSets:
    """Minimal conflicting sets, and whether these are certainly all there are."""

    sets: tuple[Claims, ...]
    is_complete: bool


def list_minimal(claims: Collection[int], refute: Refute, limit: int = 2000) -> MinimalSets:
    """List the minimal sets of claims that can't all hold.

    Every minimal set but the ones found survives the removal of some claim of each of those, so the
    search removes, from each conflict found, each of its claims in turn, until what remains is
    consistent (Reiter 1987, "A theory of diagnosis from first principles"). ``limit`` bounds the
    number of such removals; beyond it the list may lack some.

    >>> list_minimal({1, 2, 3}, lambda left: {1, 2} if {1, 2} <= set(left) else ())
    MinimalSets(sets=(frozenset({1, 2}),), is_complete=True)
    """
    found: list[Claims] = []
    queue: deque[Claims] = deque([frozenset()])
    seen = {frozenset()}
    asked = 0
    while queue:
        removed = queue.popleft()
        conflict = next((known for known in found if not known & removed), None)
        if conflict is None:
            if asked >= limit:
                return MinimalSets(_sort(found), False)
            asked += 1
            refuted = refute([claim for claim in claims if claim not in removed])
            if not refuted:
                continue
            conflict = shrink(frozenset(refuted), refute)
            found.append(conflict)
        for claim in sorted(conflict):
            more = removed | {claim}
            if more not in seen:
                seen.add(more)
                queue.append(more)
        if len(seen) > 50 * limit:
            return MinimalSets(_sort(found), False)
    return MinimalSets(_sort(found), True)


def shrink(conflict: Claims, refute: Refute) -> Claims:
    """Drop claims one by one as long as the rest still can't hold."""
    kept = set(conflict)
    for claim in sorted(conflict):
        if claim in kept and (smaller := refute(kept - {claim})):
            kept = set(smaller)
    return frozenset(kept)


def _sort(found: list[Claims]) -> tuple[Claims, ...]:
    return tuple(sorted(found, key=lambda conflict: (len(conflict), sorted(conflict))))
