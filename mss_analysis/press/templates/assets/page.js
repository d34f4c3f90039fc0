/* What every page can do: light or dark, folds, code, a change of language that keeps the place.
   Pages read well without it. */
(function () {
  "use strict";

  var root = document.documentElement;

  /* Light or dark, remembered where storage works */

  var system = window.matchMedia("(prefers-color-scheme: dark)");
  var toggle = document.querySelector("button.theme");

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
  }

  function showTheme() {
    toggle.setAttribute("aria-pressed", String(isDark()));
  }

  if (toggle) {
    toggle.hidden = false;
    showTheme();
    system.addEventListener("change", showTheme);
    toggle.addEventListener("click", function () {
      root.dataset.theme = isDark() ? "light" : "dark";
      try {
        localStorage.setItem("mss-theme", root.dataset.theme);
      } catch {
        // Without storage the choice lasts as long as the page.
      }
      showTheme();
    });
  }

  /* A link into a closed fold opens it */

  function find(hash) {
    try {
      return document.getElementById(decodeURIComponent(hash.slice(1)));
    } catch {
      // A sign of percent that begins no letter: nothing is called so.
      return null;
    }
  }

  function unfold() {
    var target = find(location.hash);
    var fold = target && target.closest("details:not([open])");
    if (!fold) return;
    for (; fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
    target.scrollIntoView();
  }

  window.addEventListener("hashchange", unfold);
  unfold();

  /* Charts grow when they are drawn: the place that was asked for stays in sight until the reader
     moves. Who comes back finds the place that was left, which is the browser's to restore. */

  var arrival = performance.getEntriesByType("navigation")[0];
  var held = arrival && arrival.type === "navigate" ? find(location.hash) : null;

  ["wheel", "touchmove", "pointerdown", "keydown"].forEach(function (kind) {
    window.addEventListener(
      kind,
      function () {
        held = null;
      },
      { capture: true, passive: true },
    );
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href^='#']:not(.figure)");
    if (link && !event.defaultPrevented) held = find(link.hash);
  });
  new ResizeObserver(function () {
    if (held) held.scrollIntoView();
  }).observe(document.body);

  /* All code at once */

  var button = document.querySelector("button.all-code");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(shown));
      document.querySelectorAll("details.code").forEach(function (fold) {
        fold.open = shown;
      });
    });
  }

  /* The same place in another language: anchors are the same in all of them */

  function place() {
    var found = "";
    document.querySelectorAll("main h2[id], main h3[id], figure[id]").forEach(function (mark) {
      if (mark.getBoundingClientRect().top < 120) found = mark.id;
    });
    return found;
  }

  document.querySelectorAll(".languages a[hreflang]").forEach(function (link) {
    link.addEventListener("click", function () {
      var anchor = location.hash.slice(1) || place();
      link.hash = anchor ? "#" + anchor : "";
    });
  });
})();
