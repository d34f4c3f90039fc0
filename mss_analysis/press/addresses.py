"""Where the pages around the reports are: names of files that any identifier can have."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from html import unescape
from typing import Any

SOURCES, DISPUTES = "documents", "contradictions"
# Longer names, and those that an operating system keeps for itself, get a name of their own.
SAFE = re.compile(r"(?!(?:con|prn|aux|nul|com\d|lpt\d|index|publishers)$)[a-z0-9][a-z0-9_-]{0,150}")
NAMED = re.compile(r'data-observations="([^"]*)"')
TO_ROW = re.compile(r"""(href\s*=\s*["'])#obs-([^"']+)""")


def stem(identifier: str) -> str:
    """The name of the file of an identifier, whatever that is made of.

    >>> stem("004_ecda221a58dc764e"), stem("../a b")
    ('004_ecda221a58dc764e', 'a-b-2c2c791a06')
    """
    if SAFE.fullmatch(identifier):
        return identifier
    told = re.sub(r"[^a-z0-9_]+", "-", identifier.lower())[:100].strip("-")
    return f"{told or 'page'}-{hashlib.sha256(identifier.encode()).hexdigest()[:10]}"


def in_language(name: str, language: str, own: str) -> str:
    """The file of a page in a language: `index.html`, and `index.fr.html` beside it.

    >>> in_language("index", "fr", own="en")
    'index.fr.html'
    """
    return f"{name}.html" if language == own else f"{name}.{language}.html"


def is_around(file: str) -> bool:
    """Whether a file of a site is the page of a source or a dispute, or a list of them.

    >>> is_around("documents/log.html"), is_around("documents-2/log.html")
    (True, False)
    """
    return file.startswith((f"{SOURCES}/", f"{DISPUTES}/"))


def cited(html: str) -> list[str]:
    """The rows that the figures of a piece of HTML rest on.

    >>> cited('<a class="figure" data-observations="a b">3</a>')
    ['a', 'b']
    """
    return [name for names in NAMED.findall(html) for name in unescape(names).split()]


def lead(html: str, find: Callable[[str], str]) -> str:
    """HTML whose figures lead where `find` says that their row is.

    >>> lead('<a href="#obs-a">', lambda name: f"page.html#{name}")
    '<a href="page.html#a">'
    """
    return TO_ROW.sub(lambda match: match[1] + find(unescape(match[2])), html)


class Addresses:
    """Leads to the page of a source or a dispute, if there is one."""

    def __init__(self, files: Iterable[str], own: str) -> None:
        """`files` are those of the site, `own` is its own language."""
        self.own = own
        self._files = {name for name in files if is_around(name)}

    @classmethod
    def of(cls, register: Mapping[str, Mapping[str, Any]], own: str) -> Addresses:
        """The addresses of all that a register holds."""
        found = cls((), own)
        for language, record in register.items():
            names = [(SOURCES, source["id"]) for source in record["sources"]]
            names += [(DISPUTES, dispute["id"]) for dispute in record["disputes"]]
            found._files |= {found._name(*name, language) for name in names}
        return found

    def source(self, identifier: str, language: str, root: str = "../") -> str:
        """Where a source's page is, as seen from a page whose root is `root`; empty if none."""
        return self._find(SOURCES, identifier, language, root)

    def dispute(self, identifier: str, language: str, root: str = "../") -> str:
        """Where a dispute's page is; empty if there is none."""
        return self._find(DISPUTES, identifier, language, root)

    def _find(self, folder: str, identifier: str, language: str, root: str) -> str:
        # A page in the site's own language is better than none.
        for code in (language, self.own):
            name = self._name(folder, identifier, code)
            if name in self._files:
                return root + name
        return ""

    def _name(self, folder: str, identifier: str, language: str) -> str:
        return f"{folder}/{in_language(stem(identifier), language, self.own)}"
