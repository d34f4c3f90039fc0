"""Plan, execute, render and publish parameterized notebooks.

The press knows nothing of what the notebooks are about: it meets them only through the
edition list and the MIME bundles that their cells leave behind.
"""

# A module of this package is called `build` too. Importing the function here, at once, makes
# the name mean the function however the package was entered. Nothing heavy comes with it.
from mss_analysis.press.build import build
from mss_analysis.press.plan import PressError
from mss_analysis.press.summary import BuildResult

__all__ = ["BuildResult", "PressError", "build"]
