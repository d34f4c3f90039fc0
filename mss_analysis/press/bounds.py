"""Bounds of figures that a page sets side by side, drawn as small pictures in its text."""

from __future__ import annotations

from typing import Any

WIDTH, HEIGHT, EDGE = 200, 16, 10


def draw_bounds(rows: list[dict[str, Any]]) -> list[str]:
    """A picture for each row, all on one scale; empty ones where the units differ.

    A dot is exact, a soft dot about, an arrow at least or at most, a bar a range. The words
    beside say the same, so the pictures are hidden from who listens.
    """
    units = {row.get("unit") for row in rows}
    ends = [row[end] for row in rows for end in ("low", "value", "high") if row[end] is not None]
    if len(rows) < 2 or len(units) != 1 or None in units or not ends:
        return [""] * len(rows)
    first, last = min(ends), max(ends)
    scale = (WIDTH - 4 * EDGE) / ((last - first) or 1)
    return [
        _draw(*(None if row[end] is None else _round(2 * EDGE + (row[end] - first) * scale) for end in ("low", "value", "high")))
        for row in rows
    ]


def _draw(low: float | None, value: float | None, high: float | None) -> str:
    middle = HEIGHT // 2
    start, stop = (EDGE if low is None else low), (WIDTH - EDGE if high is None else high)
    parts = [f'<path class="scale" d="M0 {middle}H{WIDTH}"/>']
    if start != stop:
        parts.append(f'<path class="range" d="M{start} {middle}H{stop}"/>')
    for at, way in ((start, 1), (stop, -1)):
        if (low, high)[way < 0] is None:
            tip = f"M{at + 5 * way} {middle - 4}L{at} {middle}L{at + 5 * way} {middle + 4}"
            parts.append(f'<path class="tip" d="{tip}"/>')
    if value is not None:
        kind = "exact" if low == high else "about"
        parts.append(f'<circle class="{kind}" cx="{value}" cy="{middle}" r="4"/>')
    shape = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg class="bounds" aria-hidden="true" {shape}>{"".join(parts)}</svg>'


def _round(number: float) -> float:
    return round(number, 1)
