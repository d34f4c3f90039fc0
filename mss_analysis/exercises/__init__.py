"""Exercises that check themselves: right, not yet (with a hint), or no answer yet."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from mss_analysis.estimate import Estimate
from mss_analysis.language import mark, tell, translate

Answer = float | str | Estimate | Sequence[float | None]


@dataclass(frozen=True)
class Verdict:
    """What a check cell shows."""

    is_right: bool | None
    words: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        kind = {True: "right", False: "wrong", None: "open"}[self.is_right]
        return {
            "text/html": f'<p class="verdict {kind}">{escape(self.words)}</p>',
            "text/plain": self.words,
        }


@dataclass(frozen=True)
class Exercise:
    """An exercise: the right answer, the traps with a hint each, and why the answer is right.

    ``expected`` is a word, or a figure whose bounds are asked for. An answer may be a number, a
    word, an estimate, or a pair (low, high) in which ``None`` leaves an end open.

    >>> exercise = Exercise("open", {"closed": "Read the wording again."}, "At least has no end.")
    >>> exercise.check("closed").words
    'Not yet. Read the wording again.'
    >>> exercise.check("Open").words
    'Right. At least has no end.'
    >>> exercise.check(...).words
    'No answer yet: replace the three dots above and run both cells.'
    """

    expected: Estimate | str
    traps: dict[Any, str] = field(default_factory=dict)
    reason: str = ""
    hint: str = mark("Go back to the figure’s wording and to what exactly it counts.")

    def check(self, answer: Answer | None) -> Verdict:
        """Judge an answer; never raises on what a reader may type."""
        if answer is ... or answer is None:
            words = tell("No answer yet: replace the three dots above and run both cells.")
            return Verdict(None, words)
        given = _normalise(answer)
        if given is None:
            words = tell("Not yet. The answer is a number, a word or a pair (low, high).")
            return Verdict(False, words)
        if _same(given, _normalise(self.expected)):
            return Verdict(True, tell("Right. {reason}", reason=translate(self.reason)).strip())
        for trap, hint in self.traps.items():
            if _same(given, _normalise(trap)):
                return Verdict(False, tell("Not yet. {hint}", hint=translate(hint)))
        return Verdict(False, tell("Not yet. {hint}", hint=translate(self.hint)))


def _normalise(answer: Any) -> tuple[float, float] | str | None:
    """Bring an answer into one form: a word in lower case or a pair of bounds."""
    if isinstance(answer, str):
        return answer.strip().lower()
    if isinstance(answer, Estimate):
        return answer.low, answer.high
    if isinstance(answer, int | float):
        return float(answer), float(answer)
    try:
        low, high = answer
        return (
            -math.inf if low is None else float(low),
            math.inf if high is None else float(high),
        )
    except (TypeError, ValueError):
        return None


def _same(given: tuple[float, float] | str, other: tuple[float, float] | str | None) -> bool:
    if isinstance(given, str) or isinstance(other, str) or other is None:
        return given == other
    # Half a percent of slack: a reader may round.
    return all(
        left == right or math.isclose(left, right, rel_tol=0.005)
        for left, right in zip(given, other, strict=True)
    )
