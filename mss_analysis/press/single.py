"""A report as one file: the page as a site has it, with everything that it asks for inside."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from urllib.parse import quote, unquote

from lxml import html as tree
from lxml.html import HtmlElement

from mss_analysis.press.still import parse

# An executed notebook would double the file, and what it shows is on the page.
LEFT = {".ipynb"}
KINDS = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".bib": "text/plain",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
}
AWAY = re.compile(r"(?i)[a-z][a-z0-9+.-]*:|//|#")


def enclose(page: Path) -> str:
    """The HTML of a page of a site, with its stylesheets, scripts and data inside.

    Links to other pages of the site become plain words: they would lead nowhere.
    """
    html = page.read_text(encoding="utf-8")
    root = parse(html)
    # Marks the places of what is put in once the page is text; no text can hold its own hash.
    seal = hashlib.sha256(html.encode()).hexdigest()
    inside: list[str] = []

    def read(address: str | None) -> Path | None:
        path = page.parent / unquote((address or "").partition("#")[0])
        return path if address and not AWAY.match(address) and path.is_file() else None

    def hold(place: HtmlElement, text: str) -> None:
        place.text = f"{seal}-{len(inside)};"
        inside.append(text)

    for link in root.xpath("//link[@rel='stylesheet']"):
        if path := read(link.get("href")):
            style = link.makeelement("style")
            link.addprevious(style)
            hold(style, path.read_text(encoding="utf-8"))
            link.drop_tree()
    for script in root.xpath("//script[@src]"):
        if path := read(script.get("src")):
            del script.attrib["src"]
            hold(script, _in_script(path.read_text(encoding="utf-8")))
    for image in root.xpath("//img[@src]"):
        if path := read(image.get("src")):
            image.set("src", _data_uri(path))
    for link in root.xpath("//a[@href]"):
        _settle(link, read(link.get("href")), page)
    for menu in root.xpath("//nav[.//li][not(.//a)]"):
        menu.drop_tree()
    text = tree.tostring(root, encoding="unicode", doctype="<!doctype html>")
    return re.sub(rf"{seal}-(\d+);", lambda found: inside[int(found[1])], text)


def _settle(link: HtmlElement, path: Path | None, page: Path) -> None:
    """Let a link lead to what is inside the file, or nowhere."""
    address = link.get("href")
    if AWAY.match(address):
        return
    if path and path.resolve() == page.resolve() and "#" in address:
        link.set("href", address[address.index("#") :])
    elif path and link.get("download") is not None and path.suffix not in LEFT:
        link.set("href", _data_uri(path))
    elif link.get("download") is not None:
        entry = next(link.iterancestors("li"), link)
        entry.drop_tree()
    else:
        link.drop_tag()


def _in_script(text: str) -> str:
    """Script text that cannot close its own element; `<\\/` is `</` in every JS string."""
    return re.sub(r"</(?=script)", r"<\\/", text, flags=re.IGNORECASE)


def _data_uri(path: Path) -> str:
    kind = KINDS.get(path.suffix, "application/octet-stream")
    content = path.read_bytes()
    if kind.startswith("text/") or path.suffix == ".json":
        # Base64 would hide the data from a reader of the page's source.
        return f"data:{kind};charset=utf-8,{quote(content.decode('utf-8'))}"
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
