/* References of a report and its parts (APA, BibTeX, CSL-JSON), with a button that copies. */
(function () {
  "use strict";

  var FORMS = [["apa", "APA"], ["bibtex", "BibTeX"], ["csl", "CSL-JSON"]];

  function copy(shown, button, words) {
    function done() {
      button.textContent = words.copied;
    }

    // The text stays selected, so a reader can copy it where this page may not.
    function byHand() {
      window.getSelection().selectAllChildren(shown);
      var worked = false;
      try {
        worked = document.execCommand("copy");
      } catch {
        // Refused, too.
      }
      button.textContent = worked ? words.copied : words.selected;
    }

    // Pages opened from a folder may be refused the clipboard.
    if (navigator.clipboard) navigator.clipboard.writeText(shown.textContent).then(done, byHand);
    else byHand();
  }

  // What stands above a reference: its form, and the button.
  function head(form, shown, words) {
    var row = document.createElement("div");
    row.className = "reference-head";
    var name = document.createElement("span");
    name.textContent = form;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.copy;
    button.setAttribute("aria-label", words.copy + ": " + form);
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", function () {
      button.removeAttribute("aria-label");
      copy(shown, button, words);
    });
    row.append(name, button);
    return row;
  }

  // Where a part of the page is found: on the web as there, in a folder within the site.
  window.mssAddress = function (citing, anchor) {
    var page = citing.address;
    if (!/^https?:/.test(page) && /^https?:/.test(location.protocol)) page = location.href.split("#")[0];
    return page + "#" + anchor;
  };

  // What BibTeX would read as its own signs.
  function escapeTex(text) {
    return text.replace(/[{}\\]/g, "").replace(/([&%$#_])/g, "\\$1");
  }

  function replace(text, values) {
    return text.replace(/@@(\w+)@@/g, function (slot, name) {
      return values[name];
    });
  }

  // References of a part of the report: `values` has its words, kind and anchor.
  window.mssReferences = function (citing, words, values) {
    var known = Object.assign({ url: window.mssAddress(citing, values.anchor) }, values);
    var tex = { url: known.url, anchor: known.anchor, part: escapeTex(known.part), kind: escapeTex(known.kind) };
    var item = JSON.parse(citing.csl);
    item[0].id = known.anchor;
    item[0].title = known.part;
    item[0].genre = known.kind;
    item[0].URL = known.url;
    item[0].note = replace(item[0].note, known);
    var texts = {
      apa: replace(citing.apa, known),
      bibtex: replace(citing.bibtex, tex),
      csl: JSON.stringify(item, null, 1),
    };
    var all = document.createElement("div");
    FORMS.forEach(function (form) {
      var shown = document.createElement("pre");
      shown.className = "reference";
      shown.tabIndex = 0;
      shown.textContent = texts[form[0]];
      all.append(head(form[1], shown, words), shown);
    });
    return all;
  };

  /* The report's own references stand on the page; they get buttons. */

  var block = document.getElementById("words");
  var own = document.querySelectorAll("[data-copy]");
  if (block && own.length) {
    var words = JSON.parse(block.textContent);
    own.forEach(function (shown) {
      shown.before(head(shown.dataset.copy, shown, words));
    });
  }
})();
