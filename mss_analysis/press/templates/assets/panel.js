/* The panel behind a figure: what was said, by whom, where; how it was derived; how to cite it. */
(function () {
  "use strict";

  var panel = document.querySelector("dialog.panel");
  if (!panel || !panel.showModal) return;
  var words = JSON.parse(document.getElementById("words").textContent);
  var citing = JSON.parse(document.getElementById("citing").textContent);
  var body = panel.querySelector(".panel-body");
  var title = document.getElementById("panel-title");
  var opener = null;
  // A count may rest on hundreds of rows: the panel shows the first, the table has all.
  var MOST = 40;
  var FEW = 3;

  function element(name, content, className) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (content) made.append(content);
    return made;
  }

  function fill(message, values) {
    return message.replace(/\{(\w+)\}/g, function (slot, name) {
      return name in values ? values[name] : slot;
    });
  }

  function row(name) {
    return document.getElementById("obs-" + name);
  }

  function part(name, className) {
    var found = row(name) && row(name).querySelector("." + className);
    return found ? found.textContent.trim() : "";
  }

  /* One observation, gathered from its row and from its source in the list */

  function entry(name, headed) {
    var article = element("article");
    var list = element("dl");
    var from = row(name);

    function tell(label, nodes) {
      if (!nodes.length) return;
      list.append(element("dt", label));
      var told = element("dd");
      nodes.forEach(function (node) {
        told.append(node.cloneNode(true));
      });
      list.append(told);
    }

    function pick(className) {
      return Array.from(from.querySelectorAll("." + className));
    }

    if (headed) article.append(element("h3", part(name, "wording")));
    tell(words.bounds, pick("bounds"));
    tell(words.what, pick("what"));
    tell(words.when, pick("parts"));
    tell(words.who, pick("who"));
    tell(words.source, source(from));
    tell(words.locator, pick("locator"));
    tell(words.note, pick("remark"));
    tell(words.disputed, disputes(from));
    tell(words.newer, pick("newer"));
    var link = element("a", window.mssAddress(citing, "obs-" + name));
    link.href = "#obs-" + name;
    tell(words.address, [link]);
    article.append(list, cite(name));
    return article;
  }

  // What the page lists of the disputes that a row names, or what the row itself says.
  function disputes(from) {
    var listed = Array.from(from.querySelectorAll(".contested a[href^='#dispute-']"));
    if (!listed.length) return Array.from(from.querySelectorAll(".contested"));
    var shown = listed.slice(0, FEW).map(function (link) {
      var told = element("p", "", "contested");
      told.append.apply(told, document.getElementById(link.hash.slice(1)).cloneNode(true).childNodes);
      return told;
    });
    if (listed.length > FEW) {
      var rest = element("a", fill(words.disputes, { number: listed.length - FEW }));
      rest.href = "#disputed";
      shown.push(rest);
    }
    return shown;
  }

  // Title, publisher and date, the document itself, and the page on this source.
  function source(from) {
    var reference = from.querySelector("a.document");
    var item = reference && document.getElementById(reference.hash.slice(1));
    if (!item) return reference ? [reference] : [];
    var shown = element("span");
    item.childNodes.forEach(function (node) {
      if (!(node.classList && node.classList.contains("remark"))) shown.append(node.cloneNode(true));
    });
    return [shown];
  }

  function cite(name) {
    var when = [part(name, "what"), part(name, "parts")].filter(Boolean).join(", ");
    var values = {
      part: "“" + part(name, "wording") + "” (" + when + ")",
      kind: fill(words.kindFigure, { id: name }),
      anchor: "obs-" + name,
    };
    return fold(words.cite, function () {
      return window.mssReferences(citing, words, values);
    });
  }

  /* Folds fill themselves when they are first opened */

  function fold(summary, make) {
    var made = element("details");
    made.append(element("summary", summary));
    made.addEventListener("toggle", function () {
      if (made.open && made.childElementCount === 1) made.append(make());
    });
    return made;
  }

  function folded(name) {
    var summary = element("span");
    summary.append(part(name, "wording"), " ", element("span", part(name, "what"), "what"));
    return fold(summary, function () {
      return entry(name, false);
    });
  }

  /* A derived figure: its formula in words, and its inputs down to observations */

  function say(node, depth) {
    if (node.name) return row(node.name) ? part(node.name, "wording") : node.name;
    if (node.words) return node.words;
    var inputs = node.inputs.map(function (input) {
      return say(input, depth + 1);
    });
    if (node.operation) {
      var known = words.operations[node.operation];
      var many = inputs.length > 2 || inputs.indexOf("…") >= 0;
      var named = many ? fill(words.figures, { number: count(node) }) : inputs.join(words.and);
      return known ? fill(known, { inputs: named }) : node.operation + " (" + named + ")";
    }
    var said = inputs.reduce(function (before, input, place) {
      return before + " " + node.signs[place - 1] + " " + input;
    });
    return depth ? "(" + said + ")" : said;
  }

  function count(node) {
    var rest = node.inputs.some(function (input) {
      return input.words === "…";
    });
    return rest && node.total ? node.total : node.inputs.length;
  }

  function leaves(node) {
    if (node.name) return [node.name];
    return (node.inputs || []).flatMap(leaves);
  }

  function tree(node) {
    var list = element("ul", "", "inputs");
    node.inputs.forEach(function (input) {
      if (input.name && row(input.name)) list.append(element("li", folded(input.name)));
      else if (input.inputs) {
        var inner = element("li", element("span", say(input, 0), "formula"));
        inner.append(tree(input));
        list.append(inner);
      }
    });
    return list;
  }

  function derive(formula, names) {
    var node = window.mssFormula(formula);
    // A count is the rows that it counts: nothing else is to be said of it.
    if (node.operation === "count") return several(names);
    node.total = names.length;
    var parts = [];
    var how = element("p", words.derived + " ", "formula");
    how.append(say(node, 0));
    how.append(" ", element("code", formula.length < 200 ? formula : "", "operation"));
    parts.push(how);
    var shown = [];
    if (node.inputs && !(node.operation && node.inputs.every(isLeaf))) {
      parts.push(element("p", words.inputs, "label"), tree(node));
      shown = leaves(node);
    }
    var left = names.filter(function (name) {
      return shown.indexOf(name) < 0;
    });
    return parts.concat(several(left));
  }

  function isLeaf(node) {
    return !node.inputs;
  }

  function several(names) {
    if (names.length < 3) {
      return names.map(function (name) {
        return entry(name, true);
      });
    }
    var list = element("ul", "", "inputs");
    names.slice(0, MOST).forEach(function (name) {
      list.append(element("li", folded(name)));
    });
    var made = [list];
    if (names.length > MOST) {
      var rest = element("a", fill(words.more, { number: names.length - MOST }));
      rest.href = "#figures";
      made.push(rest);
    }
    return made;
  }

  /* Opening and closing */

  function show(heading, parts, from) {
    opener = from;
    title.textContent = heading;
    body.replaceChildren.apply(body, parts);
    panel.showModal();
    panel.scrollTop = 0;
    // Without this the first link would take the focus, and the panel would open scrolled.
    title.focus();
  }

  function open(names, formula, heading, from) {
    var known = names.filter(function (name, place) {
      return name && names.indexOf(name) === place && row(name);
    });
    if (!known.length) return false;
    if (!formula && known.length === 1) {
      show(part(known[0], "wording"), [entry(known[0], false)], from);
    } else {
      show(heading || words.several, formula ? derive(formula, known) : several(known), from);
    }
    return true;
  }

  function caption(figure) {
    var copy = figure.cloneNode(true);
    copy.querySelectorAll(".mark").forEach(function (mark) {
      mark.remove();
    });
    return copy.textContent.trim();
  }

  document.addEventListener("click", function (event) {
    var figure = event.target.closest && event.target.closest("a.figure");
    if (!figure || event.ctrlKey || event.metaKey || event.shiftKey) return;
    var names = (figure.dataset.observations || "").trim().split(/\s+/);
    if (open(names, figure.dataset.formula || "", caption(figure), figure)) event.preventDefault();
  });

  document.addEventListener("mss:figure", function (event) {
    open(event.detail.names, event.detail.formula, event.detail.title, event.target.closest("[tabindex]"));
  });

  document.querySelectorAll("button[data-cite]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var figure = document.getElementById(button.dataset.cite);
      var headline = figure.querySelector(".headline") || figure.querySelector(".question");
      var values = { part: caption(headline), kind: button.dataset.kind, anchor: figure.id };
      show(values.part, [window.mssReferences(citing, words, values)], button);
    });
  });

  panel.addEventListener("click", function (event) {
    var leaves = event.target === panel || event.target.closest(".close, a[href^='#']");
    if (!leaves) return;
    // A link to another place of the page takes the reader there, not back.
    if (event.target.closest("a")) opener = null;
    panel.close();
  });
  // Browsers give the focus back, unless what was clicked could not have it.
  panel.addEventListener("close", function () {
    if (opener && document.activeElement === document.body) opener.focus();
  });
})();
