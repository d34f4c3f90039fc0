"""How each edition stands: fresh, stale or missing, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from mss_analysis.press.cache import Cache
from mss_analysis.press.draft import BUILT, MISSING, Draft
from mss_analysis.press.ingredients import Ingredients, differences
from mss_analysis.press.plan import Edition, Plan
from mss_analysis.press.register import SLUG, write_notebook

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
    editions: list[Edition],
    ingredients: Ingredients,
    cache: Cache,
    draft: Draft,
    look: str,
    register: Standing | None = None,
) -> list[Standing]:
    """How each of the editions stands against what is published; `look` is today's layout."""
    seen = []
    for edition in editions:
        record = draft.old.get(edition.slug, {}) if draft.had(edition.slug) else {}
        parts = ingredients.of(edition)
        standing = _look_at(edition, ingredients, parts, record, cache, draft, look)
        if standing.state == FRESH and register and record.get(SLUG) != register.key:
            # Which pages a report may lead to is known when the register is.
            reason = "the pages of its sources are new"
            must_run = not cache.has(standing.key)
            standing = standing._replace(state=STALE, reason=reason, must_run=must_run)
        seen.append(standing)
    return seen


def look_at_register(
    plan: Plan, ingredients: Ingredients, cache: Cache, draft: Draft, look: str
) -> Standing | None:
    """How the register of a plan stands; None where it has none."""
    if plan.register is None:
        return None
    notebook = write_notebook(plan)
    edition = Edition(SLUG, Path(SLUG), SLUG.capitalize())
    record = draft.manifest.get(SLUG, {})
    parts = ingredients.of_register(notebook)
    return _look_at(edition, ingredients, parts, record, cache, draft, look)


def _look_at(
    edition: Edition,
    ingredients: Ingredients,
    parts: dict[str, str],
    record: dict[str, Any],
    cache: Cache,
    draft: Draft,
    look: str,
) -> Standing:
    key = ingredients.key(parts)
    held = cache.has(key)
    if record.get("state", MISSING) == MISSING:
        state = ABSENT
        reason = record.get("error") or ("its result is at hand" if held else "never built")
    elif record["state"] != BUILT:
        state, reason = STALE, record.get("error") or "it failed"
    elif record.get("key") != key:
        changed = differences(cache.ingredients(record.get("key", "")), parts)
        more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        state, reason = STALE, (", ".join(changed[:SHOWN]) + more) or "built from something else"
    elif draft.manifest.get("look") != look:
        state, reason = STALE, "the edition list or a template changed"
    elif not draft.whole():
        state, reason = STALE, "a published file is missing"
    else:
        return Standing(edition, FRESH, "", key, parts, must_run=False)
    return Standing(edition, state, reason, key, parts, must_run=not held)
