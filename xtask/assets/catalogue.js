// The catalogue sorts and filters; models are compared side by side.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const catalogue = document.querySelector("[data-catalogue]");
  if (catalogue) {
    const form = catalogue.querySelector("form");
    const body = catalogue.querySelector("tbody");
    const rows = [...body.rows];
    const shown = catalogue.querySelector("output");

    function filter() {
      const { text, category, states, collection, signal, dynamics } = Object.fromEntries(new FormData(form));
      const words = text.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      for (const row of rows) {
        const all = `${row.textContent} ${row.dataset.text}`.toLowerCase();
        const number = Number(row.dataset.states);
        const keep = words.every((word) => all.includes(word))
          && (!category || row.dataset.category === category)
          && (!states || (states === "4+" ? number >= 4 : number === Number(states)))
          && (!signal || row.dataset.signals.split(" ").includes(signal))
          && (!dynamics || row.dataset.dynamics.split(" ").includes(dynamics))
          && (!collection || row.dataset.collection === collection || category === "variant");
        row.hidden = !keep;
        count += keep;
      }
      shown.textContent = `${count} of ${rows.length} models`;
    }
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    filter();

    const heads = [...catalogue.querySelectorAll("th")].filter((head) => head.querySelector("button"));
    heads.forEach((head, column) => {
      head.setAttribute("aria-sort", "none");
      head.querySelector("button").addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((other) => other.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const value = (row) => row.cells[column].textContent.trim();
        const order = (a, b) => value(a).localeCompare(value(b), "en", { numeric: true });
        body.append(...rows.toSorted((a, b) => (up ? order(a, b) : order(b, a))));
      });
    });
  }

  const compare = document.querySelector("[data-compare]");
  if (compare) {
    const models = JSON.parse(compare.querySelector("script").textContent);
    const selects = [...compare.querySelectorAll("select")];
    const body = compare.querySelector("tbody");
    const facts = [
      ["Page", (model) => link(model)],
      ["Activity", (model) => picture(model)],
      ["Title", (model) => model.title],
      ["Category", (model) => model.category],
      ["States", (model) => model.states],
      ["Parameters", (model) => model.parameters],
      ["Inputs", (model) => model.inputs],
      ["Output", (model) => model.output],
      ["Cost of a step", (model) => model.cost || "not measured"],
      ["Reference cases that agree", (model) => model.cases || "none"],
      ["Use case", (model) => model.use_case],
      ["What it is", (model) => model.description],
      ["Source", (model) => model.references.join("; ")],
    ];
    // Pages and pictures of models stand in the catalogue above.
    const row = (model) => [...document.querySelectorAll("[data-catalogue] tbody tr")].find((row) => row.cells[0].textContent === model.name);
    function link(model) {
      return row(model)?.querySelector("a")?.cloneNode(true) ?? model.name;
    }
    function picture(model) {
      return row(model)?.querySelector(".picture svg")?.cloneNode(true) ?? "–";
    }
    const start = ["HopfStep", "JansenRitStep", "WilsonCowanStep"];
    selects.forEach((select, index) => {
      select.append(...models.map((model) => new Option(model.name, model.name, false, model.name === start[index])));
      select.addEventListener("input", show);
    });
    function show() {
      const chosen = selects.map((select) => models.find((model) => model.name === select.value));
      body.replaceChildren(...facts.map(([title, fact]) => {
        const row = document.createElement("tr");
        const head = document.createElement("th");
        head.scope = "row";
        head.textContent = title;
        row.append(head, ...chosen.map((model) => {
          const cell = document.createElement("td");
          cell.append(fact(model));
          return cell;
        }));
        return row;
      }));
    }
    show();
  }
});
