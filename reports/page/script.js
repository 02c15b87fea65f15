"use strict";
// The page is whole without this. With it: a filter that lives in the address, folded parts that open
// when they are linked to, and buttons that copy commands.
(() => {
  const rows = [...document.querySelectorAll("[data-row]")];
  const input = document.getElementById("filter-text");
  const output = document.getElementById("filter-count");
  const texts = new Map();

  // What a row is found by: a case by its heading and axes, not by every word of its steps.
  const text = (row) => {
    if (!texts.has(row)) {
      const parts = row.tagName === "TR" ? [row] : [...row.querySelectorAll("summary, .body > .sub")];
      texts.set(row, parts.map((part) => part.textContent).join(" ").toLowerCase());
    }
    return texts.get(row);
  };

  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !words.every((word) => text(row).includes(word));
      if (!row.hidden) shown += 1;
    }
    for (const area of document.querySelectorAll("details.area")) {
      area.hidden = words.length > 0 && !area.querySelector("[data-row]:not([hidden])");
      if (words.length > 0 && !area.hidden) area.open = true;
    }
    output.textContent = words.length > 0 ? `${shown} of ${rows.length}` : "";
  };

  const reveal = () => {
    const hash = location.hash.slice(1);
    if (hash.startsWith("filter=")) {
      input.value = decodeURIComponent(hash.slice("filter=".length));
      filter();
      return;
    }
    const target = hash && document.getElementById(hash);
    if (!target) return;
    if (target.closest("[hidden]")) {
      input.value = "";
      filter();
    }
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") node.open = true;
    }
    target.scrollIntoView();
  };

  const copy = (code, button) => {
    const done = (word) => {
      button.textContent = word;
      button.addEventListener("blur", () => { button.textContent = "Copy"; }, { once: true });
    };
    const select = () => {
      getSelection().selectAllChildren(code);
      done("Selected");
    };
    if (!navigator.clipboard) return select();
    return navigator.clipboard.writeText(code.textContent).then(() => done("Copied"), select);
  };

  for (const code of document.querySelectorAll("code.command")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy ${code.textContent}`);
    button.addEventListener("click", () => copy(code, button));
    code.after(button);
  }

  document.getElementById("filter").hidden = false;
  input.addEventListener("input", () => {
    filter();
    const hash = input.value ? `#filter=${encodeURIComponent(input.value)}` : location.pathname;
    history.replaceState(null, "", hash);
  });
  addEventListener("hashchange", reveal);
  reveal();
})();
