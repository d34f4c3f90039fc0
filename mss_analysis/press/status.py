"""How each edition stands: fresh, stale or missing, and why."""

from __future__ import annotations

from typing import NamedTuple

from mss_analysis.press.cache import Cache
from mss_analysis.press.draft import BUILT, MISSING, Draft
from mss_analysis.press.ingredients import Ingredients, differences, digest
from mss_analysis.press.plan import Edition

FRESH, STALE, ABSENT = "fresh", "stale", "missing"
# Reasons shown of one edition; a changed library may have many.
SHOWN = 3


class Standing(NamedTuple):
    """How an edition stands; `key` names its result, `parts` what that is made from."""

    edition: Edition
    state: str
    reason: str
    key: str
    parts: dict[str, str]
    must_run: bool

    def __str__(self) -> str:
        """The standing in one line."""
        reason = f"  {self.reason}" if self.reason else ""
        return f"{self.state:<8}{self.edition.slug}{reason}"


def look(
    editions: list[Edition], ingredients: Ingredients, cache: Cache, draft: Draft, look: str
) -> list[Standing]:
    """How each of the editions stands against what is published; `look` is today's layout."""
    return [_look_at(edition, ingredients, cache, draft, look) for edition in editions]


def _look_at(
    edition: Edition, ingredients: Ingredients, cache: Cache, draft: Draft, look: str
) -> Standing:
    parts = ingredients.of(edition)
    key = digest(parts)
    record = draft.old.get(edition.slug, {})
    held = cache.has(key)
    if record.get("state", MISSING) == MISSING or not draft.had(edition.slug):
        state = ABSENT
        reason = record.get("error") or ("its result is at hand" if held else "never built")
    elif record["state"] != BUILT:
        state, reason = STALE, record.get("error") or "it failed"
    elif record.get("key") != key:
        changed = differences(cache.ingredients(edition.slug), parts)
        more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        state, reason = STALE, (", ".join(changed[:SHOWN]) + more) or "built from something else"
    elif draft.manifest.get("look") != look:
        state, reason = STALE, "the edition list or a template changed"
    elif not draft.whole():
        state, reason = STALE, "a published file is missing"
    else:
        return Standing(edition, FRESH, "", key, parts, must_run=False)
    return Standing(edition, state, reason, key, parts, must_run=not held)
