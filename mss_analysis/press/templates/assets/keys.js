/* A chart by keys: arrows move from mark to mark, Enter opens the figure, Escape leaves. */
(function () {
  "use strict";

  var block = document.getElementById("words");
  if (!block) return;
  var words = JSON.parse(block.textContent);
  var STEPS = { ArrowRight: 1, ArrowLeft: -1 };

  // One node for each sentence: a value may be drawn as a bar, a tip and a word.
  function marks(chart) {
    var found = new Map();
    chart.querySelectorAll("svg *").forEach(function (node) {
      var item = node.__data__;
      var datum = item && item.mark && item.datum;
      if (datum && datum.says && !found.has(datum.says)) found.set(datum.says, { node: node, datum: datum });
    });
    return Array.from(found.values());
  }

  function guide(panel) {
    var chart = panel.querySelector(".chart");
    var told = document.createElement("p");
    var ring = document.createElement("div");
    var chosen = null;
    ring.className = "ring";
    ring.hidden = true;
    panel.append(ring);
    told.className = "told";
    told.setAttribute("role", "status");
    panel.after(told);
    panel.setAttribute("aria-describedby", "chart-keys");

    function leave() {
      ring.hidden = true;
      chosen = null;
      told.textContent = "";
    }

    // Around the mark, whatever it is: a dot, a bar, a word.
    function surround(node) {
      var inner = node.getBoundingClientRect();
      var outer = panel.getBoundingClientRect();
      ring.style.left = inner.left - outer.left + panel.scrollLeft + "px";
      ring.style.top = inner.top - outer.top + "px";
      ring.style.width = inner.width + "px";
      ring.style.height = inner.height + "px";
      ring.hidden = false;
    }

    function move(step) {
      var all = marks(chart);
      var at = all.findIndex(function (mark) {
        return chosen && mark.datum.says === chosen.datum.says;
      });
      if (!all.length) return;
      leave();
      chosen = all[at < 0 && step < 0 ? all.length - 1 : (at + step + all.length) % all.length];
      chosen.node.scrollIntoView({ block: "nearest", inline: "nearest" });
      surround(chosen.node);
      told.textContent = chosen.datum.says;
    }

    function open() {
      var datum = chosen.datum;
      var names = String(datum.observation || "").split(/\s+/);
      var detail = { names: names, formula: datum.formula || "", title: datum.says };
      chart.dispatchEvent(new CustomEvent("mss:figure", { bubbles: true, detail: detail }));
    }

    panel.addEventListener("keydown", function (event) {
      // A slider inside the chart has its own arrows.
      if (event.target !== panel || event.altKey || event.ctrlKey || event.metaKey) return;
      if (STEPS[event.key]) move(STEPS[event.key]);
      else if (event.key === "Enter" && chosen) open();
      else if (event.key === "Escape" && chosen) leave();
      else return;
      event.preventDefault();
    });
    // The figure's own panel takes the focus for a while, and gives it back.
    panel.addEventListener("focusout", function (event) {
      if (!event.relatedTarget || !event.relatedTarget.closest("dialog")) leave();
    });
  }

  var panels = Array.from(document.querySelectorAll(".chart-panel")).filter(function (panel) {
    var spec = document.getElementById(panel.querySelector(".chart").dataset.spec);
    return spec && spec.textContent.indexOf('"says"') >= 0;
  });
  if (!panels.length) return;
  var how = document.createElement("p");
  how.id = "chart-keys";
  how.hidden = true;
  how.textContent = words.keys;
  document.body.append(how);
  panels.forEach(guide);
})();
