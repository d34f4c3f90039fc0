"""Research notebooks on the Multinational Security Support mission in Haiti.

>>> import mss_analysis as mss
>>> evidence = mss.load(as_of="2024-12-01", corpus="seed")
>>> len(evidence.sources)
4
"""

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
