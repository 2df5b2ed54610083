// Theme, search, copying of code, contents on small screens. Everything works from the disk; nothing is fetched but the search index,
// as a script, when the search is first used.
"use strict";
(() => {
  const root = document.body.dataset.root;
  const html = document.documentElement;

  document.getElementById("theme").addEventListener("click", () => {
    const dark = html.dataset.theme ? html.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    html.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("theme", html.dataset.theme); } catch { /* a browser that stores nothing */ }
    dispatchEvent(new Event("themechange"));
  });

  const side = document.querySelector(".side");
  if (matchMedia("(max-width: 52rem)").matches) side.open = false;
  // The page's own place in a long list of pages is seen at once.
  const here = side.querySelector("[aria-current]");
  if (here && side.scrollHeight > side.clientHeight) side.scrollTop = here.offsetTop - side.clientHeight / 2;

  for (const block of document.querySelectorAll(".code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.dataset.copy ?? block.querySelector("code").innerText);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    block.append(button);
  }

  const input = document.getElementById("search");
  const list = document.getElementById("results");
  let chosen = -1;

  function load() {
    if (window.searchIndex || document.getElementById("search-index")) return;
    const script = document.createElement("script");
    script.id = "search-index";
    script.src = `${root}assets/search-index.js`;
    script.addEventListener("load", show);
    document.head.append(script);
  }

  // Every word must occur; titles count most, then headings, then text.
  function find(query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [];
    for (const page of window.searchIndex) {
      const title = page.title.toLowerCase();
      const text = page.text.toLowerCase();
      let score = 0;
      let heading = null;
      for (const word of words) {
        const own = page.headings.find(([, h]) => h.toLowerCase().includes(word));
        const points = (title === word ? 50 : title.startsWith(word) ? 30 : title.includes(word) ? 20 : 0) + (own ? 5 : 0) + (text.includes(word) ? 1 : 0);
        if (points === 0) { score = 0; break; }
        if (own && !title.includes(word)) heading ??= own;
        score += points;
      }
      if (score > 0) found.push({ page, score, heading, at: text.indexOf(words[0]) });
    }
    return found.sort((a, b) => b.score - a.score).slice(0, 12);
  }

  function show() {
    const query = input.value.trim();
    chosen = -1;
    list.replaceChildren();
    list.hidden = query === "";
    input.setAttribute("aria-expanded", String(query !== ""));
    if (query === "" || !window.searchIndex) return;
    const found = find(query);
    if (found.length === 0) {
      const none = document.createElement("p");
      none.textContent = `Nothing about “${query}”.`;
      list.append(none);
    }
    for (const { page, heading, at } of found) {
      const item = document.createElement("li");
      item.setAttribute("role", "option");
      const link = document.createElement("a");
      link.href = root + page.url + (heading ? `#${heading[0]}` : "");
      link.textContent = heading ? `${page.title} › ${heading[1]}` : page.title;
      const about = document.createElement("small");
      about.textContent = `${at > 40 ? "…" : ""}${page.text.slice(Math.max(0, at - 30), Math.max(0, at - 30) + 110)}…`;
      link.append(about);
      item.append(link);
      list.append(item);
    }
  }

  input.addEventListener("focus", load);
  input.addEventListener("input", () => { load(); show(); });
  input.addEventListener("keydown", (event) => {
    const items = [...list.children];
    if (event.key === "Escape") { input.value = ""; show(); input.blur(); }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      chosen = Math.max(0, Math.min(items.length - 1, chosen + (event.key === "ArrowDown" ? 1 : -1)));
      items.forEach((item, index) => item.setAttribute("aria-selected", String(index === chosen)));
      items[chosen]?.scrollIntoView({ block: "nearest" });
    }
    if (event.key === "Enter") (items[Math.max(0, chosen)]?.querySelector("a"))?.click();
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".search")) list.hidden = true; });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "/" && !typing) { event.preventDefault(); input.focus(); }
  });
})();
