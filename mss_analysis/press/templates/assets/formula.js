/* Reads how a figure was derived: "(a + b) ÷ bounds(c, d)" becomes a tree down to observations. */
(function () {
  "use strict";

  var NAME = /^[A-Za-z_][\w.:-]*/;
  var NUMBER = /^[\d.,]+(?:e[+-]?\d+)?/;

  // Gives {operation, inputs, signs}: a call has the name of its operation, arithmetic has the
  // sign before each further input, a leaf has a name or words.
  function read(text) {
    var rest = text.trim();

    function take(length) {
      var taken = rest.slice(0, length);
      rest = rest.slice(length).trimStart();
      return taken;
    }

    function term() {
      var word = NAME.exec(rest);
      if (rest[0] === "(") {
        take(1);
        var group = chain(")");
        take(1);
        return group;
      }
      if (word && rest[word[0].length] === "(") {
        var operation = take(word[0].length);
        take(1);
        var inputs = [];
        while (rest && rest[0] !== ")") {
          inputs.push(chain(",)→"));
          if (rest[0] === "," || rest[0] === "→") take(1);
        }
        take(1);
        return { operation: operation, inputs: inputs };
      }
      if (word) return { name: take(word[0].length) };
      var number = NUMBER.exec(rest);
      if (number) return { words: take(number[0].length) };
      if (rest[0] === "[") return { words: take(rest.indexOf("]") + 1 || 1) };
      return { words: take(1) };
    }

    function chain(ends) {
      var inputs = [term()];
      var signs = [];
      while (rest && ends.indexOf(rest[0]) < 0) {
        if ("+-−×÷".indexOf(rest[0]) < 0) {
          // Something that is not arithmetic: keep it as it is written.
          inputs.push(term());
          signs.push("");
        } else {
          signs.push(take(1));
          inputs.push(term());
        }
      }
      return inputs.length > 1 ? { inputs: inputs, signs: signs } : inputs[0];
    }

    return chain("");
  }

  window.mssFormula = read;
})();
