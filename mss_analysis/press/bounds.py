"""Bounds of figures that a page sets side by side, drawn as small pictures on one scale."""

from __future__ import annotations

from typing import Any

WIDTH, HEIGHT, EDGE = 240, 16, 12
ENDS = ("low", "value", "high")


def draw_bounds(rows: list[dict[str, Any]]) -> list[str]:
    """A picture for each row; none where the figures have no scale in common.

    A dot is exact, a ring about, an arrow at least or at most, a bar a range. The words beside
    say the same, so the pictures are hidden from who listens.
    """
    units = {row.get("unit") for row in rows}
    ends = [row[end] for row in rows for end in ENDS if row[end] is not None]
    if len(rows) < 2 or len(units) != 1 or None in units or not ends:
        return []
    first, last = min(ends), max(ends)
    scale = (WIDTH - 4 * EDGE) / ((last - first) or 1)

    def place(end: float | None) -> float | None:
        return None if end is None else round(2 * EDGE + (end - first) * scale, 1)

    return [_draw(*(place(row[end]) for end in ENDS)) for row in rows]


def _draw(low: float | None, value: float | None, high: float | None) -> str:
    middle = HEIGHT // 2
    start = EDGE if low is None else low
    stop = WIDTH - EDGE if high is None else high
    parts = [f'<path class="scale" d="M0 {middle}H{WIDTH}"/>']
    if start != stop:
        parts.append(f'<path class="range" d="M{start} {middle}H{stop}"/>')
    parts += [
        f'<path class="tip" d="M{at} {middle - 5}l{7 * way} 5l{-7 * way} 5z"/>'
        for at, way, bound in ((start, -1, low), (stop, 1, high))
        if bound is None
    ]
    if value is not None:
        kind = "exact" if low == high or low is None or high is None else "about"
        parts.append(f'<circle class="{kind}" cx="{value}" cy="{middle}" r="4.5"/>')
    shape = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg class="bounds" aria-hidden="true" {shape}>{"".join(parts)}</svg>'
