"""A reader of built pages: headless Chromium that notes what a page says, asks and lacks."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("MSS_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
WIDTHS, SCHEMES = (360, 1280), ("light", "dark")

DRAWN = """() => [...document.querySelectorAll('.chart[data-spec]')].every(chart =>
  chart.closest('details:not([open])') || chart.dataset.drawn === 'yes')"""

# Marks that a chart's data call for, and those that are there, for each layer without a transform.
MARKS = """() => [...document.querySelectorAll('.chart[data-spec]')]
  .filter(chart => !chart.closest('details:not([open])'))
  .flatMap(chart => {
    const spec = JSON.parse(document.getElementById(chart.dataset.spec).textContent);
    const found = [];
    const rowsOf = data => data && (data.values || (spec.datasets || {})[data.name]);
    (function visit(part, name, above, encoding, changed) {
      const data = rowsOf(part.data) || above;
      const channels = {...encoding, ...part.encoding};
      changed = changed || !!(part.transform || []).length;
      (part.layer || []).forEach((layer, place) =>
        visit(layer, `${name}layer_${place}_`, data, channels, changed));
      if (!part.mark) return;
      const kind = part.mark.type || part.mark;
      const summed = Object.values(channels).some(at => at && (at.aggregate || at.bin));
      const at = ['x', 'y'].map(c => channels[c]).filter(c => c && c.field);
      const whole = row => at.every(c => !/quanti|temporal/.test(c.type) || row[c.field] != null);
      const there = chart.querySelectorAll(`.role-mark.${name}marks > *`).length;
      const line = /line|area|trail/.test(kind);
      const asked = line || changed || summed || !data ? null : data.filter(whole).length;
      found.push([chart.id, name + kind, asked, there]);
    })(spec, '', null, {}, false);
    const drawn = chart.querySelectorAll('svg .role-mark > *').length;
    return [...found.filter(([, , asked, there]) => asked !== null && asked !== there),
      ...(drawn ? [] : [[chart.id, 'anything', 1, 0]])];
  })"""

# Where the Tab key has led, and whether from where it led before. A fold that was left is closed:
# with all of them open, a page of thousands takes hours. Stops are a ring, with the page itself as
# one of them, and a browser may begin anywhere on it.
ARRIVED = """() => {
  const here = document.activeElement, walked = window.walked ??= new Set();
  const [first] = walked, from = window.walkedFrom, before = walked.has(here);
  walked.add(window.walkedFrom = here);
  document.querySelectorAll('main details[open]').forEach(fold => {
    if (!fold.contains(here)) fold.open = false;
  });
  const fold = here.matches('main summary') && !here.parentElement.open;
  const figure = here.matches('main a.figure'), page = here === document.body;
  const met = here === first ? 'end' : before ? 'again' : '';
  const kind = met || (page ? 'page' : fold ? 'fold' : figure ? 'figure' : 'other');
  return [kind, here.textContent.trim().slice(0, 80), from === window.leftAt];
}"""
LEAVING = """addEventListener('keydown', event => {
  if (event.key === 'Tab') window.leftAt = document.activeElement;
}, true)"""
# All that Tab may stop at.
STOPS = "a[href], button, input, select, textarea, summary, [tabindex]"
TOLD = """() => {
  const panel = document.querySelector('dialog.panel');
  return panel.open && panel.querySelector('.panel-body').textContent.trim().length > 20;
}"""

# Goes from mark to mark of every chart by arrows; a mark with observations or a formula must open.
CHARTS = """most => {
  const panel = document.querySelector('dialog.panel'), wrong = [];
  const folds = [...document.querySelectorAll('details')];
  let tried = 0;
  for (const chart of document.querySelectorAll('.chart-panel[tabindex]')) {
    folds.forEach(fold => { fold.open = fold.contains(chart); });
    const name = chart.closest('figure').id, answers = new Map();
    for (const node of chart.querySelectorAll('svg *')) {
      const item = node.__data__, row = item && item.mark && item.datum;
      if (row && row.says && !answers.has(row.says)) {
        answers.set(row.says, !!(row.observation || row.formula));
      }
    }
    const press = key => chart.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    const told = chart.parentElement.querySelector('.told');
    const heard = new Set(), each = Math.ceil(answers.size / (most || answers.size));
    chart.focus();
    for (let place = 0; place < answers.size; place += 1) {
      press('ArrowRight');
      const says = told.textContent;
      heard.add(says);
      if (place % each) continue;
      tried += 1;
      press('Enter');
      const opened = panel.open;
      const words = panel.querySelector('.panel-body').textContent.trim();
      panel.close();
      if (opened !== answers.get(says) || (opened && words.length <= 20)
          || document.activeElement !== chart) {
        wrong.push([name, says, opened]);
      }
    }
    if (!heard.size || heard.size !== answers.size) wrong.push([name, heard.size, answers.size]);
  }
  return [tried, wrong];
}"""


@cache
def axe() -> str:
    """The script of axe-core, as a package of the tests carries it."""
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


@contextmanager
def chromium():
    """A browser; where every commit is judged, a missing one must not pass for good pages."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"no Chromium at {CHROMIUM}; set MSS_CHROMIUM")
        pytest.skip("no Chromium here; set MSS_CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def reading(browser, path, width=1280, scheme="light", height=900, anchor=""):
    """Open a page from its file; afterwards nothing may have left it, nor complained."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    # Long pages of many charts, on a slow machine.
    page.set_default_timeout(180_000)
    heard, asked = [], []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(Path(path).as_uri() + anchor)
    page.wait_for_function(DRAWN)
    try:
        yield page
        assert heard == [], (path, heard)
        assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == [], path
    finally:
        page.close()


def change_look(page, width, scheme):
    """Make the window of an open page as wide, and as light or dark, as asked for."""
    page.set_viewport_size({"width": width, "height": page.viewport_size["height"]})
    page.emulate_media(color_scheme=scheme)


def unfold(page):
    """Open every fold, and wait for the charts in them."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    page.wait_for_function(DRAWN)


def violations(page):
    """What axe-core finds: the rule, and where it is broken first."""
    if not page.evaluate("!!window.axe"):
        page.evaluate(axe())
    # Without `preload: false` it would ask for the stylesheets, which the pages forbid.
    found = page.evaluate("axe.run(document, {preload: false, resultTypes: ['violations']})")
    rules = [(rule["id"], rule["nodes"]) for rule in found["violations"]]
    return [(name, len(nodes), nodes[0]["html"][:200]) for name, nodes in rules]


def overflow(page):
    """By how many pixels a page is wider than its window; 0 if it is not."""
    return page.evaluate("Math.max(0, document.documentElement.scrollWidth - window.innerWidth)")


def missing_marks(page):
    """Layers of charts whose marks are not as many as their data."""
    return page.evaluate(MARKS)


def figures_that_do_not_answer(page, each=1):
    """How many figures the Tab key leads to, and those that Tab, Enter and Escape do not serve.

    A fold is opened by its own key when it is reached. The panel of every `each`-th figure is
    opened; that Tab leads to all figures is looked at in any case.
    """
    press, wrong, met = page.keyboard.press, [], 0
    there, stops = page.locator("main a.figure").count(), page.locator(STOPS).count()
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = false; })")
    page.evaluate(LEAVING)
    last, kind, words, let_go = None, "", "", False
    # Once more for the page, and once to be where the walk began.
    for _ in range(stops + 2):
        press("Tab")
        kind, words, back = page.evaluate(ARRIVED)
        if last and not back:
            wrong.append((last, "the focus was elsewhere when its panel had closed"))
        last = None
        if kind in ("end", "again"):
            break
        let_go = let_go or kind == "page"
        if kind == "fold":
            press("Enter")
        if kind == "figure":
            met += 1
            if met % each == 0:
                press("Enter")
                if not page.evaluate(TOLD):
                    wrong.append((words, "its panel tells nothing"))
                press("Escape")
                last = words
    if not let_go:
        wrong.append((words, "Tab never led out of the page"))
    if met != there or kind != "end":
        wrong.append((f"{there} figures", f"Tab led to {met}, and at last ({kind}) to: {words}"))
    return met, wrong


def marks_that_do_not_answer(page, most=0):
    """How many marks of charts were tried, and those whose panel does not open by the keyboard.

    A mark of a silence has no figure and opens nothing; of a chart with many marks `most` are
    tried, evenly spread; 0 tries all.
    """
    return page.evaluate(CHARTS, most)
