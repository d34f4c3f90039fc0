"""A figure that knows its bounds, its unit and the observations it rests on."""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Union

from mss_analysis.live import fit
from mss_analysis.wording import anchor, phrase

_MOST_SHOWN = 4

Number = Union["Estimate", float, int]


class UnitError(TypeError):
    """Two figures of different units were added or compared."""


class CannotTell(ValueError):
    """A comparison was used as yes or no although the bounds allow both."""


class Answer(Enum):
    """Answer of a comparison: yes, no, or can't tell.

    Used as a truth value, "can't tell" raises :class:`CannotTell` instead of passing for no.
    """

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "can't tell"

    def __bool__(self) -> bool:
        """Give yes and no; refuse to guess."""
        if self is Answer.CANNOT_TELL:
            raise CannotTell("the bounds overlap: the evidence can't tell which one is larger")
        return self is Answer.YES

    def __str__(self) -> str:
        """Give the word that a reader sees."""
        return self.value


@dataclass(frozen=True, eq=False)
class Estimate:
    """A value with bounds, a unit and the observations behind it.

    Arithmetic is interval arithmetic: it assumes nothing about how the errors of two figures
    hang together, so the result holds every value that any pair of true figures could give.

    Parameters
    ----------
    value
        The figure as stated; ``None`` where a source states only a range.
    low, high
        Bounds, ``low <= value <= high``; an open end is infinite.
    unit
        For instance ``persons``, ``USD``, ``USD/officers``; ``1`` for a pure ratio.
    observations
        Ids of the observations that the figure rests on.
    formula
        How it was derived, in terms of observation ids; the id itself for a stated figure.
    qualifier
        The wording of a stated figure (``more_than``, ...); empty for a derived one.
    status
        Rung of a ladder (``pledged``, ``deposited``, ...) where the figure stands on one.

    Raises
    ------
    ValueError
        When the bounds are reversed, do not hold the value, or are not numbers.

    Examples
    --------
    >>> cost = Estimate.stated(600e6, unit="USD", observation="cost", qualifier="exact")
    >>> paid = Estimate(21e6, 20.5e6, 21.5e6, "USD", ("paid",), "paid", "about")
    >>> (paid / cost).as_percent()
    Estimate(between 3.41% and 3.59%)

    """

    value: float | None
    low: float
    high: float
    unit: str
    observations: tuple[str, ...] = ()
    formula: str = ""
    qualifier: str = ""
    status: str = ""

    def __post_init__(self) -> None:
        """Refuse impossible bounds."""
        if not (self.low <= self.high and self.low < math.inf and self.high > -math.inf):
            raise ValueError(f"bounds [{self.low}, {self.high}] are not an interval")
        if self.value is not None and not self.low <= self.value <= self.high:
            raise ValueError(f"value {self.value} lies outside [{self.low}, {self.high}]")

    @classmethod
    def stated(
        cls, value: float, unit: str, observation: str = "", qualifier: str = "exact"
    ) -> "Estimate":
        """Make an exactly stated figure."""
        ids = (observation,) if observation else ()
        return cls(float(value), float(value), float(value), unit, ids, observation, qualifier)

    @classmethod
    def unknown(cls, unit: str, observations: Iterable[str] = ()) -> "Estimate":
        """Make a count of which nothing is known but that it isn't negative."""
        return cls(None, 0.0, math.inf, unit, _union(observations))

    @classmethod
    def count(cls, observations: Iterable[str], unit: str, number: int | None = None) -> "Estimate":
        """Count things that observations attest: documents, figures, countries.

        >>> Estimate.count(["a", "b"], unit="figures").value
        2.0
        """
        ids = _union(observations)
        size = float(len(ids) if number is None else number)
        # All ids are kept; a formula of hundreds would help nobody.
        shown = [*ids[:_MOST_SHOWN], *(["…"] if len(ids) > _MOST_SHOWN else [])]
        return cls(size, size, size, unit, ids, f"count({', '.join(shown)})")

    @property
    def is_exact(self) -> bool:
        """Whether both bounds meet."""
        return self.low == self.high

    @property
    def midpoint(self) -> float:
        """Middle of the bounds; infinite when an end is open, hence never a finding."""
        return (self.low + self.high) / 2

    def __neg__(self) -> "Estimate":
        """Mirror at zero."""
        return self._derive(
            None if self.value is None else -self.value, -self.high, -self.low, self.unit, "-", self
        )

    def __add__(self, other: Number) -> "Estimate":
        """Add two figures of one unit and one rung."""
        other = self._like(other)
        value = _apply(lambda a, b: a + b, self.value, other.value)
        low, high = self.low + other.low, self.high + other.high
        return self._derive(value, low, high, self.unit, "+", self, other)

    def __sub__(self, other: Number) -> "Estimate":
        """Subtract a figure of the same unit."""
        other = self._like(other)
        value = _apply(lambda a, b: a - b, self.value, other.value)
        low, high = self.low - other.high, self.high - other.low
        return self._derive(value, low, high, self.unit, "-", self, other)

    def __mul__(self, other: Number) -> "Estimate":
        """Multiply; units multiply too."""
        other = _wrap(other)
        unit = _unit_product(self.unit, other.unit, +1)
        corners = [_times(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        value = _apply(_times, self.value, other.value)
        return self._derive(value, min(corners), max(corners), unit, "×", self, other)

    def __truediv__(self, other: Number) -> "Estimate":
        """Divide; a divisor that may be zero, or is, leaves the result unbounded on that side."""
        other = _wrap(other)
        unit = _unit_product(self.unit, other.unit, -1)
        if other.low == other.high == 0:
            # Nobody is deployed: what each of them costs has no answer, and no bounds.
            low, high = (0.0 if self.low >= 0 else -math.inf), math.inf
        elif other.low < 0 <= other.high:
            low, high = -math.inf, math.inf
        else:
            corners = [
                _quotient(a, b) for a in (self.low, self.high) for b in (other.low, other.high)
            ]
            low, high = min(corners), max(corners)
        defined = other.value not in (None, 0)
        value = _apply(_quotient, self.value, other.value) if defined else None
        return self._derive(value, low, high, unit, "÷", self, other)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: Number) -> "Estimate":
        """Subtract from a plain number."""
        return self._like(other) - self

    def __rtruediv__(self, other: Number) -> "Estimate":
        """Divide a plain number."""
        return _wrap(other) / self

    def __lt__(self, other: Number) -> Answer:
        """Say whether every possible value lies below every possible value of the other."""
        other = self._like(other, ladder=False)
        if self.high < other.low:
            return Answer.YES
        if self.low >= other.high:
            return Answer.NO
        return Answer.CANNOT_TELL

    def __gt__(self, other: Number) -> Answer:
        """Mirror of ``<``."""
        return self._like(other, ladder=False) < self

    def agrees_with(self, other: "Estimate") -> bool:
        """Whether one true value could satisfy both figures."""
        other = self._like(other, ladder=False)
        return self.low <= other.high and other.low <= self.high

    def hull(self, *others: "Estimate") -> "Estimate":
        """Span all figures: the interval from the lowest bound to the highest."""
        figures = [self, *(self._like(other, ladder=False) for other in others)]
        return Estimate(
            None,
            min(figure.low for figure in figures),
            max(figure.high for figure in figures),
            self.unit,
            _union(*(figure.observations for figure in figures)),
            "hull(" + ", ".join(figure.formula for figure in figures) + ")",
        )

    def as_percent(self) -> "Estimate":
        """Turn a pure ratio into percent."""
        if self.unit != "1":
            raise UnitError(f"a share must be a pure ratio, not {self.unit}")
        scaled = self * Estimate(100.0, 100.0, 100.0, "percent")
        return Estimate(
            scaled.value, scaled.low, scaled.high, "percent", self.observations, self.formula
        )

    def clip(self, low: float = -math.inf, high: float = math.inf) -> "Estimate":
        """Cut the bounds to what can be: a count isn't negative, a share isn't above 100.

        Raises
        ------
        ValueError
            When nothing of the interval is left.

        """
        value = None if self.value is None else min(max(self.value, low), high)
        return Estimate(
            value,
            max(self.low, low),
            min(self.high, high),
            self.unit,
            self.observations,
            self.formula,
            status=self.status,
        )

    def __str__(self) -> str:
        """Give the figure in words."""
        return phrase(self)

    def __repr__(self) -> str:
        """Read as a person would say it."""
        return f"Estimate({phrase(self)})"

    def _repr_html_(self) -> str:
        return fit(anchor(self))

    def _like(self, other: Number, ladder: bool = True) -> "Estimate":
        """Read ``other`` as a figure that may be added to or compared with this one."""
        if not isinstance(other, Estimate):
            return Estimate.stated(other, unit=self.unit)
        if other.unit != self.unit:
            raise UnitError(f"{self.unit} and {other.unit} can't be added or compared")
        if ladder and self.status and other.status and self.status != other.status:
            raise UnitError(
                f"{self.status} and {other.status} are different rungs: not to be added"
            )
        return other

    @staticmethod
    def _derive(
        value: float | None, low: float, high: float, unit: str, sign: str, *inputs: "Estimate"
    ) -> "Estimate":
        formulas = [_bracket(entry.formula or _constant(entry)) for entry in inputs]
        formula = f" {sign} ".join(formulas) if len(formulas) > 1 else sign + formulas[0]
        rungs = {entry.status for entry in inputs if entry.status}
        return Estimate(
            value,
            low,
            high,
            unit,
            _union(*(entry.observations for entry in inputs)),
            formula,
            status=rungs.pop() if len(rungs) == 1 else "",
        )


def total(figures: Iterable[Estimate]) -> Estimate:
    """Add figures of one unit and one rung.

    >>> total([Estimate.stated(6, "USD", "a"), Estimate.stated(3, "USD", "b")]).observations
    ('a', 'b')
    """
    first, *rest = figures
    result = first
    for figure in rest:
        result = result + figure
    return result


def distance(first: Estimate, second: Estimate) -> float:
    """Give how far two figures lie apart; it is negative where their bounds overlap.

    >>> distance(Estimate.stated(5, "persons"), Estimate.stated(8, "persons"))
    3.0
    """
    return max(first.low - second.high, second.low - first.high)


def _constant(figure: Estimate) -> str:
    return f"{figure.value:g}" if figure.value is not None else f"[{figure.low:g}, {figure.high:g}]"


def _wrap(other: Number) -> Estimate:
    return other if isinstance(other, Estimate) else Estimate.stated(other, unit="1")


def _apply(
    operation: Callable[[float, float], float], left: float | None, right: float | None
) -> float | None:
    return None if left is None or right is None else operation(left, right)


def _times(a: float, b: float) -> float:
    # A bound of zero times an open end is zero: nothing of something unbounded is nothing.
    return 0.0 if a == 0 or b == 0 else a * b


def _quotient(a: float, b: float) -> float:
    if a == 0:
        return 0.0
    if math.isinf(a) and math.isinf(b):
        return 0.0
    if b == 0:
        return math.copysign(math.inf, a)
    return a / b


def _union(*groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry for group in groups for entry in group))


def _bracket(formula: str) -> str:
    return f"({formula})" if " " in formula and not formula.endswith(")") else formula


def _unit_product(left: str, right: str, sign: int) -> str:
    """Multiply (+1) or divide (-1) units: USD ÷ officers -> USD/officers."""
    powers = _powers(left)
    for name, power in _powers(right).items():
        powers[name] += sign * power
    over = sorted(name for name, power in powers.items() for _ in range(power))
    under = sorted(name for name, power in powers.items() for _ in range(-power))
    return "/".join(["·".join(over) or "1", *under])


def _powers(unit: str) -> Counter[str]:
    over, *under = unit.split("/")
    powers = Counter(name for name in over.split("·") if name != "1")
    powers.subtract(under)
    return powers
