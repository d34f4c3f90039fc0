/* Search over the site's index: every word that is typed must begin a word of an entry, or be a
   form of one: a plural, a feminine. */
(function () {
  "use strict";

  var box = document.querySelector("form.search");
  if (!box) return;
  var input = box.querySelector("input");
  var status = document.querySelector(".search-status");
  var list = document.querySelector(".search-results");
  var words = JSON.parse(document.getElementById("search-words").textContent);
  var most = Number(box.dataset.most);
  var entries = null;
  var waiting = false;

  // é and e, ò and o, 4,864 and 4864 are the same to whoever looks for them.
  function split(text) {
    return text
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "")
      .toLowerCase()
      .replace(/œ/g, "oe")
      .replace(/(\d)[ ,.\u00a0\u202f](?=\d{3}(?!\d))/g, "$1")
      .split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean);
  }

  // What a word's forms have in common: "déplacées" and "déplacé", "pledges" and "pledge". Short
  // words stay as they are, and Creole words have one form.
  var ENDINGS = { en: [/([^s])s$/, /()e$/, /()[iy]$/], fr: [/([^s])[sx]$/, /()e$/, /()e$/] };

  function stem(word) {
    return (ENDINGS[document.documentElement.lang] || []).reduce(function (left, ending) {
      var shorter = left.replace(ending, "$1");
      return shorter.length < 3 ? left : shorter;
    }, word);
  }

  function known(text) {
    return split(text).map(function (word) {
      return { word: word, stem: stem(word) };
    });
  }

  function load() {
    if (entries || waiting) return;
    waiting = true;
    var script = document.createElement("script");
    script.src = box.dataset.index;
    script.onload = function () {
      entries = SEARCH_INDEX.map(function (entry) {
        return { entry: entry, title: known(entry[1]), rest: known(entry[2]) };
      });
      show();
    };
    document.head.appendChild(script);
  }

  // Whole words weigh more than beginnings and other forms, and titles more than what else is said.
  function weigh(found, asked) {
    var total = 0;
    for (var i = 0; i < asked.length; i++) {
      var best = 0;
      [found.title, found.rest].forEach(function (group, at) {
        group.forEach(function (there) {
          var isLike = there.stem === asked[i].stem || there.word.startsWith(asked[i].word);
          var weight = (there.word === asked[i].word ? 2 : 1) + 2 - 2 * at;
          if (isLike) best = Math.max(best, weight);
        });
      });
      if (!best) return 0;
      total += best;
    }
    return total;
  }

  function item(entry) {
    var row = document.createElement("li");
    var kind = document.createElement("span");
    kind.className = "state";
    kind.textContent = words.kinds[entry[0]] || entry[0];
    var link = document.createElement("a");
    link.href = entry[3];
    link.textContent = entry[1];
    var rest = document.createElement("span");
    rest.className = "part";
    rest.textContent = entry[2];
    row.append(link, " ", kind, " ", rest);
    return row;
  }

  function show() {
    var asked = known(input.value);
    list.textContent = "";
    status.textContent = "";
    if (!input.value.trim()) return;
    if (!entries) return load();
    var found = (asked.length ? entries : [])
      .map(function (entry, at) {
        return { entry: entry.entry, at: at, weight: weigh(entry, asked) };
      })
      .filter(function (hit) {
        return hit.weight;
      })
      .sort(function (a, b) {
        return b.weight - a.weight || a.at - b.at;
      });
    var count = found.length === 1 ? words.one : found.length ? words.many : words.none;
    if (found.length > most && !box.dataset.page) count += ". " + words.first.replace("{most}", most);
    status.textContent = count.replace("{count}", found.length).replace("{query}", input.value.trim());
    found.slice(0, most).forEach(function (hit) {
      list.appendChild(item(hit.entry));
    });
    if (found.length > most && box.dataset.page) {
      var row = document.createElement("li");
      var link = document.createElement("a");
      link.href = box.dataset.page + "#q=" + encodeURIComponent(input.value.trim());
      link.textContent = words.all;
      row.appendChild(link);
      list.appendChild(row);
    }
  }

  function read() {
    var asked = location.hash.match(/^#q=(.*)$/);
    if (!asked) return;
    try {
      input.value = decodeURIComponent(asked[1]);
    } catch (error) {
      input.value = asked[1];
    }
    show();
  }

  // Who follows a result and comes back finds the question and the answers.
  function remember() {
    if (!box.dataset.page) history.replaceState(null, "", "#q=" + encodeURIComponent(input.value.trim()));
  }

  var typing;
  input.addEventListener("focus", load);
  input.addEventListener("input", function () {
    clearTimeout(typing);
    typing = setTimeout(function () {
      show();
      remember();
    }, 120);
  });
  box.addEventListener("submit", function (event) {
    event.preventDefault();
    clearTimeout(typing);
    show();
    remember();
  });
  window.addEventListener("hashchange", read);
  box.hidden = false;
  read();
})();
