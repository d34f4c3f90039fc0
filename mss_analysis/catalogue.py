"""Catalogues of messages: gathered from code, templates and notebooks, kept in ``locale``.

``python -m mss_analysis.catalogue`` brings all catalogues up to date and keeps what is translated;
with ``--check`` it lists what is missing or wrong. It works on a checkout, not on an installed
library.
"""

import argparse
import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from mss_analysis.language import CATALOGUES, LANGUAGES, SLOT, blocks, is_for_all

ROOT = CATALOGUES.parent.parent
# Topics have catalogues of their own; what all of them use is in `core`.
TOPICS = {
    "casualties": ("casualties",),
    "deployment": ("deployment",),
    "funding": ("funding",),
    "risks": ("risks",),
    "sources": (
        "sources",
        "overview",
        "changes",
        "claims",
        "conflict",
        "contradictions",
        "overlaps",
        "relations",
    ),
    "press": ("press",),
}
DOMAINS = ("core", *TOPICS)
# Calls whose first argument is a message, or whose first two are its forms.
_CALLS = {"compose": 1, "mark": 1, "tell": 1}
_PLURAL_CALLS = {"compose_plural": 2, "mark_plural": 2, "tell_plural": 2}
_TEMPLATE_CALLS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
}
_PLURALS = {"fr": "nplurals=2; plural=(n > 1);", "ht": "nplurals=1; plural=0;"}
_HEADER = """\
# Translated by the makers of the notebooks; not yet read by a native speaker.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
_TARGET = re.compile(r"\]\(([^)]*)\)")
_CODE = re.compile(r"`[^`]*`|\]\([^)]*\)|\$[^$]*\$")
_HEADING = re.compile(r"[A-Z][^_]*[a-z][^_]*")
_DIGIT = re.compile(r"\d")
# A wrong character of punctuation, and what is wrong with it.
_TYPOGRAPHY = {
    "fr": (
        (
            re.compile(r"(?<![\u202f\u00a0(&\w;:!?])[;!?](?!\w)|\w[;!?](?=\s|$)"),
            "; ! ? need U+202F before",
        ),
        (re.compile(r"[^\u00a0\s]:(?=\s|$)| :(?=\s|$)"), ": needs U+00A0 before"),
        (re.compile(r"«(?!\u00a0)|(?<!\u00a0)»"), "« » need U+00A0 inside"),
        (re.compile(r"\w'\w"), "the apostrophe is ’"),
    ),
    "ht": (
        (re.compile(r"\s[;!?:](?=\s|$)"), "no space before punctuation"),
        (re.compile(r"\w'\w"), "the apostrophe is ’"),
    ),
}


def gather(domain: str) -> Catalog:
    """Gather a domain's messages from a checkout, in the order of its files."""
    found = Catalog(domain=domain)
    for path in _files(domain):
        where = path.relative_to(ROOT).as_posix()
        for message, context in _read(path):
            found.add(message, locations=[(where, 1)], context=context)
    return found


def update(domain: str, language: str) -> None:
    """Bring one catalogue up to date: translations stay, messages no longer used go."""
    path = CATALOGUES / language / f"{domain}.po"
    kept = _read_catalogue(path, language)
    fresh = gather(domain)
    for message in fresh:
        before = kept.get(message.id)
        if message.id and before is not None:
            message.string, message.flags = before.string, before.flags
            message.user_comments = before.user_comments
    stream = io.BytesIO()
    fresh.mime_headers = [("Plural-Forms", _PLURALS[language])]
    write_po(stream, fresh, width=100, omit_header=True, include_lineno=False)
    header = _HEADER.format(language=language, plurals=_PLURALS[language])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + stream.getvalue().decode("utf-8").lstrip("\n"), encoding="utf-8")


def find_faults(domain: str, language: str) -> Iterator[str]:
    """Say what is missing or wrong in one catalogue, a sentence each."""
    kept = _read_catalogue(CATALOGUES / language / f"{domain}.po", language)
    for message in gather(domain):
        if not message.id:
            continue
        several = isinstance(message.id, tuple)
        english = message.id[0] if several else message.id
        before = f"{language}/{domain}.po: {english[:70]!r}"
        known = kept.get(message.id)
        forms = list(known.string) if known and several else [known.string] if known else []
        if not forms or not all(forms):
            yield f"{before} is not translated"
        elif known.fuzzy:
            yield f"{before} is only a draft (fuzzy)"
        else:
            yield from (f"{before}: {fault}" for fault in _faults(message, forms, language))


