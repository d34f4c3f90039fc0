"""Research notebooks on the Multinational Security Support mission in Haiti.

>>> import mss_analysis as mss
>>> evidence = mss.load(as_of="2024-12-01", corpus="seed")
>>> len(evidence.sources)
4
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mss_analysis.estimate import Answer, CannotTell, Estimate, UnitError, total
    from mss_analysis.evidence import Evidence, ParameterError
    from mss_analysis.schema import EvidenceError
    from mss_analysis.vintage import load

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "CannotTell",
    "Estimate",
    "Evidence",
    "EvidenceError",
    "ParameterError",
    "UnitError",
    "load",
    "total",
]

# Found when they are first asked for: `mss` must be able to say that there is nothing to do
# without importing pandas.
_HOMES = {
    "Answer": "estimate",
    "CannotTell": "estimate",
    "Estimate": "estimate",
    "Evidence": "evidence",
    "EvidenceError": "schema",
    "ParameterError": "evidence",
    "UnitError": "estimate",
    "load": "vintage",
    "total": "estimate",
}


def __getattr__(name: str) -> Any:
    """Find a public name in its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
