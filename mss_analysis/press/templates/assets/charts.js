/* Draws the charts of a page, each where its text alternative stands. */
(function () {
  "use strict";

  // Below this width (in pixels) axis titles and legends have to be broken.
  var NARROW = 480;
  // Width of a letter at the charts' font size, on average.
  var LETTER = 6.3;
  // The share of a narrow chart that the names of its rows may take.
  var NAMES = 0.5;

  var containers = Array.from(document.querySelectorAll(".chart[data-spec]"));

  function wrap(words, width) {
    var most = Math.max(16, Math.floor(width / LETTER));
    var lines = [""];
    words.split(" ").forEach(function (word) {
      var last = lines[lines.length - 1];
      if (last && (last + " " + word).length > most) lines.push(word);
      else lines[lines.length - 1] = last ? last + " " + word : word;
    });
    return lines.length > 1 ? lines : words;
  }

  // A chart is designed for a wide page: on a phone its words are broken, never cut.
  function fit(spec, width) {
    var config = (spec.config = spec.config || {});
    var spread = { labelOverlap: "greedy", labelSeparation: 8 };
    config.axisX = Object.assign({}, config.axisX, { titleAnchor: "end" });
    config.axisY = Object.assign({}, config.axisY, { labelFontSize: 11 });
    config.axisTemporal = Object.assign({}, spread, config.axisTemporal);
    config.axisQuantitative = Object.assign({}, spread, config.axisQuantitative);
    config.axis = Object.assign({}, config.axis, { labelLimit: Math.round(width * NAMES) });
    config.legend = Object.assign({}, config.legend, {
      columns: 1,
      layout: { top: { direction: "vertical" }, bottom: { direction: "vertical" } },
      labelLimit: width - 50,
      titleLimit: width - 20,
    });
    (function visit(part) {
      if (!part || typeof part !== "object") return;
      if (part.encoding) {
        ["x", "x2"].forEach(function (channel) {
          var at = part.encoding[channel];
          if (!at) return;
          if (typeof at.title === "string") at.title = wrap(at.title, width);
          if (at.axis && typeof at.axis.title === "string") at.axis.title = wrap(at.axis.title, width);
        });
        var rows = part.encoding.y && part.encoding.y.axis;
        if (rows && rows.labelLimit) rows.labelLimit = Math.min(rows.labelLimit, width * NAMES);
        Object.values(part.encoding).forEach(function (at) {
          if (at && at.legend) {
            if (at.legend.columns) at.legend.columns = 1;
            if (at.legend.labelLimit) at.legend.labelLimit = width - 50;
          }
        });
      }
      ["layer", "hconcat", "vconcat", "concat"].forEach(function (name) {
        (part[name] || []).forEach(visit);
      });
      visit(part.spec);
    })(spec);
    return spec;
  }

  // Words in columns cannot be made narrower: such a chart scrolls in its panel.
  function isGrid(part, columns) {
    var at = part.encoding && part.encoding.x;
    var inColumns = at ? /nominal|ordinal/.test(at.type) : columns;
    var isText = part.mark && (part.mark.type || part.mark) === "text";
    return (
      (inColumns && isText) ||
      (part.layer || []).some(function (layer) {
        return isGrid(layer, inColumns);
      })
    );
  }

  function draw(container) {
    if (container.dataset.drawn || !window.vegaEmbed) return;
    container.dataset.drawn = "begun";
    var alternative = container.getAttribute("aria-label");
    var width = container.clientWidth;
    Promise.resolve(container.dataset.spec)
      .then(function (id) {
        var spec = JSON.parse(document.getElementById(id).textContent);
        if (width && width < NARROW) {
          if (isGrid(spec, false)) container.style.width = width = NARROW + "px";
          fit(spec, parseInt(width, 10));
        }
        return window.vegaEmbed(container, spec, { renderer: "svg", actions: false });
      })
      .then(function (result) {
        finish(container, result.view, alternative);
      })
      .catch(function () {
        container.textContent = "";
        var words = document.createElement("p");
        words.className = "alternative";
        words.textContent = alternative;
        container.append(words);
        container.classList.add("failed");
        container.dataset.drawn = "failed";
      });
  }

  function finish(container, view, alternative) {
    var svg = container.querySelector("svg");
    var bindings = container.querySelector(".vega-bindings");
    // Vega puts its own words and roles here; the text alternative must win. What a reader can
    // move must not stand inside an image.
    var image = bindings && bindings.childElementCount ? svg : container;
    if (image === svg) {
      container.removeAttribute("role");
      container.removeAttribute("aria-label");
    }
    Array.from(image === svg ? svg.children : [svg]).forEach(function (part) {
      part.setAttribute("aria-hidden", "true");
    });
    image.setAttribute("role", "img");
    image.setAttribute("aria-label", alternative);
    container.dataset.drawn = "yes";
    view.addEventListener("click", function (event, item) {
      var datum = item && item.datum;
      if (datum && datum.observation) {
        var names = String(datum.observation).split(/\s+/);
        var detail = { names: names, formula: datum.formula || "", title: datum.says || "" };
        container.dispatchEvent(new CustomEvent("mss:figure", { bubbles: true, detail: detail }));
      }
    });
    view.addEventListener("mousemove", function (event, item) {
      var leads = item && item.datum && item.datum.observation;
      container.style.cursor = leads ? "pointer" : "";
    });
  }

  // A chart in a closed fold has no width yet: it waits until the fold opens.
  function isShown(container) {
    return !container.closest("details:not([open])");
  }

  function waiting() {
    return containers.filter(function (container) {
      return !container.dataset.drawn && isShown(container);
    });
  }

  // What is in sight is drawn at once, the rest when the page has nothing else to do.
  var idle = window.requestIdleCallback || window.setTimeout;

  function drawRest() {
    var next = waiting()[0];
    if (!next) return;
    draw(next);
    idle(drawRest);
  }

  var observer = new IntersectionObserver(
    function (entries) {
      entries.forEach(function (entry) {
        if (entry.isIntersecting && isShown(entry.target)) draw(entry.target);
      });
    },
    { rootMargin: "300px" },
  );
  containers.forEach(function (container) {
    observer.observe(container);
  });
  document.querySelectorAll("details").forEach(function (fold) {
    fold.addEventListener("toggle", function () {
      if (fold.open && fold.querySelector(".chart[data-spec]")) drawRest();
    });
  });
  window.addEventListener("beforeprint", function () {
    waiting().forEach(draw);
  });
  idle(drawRest);

  /* The specification of a chart, out of the page */

  document.querySelectorAll("button[data-save]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var spec = JSON.parse(document.getElementById(button.dataset.save).textContent);
      var file = new Blob([JSON.stringify(spec, null, 1) + "\n"], { type: "application/json" });
      var link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = button.dataset.name;
      link.click();
      window.setTimeout(function () {
        URL.revokeObjectURL(link.href);
      }, 1000);
    });
  });
})();
