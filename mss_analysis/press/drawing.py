"""A chart as a picture: its Vega-Lite specification as a small SVG that can run nothing.

Run as a module it draws many: JSON of pairs (name, specification) comes in, JSON of pictures
goes out. The converter aborts its whole process on what it cannot draw, so builds give it one.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any
from xml.etree import ElementTree

# As wide as a page's text; on a phone the picture scrolls inside its panel.
WIDTH = 720
# What the converter measures words with; readers have it, or a font of the same widths.
FONT = "Liberation Sans"
FONTS = "Arial, 'Liberation Sans', Arimo, Helvetica, sans-serif"
SVG = "http://www.w3.org/2000/svg"
ELEMENTS = {
    *("svg", "g", "path", "line", "rect", "circle", "text", "tspan"),
    *("defs", "clipPath", "linearGradient", "radialGradient", "stop"),
}
ATTRIBUTES = {
    *("width", "height", "viewBox", "transform", "d", "x", "y", "x1", "y1", "x2", "y2"),
    *("dx", "dy", "cx", "cy", "r", "rx", "ry", "fx", "fy", "id", "clip-path", "offset"),
    *("fill", "fill-opacity", "opacity", "stroke", "stroke-width", "stroke-opacity"),
    *("stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin"),
    *("stroke-miterlimit", "stop-color", "gradientUnits", "gradientTransform", "spreadMethod"),
    *("font-family", "font-size", "font-style", "font-weight", "text-anchor"),
}
# What no XML may hold: a converter that meets it aborts.
UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ELSEWHERE = re.compile(r"url\((?!['\"]?#)", re.I)


class DrawingError(ValueError):
    """A chart that cannot be drawn; the message says why in a sentence."""


def draw(spec: dict[str, Any], name: str) -> str:
    """Draw a specification; `name` keeps ids of one page's pictures apart.

    What a reader would change with a slider stands at its default. Raises DrawingError.
    """
    # Imported here: loading the converter costs a second, which only drawing should pay.
    import vl_convert

    try:
        svg = vl_convert.vegalite_to_svg(_settle(spec), allowed_base_urls=[])
    except ValueError as error:
        # The first line says only that it failed, and the last where in the converter.
        lines = [line.strip() for line in str(error).splitlines() if "Error: " in line]
        reason = lines[0] if lines else "no reason given"
        raise DrawingError(f"the chart {name!r} cannot be drawn ({reason})") from error
    return slim(svg, name)


def slim(svg: str, name: str) -> str:
    """An SVG with nothing in it that runs, loads or is not seen, at a third of its size."""
    from scour import scour

    root = ElementTree.fromstring(svg)
    _clean(root)
    root.set("font-family", FONTS)
    options = scour.sanitizeOptions()
    options.digits = 4
    options.group_create = True
    options.shorten_ids, options.shorten_ids_prefix = True, f"{name}-"
    options.indent_type, options.newlines, options.strip_xml_prolog = "none", False, True
    options.quiet = True
    ElementTree.register_namespace("", SVG)
    return scour.scourString(ElementTree.tostring(root, encoding="unicode"), options).strip()


def defaults(spec: dict[str, Any]) -> dict[str, Any]:
    """What readers can change in a chart, by the name they see, with the value it starts at."""
    found = {}
    for parameter in spec.get("params", []):
        bind = parameter.get("bind")
        if isinstance(bind, dict) and "value" in parameter:
            found[str(bind.get("name") or parameter["name"]).strip(" :")] = parameter["value"]
    return found


def _settle(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification at a fixed width, in a font that can be measured."""
    settled = _fit(spec)
    if settled.get("width") == "container":
        settled["width"] = WIDTH
    settled["config"] = settled.get("config", {}) | {"font": FONT}
    return settled


def _fit(value: Any) -> Any:
    if isinstance(value, str):
        return UNFIT.sub("\ufffd", value)
    if isinstance(value, list):
        return [_fit(item) for item in value]
    if isinstance(value, dict):
        pairs = ((key, _unlink(item) if key == "encoding" else item) for key, item in value.items())
        return {_fit(key): _fit(item) for key, item in pairs}
    return value


def _unlink(channels: Any) -> Any:
    """A picture has no links, and the converter stumbles over those that would run."""
    if not isinstance(channels, dict):
        return channels
    return {name: value for name, value in channels.items() if name != "href"}


def _clean(element: ElementTree.Element) -> None:
    """Keep what is known to be harmless and seen; fonts stand once, at the top."""
    for key, value in list(element.attrib.items()):
        unseen = key == "font-family" or (key == "opacity" and value == "1")
        if key not in ATTRIBUTES or unseen or ELSEWHERE.search(value):
            del element.attrib[key]
    for child in list(element):
        tag = child.tag.removeprefix(f"{{{SVG}}}") if isinstance(child.tag, str) else ""
        if tag not in ELEMENTS or child.get("display") == "none" or _is_bare_frame(child):
            element.remove(child)
        else:
            _clean(child)


def _is_bare_frame(element: ElementTree.Element) -> bool:
    """Whether it is the frame around a group of marks, and nobody asked to see it."""
    frame = element.get("class") in ("background", "foreground")
    return frame and not {"fill", "stroke"}.intersection(element.keys())


def main() -> None:
    """Draw what comes in on standard input; a chart that cannot be drawn gives its reason."""
    drawn: list[dict[str, str]] = []
    for name, spec in json.load(sys.stdin):
        try:
            drawn.append({"svg": draw(spec, name)})
        except DrawingError as error:
            drawn.append({"error": str(error)})
    json.dump(drawn, sys.stdout)


if __name__ == "__main__":
    main()
