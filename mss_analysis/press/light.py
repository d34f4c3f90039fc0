"""The light edition of a site: no scripts, charts as pictures, and no page above 300 kB."""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path
from urllib.parse import unquote

from mss_analysis.press.draft import MANIFEST, Draft
from mss_analysis.press.frame import asset
from mss_analysis.press.leaves import ID, spread
from mss_analysis.press.pictures import Pictures
from mss_analysis.press.still import Still

# Of a page with its stylesheet, in bytes.
LIMIT = 300_000
STYLE = "report.css"
# A search without scripts finds nothing.
SEARCH = re.compile(r"search(\.\w+)?\.html")
ELSEWHERE = re.compile(r'(?<=href=")((?:\.\./|[\w.-]+/)*[\w.-]*\.html)#([^"]+)(?=")')


class LightDraft(Draft):
    """A site being laid out, each page of which is made light as it is written."""

    def __init__(self, target: Path, pictures: Pictures) -> None:
        """As any draft; `pictures` draws the charts."""
        super().__init__(target)
        self.pictures = pictures
        self.style = asset("light.css")
        self.room = LIMIT - len((asset(STYLE) + self.style).encode())

    def write(self, name: str, text: str) -> None:
        """Write a file; a page becomes a light one and its leaves, and scripts are left out."""
        folder, _, page = name.rpartition("/")
        if name.endswith(".js") or SEARCH.fullmatch(page):
            return
        if not name.endswith(".html"):
            super().write(name, text + self.style if page == STYLE else text)
            return
        still = Still(text, self.pictures.of)
        for link in still.root.xpath("//a[@href]"):
            if SEARCH.fullmatch(link.get("href").rpartition("/")[2]):
                next(link.iterancestors("li"), link).drop_tree()
        for leaf, html in spread(still, page, self.room).items():
            super().write(posixpath.join(folder, leaf), html)

    def publish(self) -> None:
        """Publish, once links from page to page lead to the leaves that hold what they name."""
        self._join()
        super().publish()

    def _join(self) -> None:
        texts = {
            name: (self.folder / name).read_text(encoding="utf-8")
            for name in self.files
            if name.endswith(".html")
        }
        ids = {name: set(ID.findall(text)) for name, text in texts.items()}
        leaves: dict[str, dict[str, str]] = {}
        for name, found in ids.items():
            leaves.setdefault(_kin(name), {}).update(dict.fromkeys(found, name))
        for name, text in texts.items():
            folder = posixpath.dirname(name)

            def lead(link: re.Match[str], folder: str = folder) -> str:
                page = posixpath.normpath(posixpath.join(folder, link[1]))
                anchor = unquote(link[2])
                there = leaves.get(_kin(page), {}).get(anchor, page)
                if anchor in ids.get(page, ()) or there == page:
                    return link[0]
                return f"{posixpath.relpath(there, folder or '.')}#{link[2]}"

            if (joined := ELSEWHERE.sub(lead, text)) != text:
                super().write(name, joined)
        manifest = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        self.files.pop(MANIFEST)
        manifest["files"] = dict(sorted(self.files.items()))
        words = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        super().write(MANIFEST, words)


def _kin(name: str) -> str:
    """What a page and its leaves share: their folder, and the language in their names."""
    folder, _, page = name.rpartition("/")
    return f"{folder}/{page[page.index('.') :]}"