def main(arguments: list[str] | None = None) -> int:
    """Update the catalogues, or check them."""
    parser = argparse.ArgumentParser(prog="python -m mss_analysis.catalogue", description=__doc__)
    parser.add_argument("--domain", choices=DOMAINS, help="only this one")
    parser.add_argument("--check", action="store_true", help="list what is missing or wrong")
    chosen = parser.parse_args(arguments)
    domains = [chosen.domain] if chosen.domain else list(DOMAINS)
    pairs = [(domain, code) for domain in domains for code in LANGUAGES if code != "en"]
    if not chosen.check:
        for pair in pairs:
            update(*pair)
        return 0
    faults = [fault for pair in pairs for fault in find_faults(*pair)]
    print("\n".join(faults) or "All messages are translated.")
    return 1 if faults else 0


def _files(domain: str) -> Iterator[Path]:
    package = ROOT / "mss_analysis"
    if domain == "core":
        taken = {stem for stems in TOPICS.values() for stem in stems}
        yield from (path for path in sorted(package.glob("*.py")) if path.stem not in taken)
        yield package / "exercises" / "__init__.py"
        return
    for stem in TOPICS[domain]:
        yield from sorted(package.glob(f"{stem}.py"))
        yield from sorted(package.glob(f"{stem}/**/*.py"))
        yield from sorted(package.glob(f"{stem}/**/*.j2"))
        yield from sorted(package.glob(f"exercises/{stem}.py"))
        yield from sorted(ROOT.glob(f"notebooks/{stem}.ipynb"))
    if domain == "press":
        yield ROOT / "reports" / "editions.yml"


def _read(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Read the messages of a file, each with its context."""
    if path.suffix == ".ipynb":
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                parts = blocks("".join(cell["source"]))
                yield from ((part, None) for part in parts if not is_for_all(part))
    elif path.suffix == ".yml":
        yield from ((words, None) for words in _site_words(path))
    elif path.suffix == ".j2":
        for _, message, _, context in extract_from_file("jinja2", path, keywords=_TEMPLATE_CALLS):
            yield message, context
    else:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield from ((message, None) for message in _messages(tree))
        if path.stem == "overview" or path.parent.name in TOPICS.keys() - {"press"}:
            yield from ((heading, None) for heading in _headings(tree))


def _messages(tree: ast.AST) -> Iterator[str | tuple[str, ...]]:
    """Read the messages of a module; Babel's own reader overlooks calls inside calls."""
    for node in _in_order(tree):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called in _CALLS and node.args:
            yield from _constants(node.args[0])
        elif called in _PLURAL_CALLS:
            forms = [form for argument in node.args[:2] for form in _constants(argument)]
            if len(forms) == 2:
                yield tuple(forms)


def _in_order(tree: ast.AST) -> list[ast.Call]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return sorted(calls, key=lambda node: (node.lineno, node.col_offset))


def _constants(argument: ast.expr) -> Iterator[str]:
    """Give the words that an argument is, or may be."""
    if isinstance(argument, ast.IfExp):
        yield from _constants(argument.body)
        yield from _constants(argument.orelse)
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
        yield argument.value


def _headings(tree: ast.AST) -> Iterator[str]:
    """Read the headings of tables: keys of rows, which alone begin with a capital letter."""
    keys = [key for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys]
    names = (key.value for key in keys if isinstance(key, ast.Constant))
    yield from (name for name in names if isinstance(name, str) and _HEADING.fullmatch(name))


def _site_words(path: Path) -> Iterator[str]:
    """Read what the list of editions says to a reader."""
    plan = yaml.safe_load(path.read_text(encoding="utf-8"))
    for entry in (plan["site"], *plan["site"].get("sections", []), *plan["editions"]):
        for key in ("title", "subtitle", "description", "licence", "text", "summary", "group"):
            if entry.get(key):
                yield entry[key]


def _read_catalogue(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog()
    with path.open("rb") as stream:
        return read_po(stream, locale="fr" if language == "ht" else language)


def _faults(message: Message, forms: list[str], language: str) -> Iterator[str]:
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    wanted = {slot[1] for english in ids for slot in SLOT.finditer(english)}
    for form in forms:
        there = {slot[1] for slot in SLOT.finditer(form)}
        if there - wanted or (len(ids) == 1 and wanted - there):
            yield f"its slots are {sorted(wanted)}, those of the translation {sorted(there)}"
        if sorted(_TARGET.findall(ids[0])) != sorted(_TARGET.findall(form)):
            yield "its links differ from those of the translation"
        if len(_DIGIT.findall(_CODE.sub("x", form))) > len(_DIGIT.findall(_CODE.sub("x", ids[0]))):
            yield "the translation has a numeral of its own"
        for pattern, rule in _TYPOGRAPHY[language]:
            if found := pattern.search(_CODE.sub("x", form)):
                yield f"{rule}: {form[max(0, found.start() - 15) : found.end() + 15]!r}"


if __name__ == "__main__":
    sys.exit(main())
