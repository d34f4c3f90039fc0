/* Charts, the panel behind each figure, and the code switch. The page reads well without it. */
(function () {
  "use strict";

  var panel = document.querySelector("dialog.panel");

  /* Charts */

  function draw(container) {
    if (container.dataset.drawn || !window.vegaEmbed) return;
    container.dataset.drawn = "yes";
    var alternative = container.getAttribute("aria-label");
    var spec = JSON.parse(document.getElementById(container.dataset.spec).textContent);
    window
      .vegaEmbed(container, spec, { renderer: "svg", actions: false })
      .then(function (result) {
        // Vega puts its own words and roles here; the text alternative must win.
        container.setAttribute("role", "img");
        container.setAttribute("aria-label", alternative);
        var svg = container.querySelector("svg");
        if (svg) svg.setAttribute("aria-hidden", "true");
        result.view.addEventListener("click", function (event, item) {
          var datum = item && item.datum;
          if (datum && datum.observation) open(String(datum.observation).split(/\s+/), "");
        });
        result.view.addEventListener("mousemove", function (event, item) {
          var leads = item && item.datum && item.datum.observation;
          container.style.cursor = leads ? "pointer" : "";
        });
      })
      .catch(function () {
        container.textContent = "The chart could not be drawn; the table holds its figures.";
        container.classList.add("hint");
      });
  }

  function drawVisible() {
    document.querySelectorAll(".chart[data-spec]").forEach(function (container) {
      // A chart in a closed fold has no width yet: it waits until the fold opens.
      if (!container.closest("details:not([open])")) draw(container);
    });
  }

  document.querySelectorAll("details").forEach(function (fold) {
    fold.addEventListener("toggle", drawVisible);
  });
  drawVisible();

  /* The panel behind a figure */

  function entry(name) {
    var row = document.getElementById("obs-" + name);
    var article = document.createElement("article");
    Array.prototype.forEach.call(row.cells, function (cell) {
      if (!cell.textContent.trim()) return;
      var part = document.createElement("div");
      part.className = cell.tagName === "TH" ? "entry-figure" : "entry-part";
      if (cell.tagName !== "TH") {
        var label = document.createElement("p");
        label.className = "label";
        label.textContent = cell.dataset.label;
        part.appendChild(label);
      }
      cell.childNodes.forEach(function (node) {
        part.appendChild(node.cloneNode(true));
      });
      article.appendChild(part);
    });
    return article;
  }

  // A count may rest on hundreds of rows: the panel shows the first, the table has all.
  var most = 12;

  function open(names, formula) {
    var known = names.filter(function (name, i) {
      return name && names.indexOf(name) === i && document.getElementById("obs-" + name);
    });
    var entries = known.slice(0, most).map(entry);
    if (!panel || !panel.showModal || !entries.length) return false;
    var body = panel.querySelector(".panel-body");
    body.textContent = "";
    if (formula) {
      var how = document.createElement("p");
      how.className = "formula";
      how.append("Derived: ");
      var code = document.createElement("code");
      code.textContent = formula;
      how.appendChild(code);
      body.appendChild(how);
    }
    entries.forEach(function (item) {
      body.appendChild(item);
    });
    if (known.length > most) {
      var rest = document.createElement("a");
      rest.href = "#figures";
      rest.textContent = "and " + (known.length - most) + " more in the table of figures";
      body.appendChild(rest);
    }
    panel.showModal();
    panel.scrollTop = 0;
    // Without this the first link would take the focus, and the panel would open scrolled.
    document.getElementById("panel-title").focus();
    return true;
  }

  document.addEventListener("click", function (event) {
    var figure = event.target.closest && event.target.closest("a.figure");
    if (!figure || event.ctrlKey || event.metaKey || event.shiftKey) return;
    var names = (figure.dataset.observations || "").trim().split(/\s+/);
    if (open(names, figure.dataset.formula || "")) event.preventDefault();
  });

  if (panel) {
    panel.addEventListener("click", function (event) {
      var leaves = event.target === panel || event.target.closest(".close, a[href^='#']");
      if (leaves) panel.close();
    });
  }

  /* A link into a closed fold opens it */

  function unfold() {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    var fold = target && target.closest("details:not([open])");
    if (!fold) return;
    fold.open = true;
    target.scrollIntoView();
  }

  window.addEventListener("hashchange", unfold);
  unfold();

  /* All code at once */

  var button = document.querySelector("button.all-code");
  if (button) {
    document.documentElement.classList.add("scripted");
    button.hidden = false;
    button.addEventListener("click", function () {
      var shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(shown));
      button.textContent = shown ? "Hide all code" : "Show all code";
      document.querySelectorAll("details.code").forEach(function (fold) {
        fold.open = shown;
      });
    });
  }
})();
