"""Altair within builds: one table made once, and charts that leave a notebook as plain data."""

from __future__ import annotations

import inspect
import sys
from contextlib import suppress
from typing import Any

RENDERER = "mss"
VEGALITE = "application/vnd.vegalite.v{}+json"


def prepare() -> None:
    """Import Altair where it is installed, memoise its schema table, and add our renderer."""
    with suppress(ImportError):
        import altair

        memoise()
        major = altair.SCHEMA_VERSION.lstrip("v").partition(".")[0]
        mime = VEGALITE.format(major)

        # Altair's own `mimetype` renderer writes `….v6.json`, which nbformat takes for text.
        def render(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
            return {mime: spec, "text/plain": "<VegaLite chart>"}

        altair.renderers.register(RENDERER, render)


def enable() -> None:
    """Let charts be shown by our renderer in this process."""
    if "altair" in sys.modules:
        sys.modules["altair"].renderers.enable(RENDERER)


def load_ipython_extension(shell: Any) -> None:
    """Do both in a kernel, which calls this for `--ext`."""
    prepare()
    enable()


def rehearse(frame: Any) -> None:
    """Make a chart of a frame with columns a, b and d: Altair then has its tables ready."""
    if "altair" in sys.modules:
        altair = sys.modules["altair"]
        chart = altair.Chart(frame).encode(x="d:T", y=altair.Y("a:Q").title("A"), color="b:N")
        altair.layer(chart.mark_line(), chart.mark_point()).to_dict()
        chart.mark_bar().facet("b:N").to_dict()


def memoise() -> bool:
    """Keep the table of schema hashes that Altair makes anew for every encoding channel.

    It rests on private names, so it stands back where those are not as expected. Returns
    whether it took hold.
    """
    from altair.utils import schemapi

    table, base = getattr(schemapi, "_FromDict", None), schemapi.SchemaBase
    try:
        names = list(inspect.signature(table.__init__).parameters)
        source = inspect.getsource(base.from_dict)
    except (TypeError, ValueError, AttributeError, OSError):
        return False
    known_names = names == ["self", "wrapper_classes"] and "_FromDict(" in source
    if not known_names or "__init_subclass__" in vars(base):
        return False
    make, known = table.__init__, {}

    def remember(self: Any, wrapper_classes: Any, /) -> None:
        # Usually every class below one, found anew each time; here it is known by that one.
        lazily = inspect.isgenerator(wrapper_classes)
        root = inspect.getgeneratorlocals(wrapper_classes).get("cls") if lazily else None
        classes = root or tuple(wrapper_classes)
        if classes not in known:
            make(self, wrapper_classes if root else classes)
            known[classes] = self.class_dict
        self.class_dict = known[classes]

    def forget(cls: type, **options: Any) -> None:
        known.clear()
        super(base, cls).__init_subclass__(**options)

    table.__init__ = remember
    base.__init_subclass__ = classmethod(forget)
    return True
