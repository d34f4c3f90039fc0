"""What the outputs of a topic say in one language, and the figures behind them."""

from collections.abc import Callable, Sequence
from typing import Any

import mss_analysis as mss
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import EXHIBIT
from mss_analysis.findings import Finding
from mss_analysis.language import spoken

Show = Callable[[Evidence], Sequence[Any]]
Conclude = Callable[[Evidence], Sequence[Finding]]
Figures = list[tuple[str, set[str]]]


def tell(corpus: str, language: str, show: Show, conclude: Conclude) -> tuple[str, Figures]:
    """Give the words of all outputs and findings, and the observations that each rests on."""
    with spoken(language):
        evidence = mss.load(corpus=corpus, language=language)
        words, figures = [], []
        for output in show(evidence):
            bundle = output._repr_mimebundle_()
            parts = bundle.get(EXHIBIT, bundle)
            words += [str(part) for part in parts.values()]
            figures.append((parts.get("title", ""), _collect(output)))
        for finding in conclude(evidence):
            words += [finding.label, finding.text.html]
            figures.append((finding.id, set(finding.text.observations)))
    return "\n".join(words), figures


def check(corpus: str, language: str, show: Show, conclude: Conclude) -> None:
    """Assert that all is said in the language, by the same figures as in English."""
    words, figures = tell(corpus, language, show, conclude)
    assert 'class="untranslated"' not in words
    told = [observations for _, observations in figures]
    assert told == [observations for _, observations in tell(corpus, "en", show, conclude)[1]]
    assert any(told)
    if language == "ht":
        # Babel has no months in Kreyòl and falls back to French ones.
        for french in ("août", "février", "1er "):
            assert french not in words


def _collect(output: Any) -> set[str]:
    if hasattr(output, "observations"):
        return set(output.observations)
    return {entry for text in output.paragraphs for entry in text.observations}
