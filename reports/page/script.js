"use strict";
// The page is whole without this. With it: filters that live in the address, sorting, keys, folded
// parts that open when they are linked to, and buttons that copy commands.
(() => {
  const $ = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const rows = all("[data-row]");
  const facets = ["verdict", "provider", "area", "requirement"];
  const controls = Object.fromEntries([...facets, "text", "sort"].map((name) => [name, $(`filter-${name}`)]));
  const words = (value) => (value || "").split(" ").filter(Boolean);

  // Entries of the ledger say which of its areas a requirement is of; cases have areas of their own.
  const areaOf = new Map(all(".requirements tr[data-row]").map((row) => [row.dataset.requirements, row.dataset.area]));
  const entries = rows.map((row) => {
    const requirements = words(row.dataset.requirements);
    const parts = row.matches("details.case") ? all("summary, .tests", row) : [row];
    const instances = all(".instance", row);
    return {
      row,
      instances,
      requirements: new Set(requirements),
      areas: new Set([row.dataset.area, ...requirements.map((id) => areaOf.get(id))]),
      // What is seen of it; a case is found by its headings and not by every word of its steps.
      text: parts.map((part) => part.textContent).join(" ").toLowerCase(),
      of: instances.length > 0 ? instances : [row],
    };
  });

  const values = (name) => {
    const found = new Set();
    for (const entry of entries) {
      if (name === "requirement") entry.requirements.forEach((id) => found.add(id));
      else if (name === "area") entry.areas.forEach((area) => found.add(area));
      else entry.of.forEach((node) => found.add(node.dataset[name]));
    }
    found.delete(undefined);
    found.delete("");
    return [...found].sort();
  };
  for (const name of facets) {
    for (const value of values(name)) controls[name].add(new Option(value.replaceAll("-", " "), value));
    if (name === "requirement" || name === "area") {
      for (const option of controls[name].options) option.textContent = option.value || option.textContent;
    }
  }

  const wanted = () => Object.fromEntries(Object.entries(controls).map(([name, control]) => [name, control.value]));

  const show = () => {
    const now = wanted();
    const sought = words(now.text.toLowerCase());
    const active = [...facets, "text"].some((name) => now[name]);
    let shown = 0;
    for (const entry of entries) {
      // An entry of the ledger has no provider, and a reading no verdict.
      const fits = (node) => (!now.verdict || node.dataset.verdict === undefined || node.dataset.verdict === now.verdict) &&
        (!now.provider || node.dataset.provider === undefined || node.dataset.provider === now.provider);
      const some = entry.of.filter(fits);
      for (const instance of entry.instances) instance.hidden = active && !some.includes(instance);
      entry.row.hidden = some.length === 0 || (now.area && !entry.areas.has(now.area)) ||
        (now.requirement && !entry.requirements.has(now.requirement)) ||
        !sought.every((word) => entry.text.includes(word));
      if (!entry.row.hidden) shown += 1;
    }
    for (const area of all("details.area")) {
      area.hidden = active && !area.querySelector("[data-row]:not([hidden])");
      if (active && !area.hidden) area.open = true;
    }
    for (const group of all(".of-area")) {
      group.hidden = active && !group.querySelector("[data-row]:not([hidden])");
    }
    for (const section of all("section[data-filtered]")) {
      const note = section.querySelector(".nothing");
      if (note) note.hidden = !active || section.querySelector("[data-row]:not([hidden])") !== null;
    }
    $("filter-count").textContent = active ? `${shown} of ${rows.length} entries` : "";
    $("filter-clear").hidden = !active;
  };

  // Cases in the order asked for; the headings of areas only stand over cases that are in areas.
  const severity = ["error", "fail", "unexpected-pass", "inconclusive", "known-failure", "not-applicable", "pass"];
  const cases = all("details.case");
  const home = new Map(cases.map((node) => [node, node.parentElement]));
  const orders = {
    worst: (node) => Math.min(...all(".instance", node).map((one) => severity.indexOf(one.dataset.verdict))),
    schedules: (node) => -Number(node.dataset.schedules),
    name: () => 0,
  };
  const sort = () => {
    const by = orders[controls.sort.value];
    const sorted = $("sorted");
    for (const group of all(".of-area")) group.classList.toggle("emptied", Boolean(by));
    if (!by) {
      for (const node of cases) home.get(node).append(node);
      return;
    }
    const keys = new Map(cases.map((node) => [node, by(node)]));
    sorted.append(...[...cases].sort((a, b) => keys.get(a) - keys.get(b) || a.id.localeCompare(b.id, "en")));
  };

  const remember = () => {
    const parameters = new URLSearchParams(Object.entries(wanted()).filter(([, value]) => value));
    const text = parameters.toString();
    history.replaceState(null, "", text ? `#?${text}` : location.pathname + location.search);
  };
  const changed = () => {
    show();
    remember();
  };
  const clear = () => {
    for (const name of [...facets, "text"]) controls[name].value = "";
    changed();
  };

  const open = (node) => {
    for (let at = node; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  };
  const reveal = () => {
    const hash = location.hash.slice(1);
    if (hash.startsWith("?")) {
      const parameters = new URLSearchParams(hash.slice(1));
      for (const [name, control] of Object.entries(controls)) control.value = parameters.get(name) || "";
      sort();
      show();
      return;
    }
    const target = hash && $(decodeURIComponent(hash));
    if (!target) return;
    if (target.closest("[hidden]")) {
      for (const name of [...facets, "text"]) controls[name].value = "";
      show();
    }
    open(target);
    target.scrollIntoView();
  };

  for (const name of facets) controls[name].addEventListener("change", changed);
  controls.text.addEventListener("input", changed);
  controls.sort.addEventListener("change", () => {
    sort();
    remember();
  });
  $("filter-clear").addEventListener("click", () => {
    clear();
    controls.text.focus();
  });
  for (const link of all("a[data-filter]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const asked = new URLSearchParams(link.dataset.filter);
      for (const name of [...facets, "text"]) controls[name].value = asked.get(name) || "";
      changed();
      $("cases").scrollIntoView();
    });
  }

  // Everything at once, or nothing.
  const expand = $("expand");
  const foldable = () => all("main details").filter((node) => !node.closest("[hidden]"));
  const toggle_all = () => {
    const opening = expand.getAttribute("aria-pressed") !== "true";
    for (const node of foldable()) node.open = opening;
    expand.setAttribute("aria-pressed", String(opening));
    expand.textContent = opening ? "Collapse all" : "Expand all";
  };
  expand.addEventListener("click", toggle_all);

  // Tables are sorted by the column whose heading is pressed, upwards and then downwards.
  for (const table of all("table.sortable")) {
    all("thead th", table).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        all("thead th", table).forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const body = table.tBodies[0];
        const text = (row) => row.cells[column].textContent.trim().replace(/(?<=\d),(?=\d{3})/g, "");
        const sorted = [...body.rows].sort((a, b) => text(a).localeCompare(text(b), "en", { numeric: true }));
        body.append(...(up ? sorted : sorted.reverse()));
      });
    });
  }

  // Cases that are only named become links, where they are on this page.
  for (const cell of all("[data-link]")) {
    const names = words(cell.firstChild?.nodeType === Node.TEXT_NODE ? cell.firstChild.data : "");
    if (names.length === 0) continue;
    cell.firstChild.replaceWith(...names.flatMap((name) => {
      if (!$(`case-${name}`)) return [name, " "];
      const link = document.createElement("a");
      link.href = `#case-${name}`;
      link.textContent = name;
      return [link, " "];
    }));
  }

  // Keys. They can be turned off, for whoever speaks to the machine.
  const help = $("help");
  const keys_on = $("keys-on");
  const entry_nodes = () => all(".failure, details.case").filter((node) => !node.closest("[hidden]") && node.offsetParent);
  const focusable = (node) => node.querySelector("summary") && node.matches("details") ? node.querySelector("summary") : node;
  const step = (by) => {
    const nodes = entry_nodes();
    const at = nodes.findIndex((node) => node.contains(document.activeElement));
    let next = at + by;
    if (at < 0) {
      next = nodes.findIndex((node) => node.getBoundingClientRect().bottom > 0);
      if (by < 0) next -= 1;
    }
    const node = nodes[Math.max(0, Math.min(nodes.length - 1, next))];
    if (!node) return;
    focusable(node).focus({ preventScroll: true });
    node.scrollIntoView({ block: "start" });
  };
  for (const node of all(".failure")) node.tabIndex = -1;
  const keys = {
    "/": () => controls.text.focus(),
    j: () => step(1),
    k: () => step(-1),
    e: toggle_all,
    x: clear,
    "?": () => help.showModal(),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.target.closest("input, select, textarea")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const action = keys_on.checked && Object.hasOwn(keys, event.key) ? keys[event.key] : null;
    if (!action) return;
    event.preventDefault();
    action();
  });
  $("keys").addEventListener("click", () => help.showModal());

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
  for (const code of all("code.command")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy ${code.textContent}`);
    button.addEventListener("click", () => copy(code, button));
    code.after(button);
  }

  for (const node of all(".scripted")) node.hidden = false;
  show();
  addEventListener("hashchange", reveal);
  reveal();
})();
