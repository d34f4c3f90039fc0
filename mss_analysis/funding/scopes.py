"""Scopes: what a sum of money is limited to, in the words of the data.

The data say it in English (column ``population``); the words are marked here for translation.
"""

from mss_analysis.language import mark
from mss_analysis.prose import Text, told

SCOPES = (
    mark("Department of Defense share"),
    mark("Department of State share"),
    mark("Department of State, request out of its share"),
    mark("Kenya and the mission"),
    mark("administrative support"),
    mark("direct aid, outside the trust fund"),
    mark("drawdown for the mission and the Haitian police"),
    mark("first request to Congress"),
    mark("further waivers requested"),
    mark("in addition to deposits"),
    mark("in addition to earlier"),
    mark("out of the money released from the hold"),
    mark("package for the mission and regional maritime security"),
    mark("request to Congress"),
    mark("second request to Congress"),
    mark("the mission, out of the released money"),
    mark("training"),
    mark("waiver from the aid freeze"),
    mark("weapons, ammunition and anti-riot equipment"),
    mark("without the United States"),
)


def tell_scope(scope: str) -> Text:
    """Say what a sum is limited to; English, and marked so, where nobody translated it."""
    return told(scope)
