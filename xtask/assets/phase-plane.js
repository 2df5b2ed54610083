// The phase plane of a planar model, computed in the reader's browser from the model's own equations: `window.phasePlane`, written by the
// compiler. Without scripts the page keeps its picture.
"use strict";
(() => {
  const model = window.phasePlane;
  const stage = document.querySelector(".phase-plane .stage");
  const still = document.querySelector(".phase-plane .still");
  if (!model || !stage) return;
  const [ix, iy] = model.axes;
  const windows = [ix, iy].map((index) => [model.states[index].from, model.states[index].to]);
  const parameters = model.parameters.map((entry) => entry.value);
  const inputs = model.inputs.map((entry) => entry.value);
  const start = model.states.map((state) => state.value);
  let starts = [[start[ix], start[iy]]];
  let cursor = null;

  // --- the system in the plane
  const state = (x, y) => {
    const states = [0, 0];
    states[ix] = x;
    states[iy] = y;
    return states;
  };
  const flow = (x, y) => {
    const rates = model.rates(state(x, y), parameters, inputs);
    return [rates[ix], rates[iy]];
  };
  const jacobian = (x, y) => {
    const rows = model.jacobian(state(x, y), parameters, inputs);
    return [rows[ix][ix], rows[ix][iy], rows[iy][ix], rows[iy][iy]];
  };

  // Newton's method from a grid of starts.
  function fixedPoints() {
    const found = [];
    const [wx, wy] = windows.map(([from, to]) => to - from);
    const grid = 15;
    for (let start = 0; start < grid * grid; start++) {
      let x = windows[0][0] + (wx * ((start % grid) + 0.5)) / grid;
      let y = windows[1][0] + (wy * (Math.floor(start / grid) + 0.5)) / grid;
      for (let step = 0; step < 40; step++) {
        const [fx, fy] = flow(x, y);
        const [a, b, c, d] = jacobian(x, y);
        const determinant = a * d - b * c;
        const dx = (b * fy - d * fx) / determinant;
        const dy = (c * fx - a * fy) / determinant;
        if (!Number.isFinite(dx) || !Number.isFinite(dy)) break;
        x += dx;
        y += dy;
        if (Math.abs(dx) < 1e-10 * wx && Math.abs(dy) < 1e-10 * wy) {
          const inside = x >= windows[0][0] - 1e-6 * wx && x <= windows[0][1] + 1e-6 * wx && y >= windows[1][0] - 1e-6 * wy && y <= windows[1][1] + 1e-6 * wy;
          const known = found.some((point) => Math.abs(point.x - x) < 1e-5 * wx && Math.abs(point.y - y) < 1e-5 * wy);
          if (inside && !known) found.push({ x, y, ...kind(jacobian(x, y)) });
          break;
        }
      }
    }
    return found.sort((p, q) => p.x - q.x);
  }

  function kind([a, b, c, d]) {
    const trace = a + d;
    const determinant = a * d - b * c;
    const discriminant = (trace * trace) / 4 - determinant;
    if (determinant < 0) return { name: "saddle", stability: "saddle" };
    const turns = discriminant < 0 ? "focus" : "node";
    if (Math.abs(trace) < 1e-9 * Math.sqrt(Math.abs(determinant))) return { name: "center (to first order)", stability: "unstable" };
    return trace < 0 ? { name: `stable ${turns}`, stability: "stable" } : { name: `unstable ${turns}`, stability: "unstable" };
  }

  // Runge and Kutta's fourth order, until the run is over or far outside.
  function trajectory([x, y]) {
    const line = [[x, y]];
    const steps = Math.min(20000, Math.max(1500, Math.ceil(model.duration / model.dt)));
    const h = model.duration / steps;
    const [wx, wy] = windows.map(([from, to]) => to - from);
    for (let step = 0; step < steps; step++) {
      const [a, b] = flow(x, y);
      const [c, d] = flow(x + (h / 2) * a, y + (h / 2) * b);
      const [e, f] = flow(x + (h / 2) * c, y + (h / 2) * d);
      const [g, k] = flow(x + h * e, y + h * f);
      x += (h / 6) * (a + 2 * c + 2 * e + g);
      y += (h / 6) * (b + 2 * d + 2 * f + k);
      if (!Number.isFinite(x + y) || Math.abs(x - windows[0][0]) > 5 * wx || Math.abs(y - windows[1][0]) > 5 * wy) break;
      line.push([x, y]);
    }
    return line;
  }

  // Where a rate is zero: marching squares.
  function nullclines() {
    const n = 90;
    const at = (axis, i) => windows[axis][0] + ((windows[axis][1] - windows[axis][0]) * i) / n;
    const values = Array.from({ length: n + 1 }, (_, j) => Array.from({ length: n + 1 }, (_, i) => flow(at(0, i), at(1, j))));
    return [0, 1].map((axis) => {
      const segments = [];
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < n; i++) {
          const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
          const level = corners.map(([p, q]) => values[q][p][axis]);
          if (level.some((value) => !Number.isFinite(value))) continue;
          const crossings = [];
          for (let edge = 0; edge < 4; edge++) {
            const next = (edge + 1) % 4;
            if ((level[edge] < 0) !== (level[next] < 0)) {
              const part = level[edge] / (level[edge] - level[next]);
              const [p, q] = corners[edge];
              const [r, s] = corners[next];
              crossings.push([at(0, p + part * (r - p)), at(1, q + part * (s - q))]);
            }
          }
          for (let pair = 0; pair + 1 < crossings.length; pair += 2) segments.push([crossings[pair], crossings[pair + 1]]);
        }
      }
      return segments;
    });
  }

  // --- the page
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key in made) made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  };
  const label = (entry) => (entry.unit === "1" ? entry.name : `${entry.name} (${entry.unit})`);
  const short = (value) => String(Number(value.toPrecision(4)));

  const canvas = element("canvas", { tabIndex: 0, role: "img", "aria-label": `Phase plane of ${model.states[ix].name} and ${model.states[iy].name}. Arrow keys move a start, Enter runs from it.` });
  const points = element("ul", { className: "points", "aria-live": "polite" });
  const swatch = (color, text) => element("li", {}, element("i", { style: `background:${color}` }), text);
  const mark = (kind, text) => element("li", {}, element("i", { className: `mark ${kind}` }), text);
  const legend = element(
    "ul", { className: "legend" },
    swatch("#c07c00", `${model.states[ix].name}-nullcline`), swatch("#0f9f78", `${model.states[iy].name}-nullcline`), swatch("#2f86c9", "trajectory"),
    mark("stable", "stable"), mark("unstable", "unstable"), mark("saddle", "saddle"),
  );
  const hint = element("p", { className: "hint" }, "Click or tap to start a trajectory. With the keyboard, arrows move a start and Enter runs from it.");
  const view = element("div", { className: "view" }, canvas, legend, points, hint);
  const controls = element("div", { className: "controls" });
  stage.append(view, controls);

  function slider(entry, values, index) {
    const size = Math.max(Math.abs(entry.value), Math.abs(entry.default)) || 1;
    const from = Math.min(entry.from ?? (entry.value < 0 || (entry.from === null && entry.default === 0) ? -2 * size : 0), entry.value);
    const to = Math.max(entry.to ?? 2 * size, entry.value);
    const input = element("input", { type: "range", min: from, max: to, step: (to - from) / 400, value: entry.value, title: entry.doc, name: entry.name });
    const output = element("output", {}, short(entry.value));
    input.addEventListener("input", () => {
      values[index] = Number(input.value);
      output.textContent = short(values[index]);
      draw();
    });
    const set = (value) => {
      input.value = value;
      values[index] = value;
      output.textContent = short(value);
    };
    return { row: element("label", {}, element("span", {}, label(entry)), output, input), set, entry };
  }
  const sliders = [...model.parameters.map((entry, i) => slider(entry, parameters, i)), ...model.inputs.map((entry, i) => slider(entry, inputs, i))];
  const button = (text, action) => {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", () => { action(); draw(); });
    return made;
  };
  controls.append(element(
    "div", { className: "buttons" },
    button("As in the run", () => { sliders.forEach((s) => s.set(s.entry.value)); starts = [[start[ix], start[iy]]]; }),
    button("Defaults", () => sliders.forEach((s) => s.set(s.entry.default))),
    button("Clear", () => { starts = []; }),
  ));
  // What the sweep varies, what the run drives, the other inputs and what the run changes come first.
  const rank = (s) => {
    const changed = s.entry.value !== s.entry.default;
    if (s.entry.swept) return 0;
    if (model.inputs.includes(s.entry)) return changed ? 1 : 2;
    return changed ? 3 : 4;
  };
  const ordered = sliders.toSorted((a, b) => rank(a) - rank(b));
  controls.append(...ordered.slice(0, 6).map((s) => s.row));
  if (ordered.length > 6) controls.append(element("details", {}, element("summary", {}, `${ordered.length - 6} more`), ...ordered.slice(6).map((s) => s.row)));

  // --- drawing
  const margin = { left: 58, right: 12, top: 10, bottom: 44 };
  function frame() {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const w = width - margin.left - margin.right;
    const h = height - margin.top - margin.bottom;
    const px = (x) => margin.left + (w * (x - windows[0][0])) / (windows[0][1] - windows[0][0]);
    const py = (y) => margin.top + h - (h * (y - windows[1][0])) / (windows[1][1] - windows[1][0]);
    return { context, width, height, w, h, px, py };
  }

  function ticks([from, to]) {
    const rough = (to - from) / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
    const list = [];
    for (let i = Math.ceil(from / step - 1e-9); i * step <= to + 1e-9 * step; i++) list.push(Number((i * step).toPrecision(10)));
    return list;
  }

  function draw() {
    const { context: c, width, height, w, h, px, py } = frame();
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(`--fig-${name}`).trim();
    c.fillStyle = color("background");
    c.fillRect(0, 0, width, height);
    c.font = "11px Inter, sans-serif";
    c.textAlign = "center";
    for (const x of ticks(windows[0])) {
      c.strokeStyle = color("grid");
      c.lineWidth = 1;
      c.beginPath(); c.moveTo(px(x), margin.top); c.lineTo(px(x), margin.top + h); c.stroke();
      c.fillStyle = color("muted");
      c.fillText(short(x), px(x), margin.top + h + 16);
    }
    c.textAlign = "right";
    for (const y of ticks(windows[1])) {
      c.strokeStyle = color("grid");
      c.beginPath(); c.moveTo(margin.left, py(y)); c.lineTo(margin.left + w, py(y)); c.stroke();
      c.fillStyle = color("muted");
      c.fillText(short(y), margin.left - 7, py(y) + 4);
    }
    c.fillStyle = color("text");
    c.font = "12px Inter, sans-serif";
    c.textAlign = "center";
    c.fillText(label(model.states[ix]), margin.left + w / 2, height - 8);
    c.save();
    c.translate(14, margin.top + h / 2);
    c.rotate(-Math.PI / 2);
    c.fillText(label(model.states[iy]), 0, 0);
    c.restore();

    c.save();
    c.beginPath(); c.rect(margin.left, margin.top, w, h); c.clip();
    const n = 20;
    c.strokeStyle = color("axis");
    c.lineWidth = 0.9;
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++) {
        const x = windows[0][0] + ((windows[0][1] - windows[0][0]) * (i + 0.5)) / n;
        const y = windows[1][0] + ((windows[1][1] - windows[1][0]) * (j + 0.5)) / n;
        const [fx, fy] = flow(x, y);
        const dx = (fx * w) / (windows[0][1] - windows[0][0]);
        const dy = (-fy * h) / (windows[1][1] - windows[1][0]);
        const size = Math.hypot(dx, dy);
        if (!(size > 0) || !Number.isFinite(size)) continue;
        const [ux, uy] = [(dx / size) * 6.5, (dy / size) * 6.5];
        const [x0, y0] = [px(x), py(y)];
        c.beginPath();
        c.moveTo(x0 - ux, y0 - uy); c.lineTo(x0 + ux, y0 + uy);
        c.moveTo(x0 + ux * 0.3 - uy * 0.4, y0 + uy * 0.3 + ux * 0.4);
        c.lineTo(x0 + ux, y0 + uy);
        c.lineTo(x0 + ux * 0.3 + uy * 0.4, y0 + uy * 0.3 - ux * 0.4);
        c.stroke();
      }
    }
    c.lineWidth = 2;
    nullclines().forEach((segments, axis) => {
      c.strokeStyle = ["#c07c00", "#0f9f78"][axis];
      c.beginPath();
      for (const [[x0, y0], [x1, y1]] of segments) { c.moveTo(px(x0), py(y0)); c.lineTo(px(x1), py(y1)); }
      c.stroke();
    });
    c.strokeStyle = "#2f86c9";
    c.lineWidth = 1.75;
    for (const from of starts) {
      c.beginPath();
      trajectory(from).forEach(([x, y], index) => (index ? c.lineTo(px(x), py(y)) : c.moveTo(px(x), py(y))));
      c.stroke();
      c.fillStyle = "#2f86c9";
      c.beginPath(); c.arc(px(from[0]), py(from[1]), 3, 0, 7); c.fill();
    }
    const found = fixedPoints();
    for (const point of found) {
      c.beginPath(); c.arc(px(point.x), py(point.y), 5.5, 0, 7);
      c.fillStyle = point.stability === "stable" ? "#d43d51" : color("background");
      c.fill();
      if (point.stability === "saddle") {
        c.beginPath(); c.arc(px(point.x), py(point.y), 5.5, Math.PI / 2, 1.5 * Math.PI);
        c.fillStyle = "#d43d51";
        c.fill();
        c.beginPath(); c.arc(px(point.x), py(point.y), 5.5, 0, 7);
      }
      c.strokeStyle = "#d43d51";
      c.stroke();
    }
    if (cursor) {
      c.strokeStyle = color("text");
      c.lineWidth = 1;
      c.beginPath();
      c.moveTo(px(cursor[0]) - 8, py(cursor[1])); c.lineTo(px(cursor[0]) + 8, py(cursor[1]));
      c.moveTo(px(cursor[0]), py(cursor[1]) - 8); c.lineTo(px(cursor[0]), py(cursor[1]) + 8);
      c.stroke();
    }
    c.restore();
    c.strokeStyle = color("axis");
    c.lineWidth = 1;
    c.strokeRect(margin.left + 0.5, margin.top + 0.5, w - 1, h - 1);

    const told = found.map((point) => element("li", {}, `${point.name} at ${model.states[ix].name} = ${short(point.x)}, ${model.states[iy].name} = ${short(point.y)}`));
    points.replaceChildren(...(told.length ? told : [element("li", {}, "no fixed point in this window")]));
    stage.dataset.trajectories = String(starts.length);
  }

  canvas.addEventListener("click", (event) => {
    const box = canvas.getBoundingClientRect();
    const { w, h } = frame();
    const x = (event.clientX - box.left - margin.left) / w;
    const y = 1 - (event.clientY - box.top - margin.top) / h;
    if (x < 0 || x > 1 || y < 0 || y > 1) return;
    const at = (axis, part) => windows[axis][0] + part * (windows[axis][1] - windows[axis][0]);
    starts.push([at(0, x), at(1, y)]);
    starts = starts.slice(-12);
    draw();
  });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const [wx, wy] = windows.map(([from, to]) => to - from);
    cursor ??= [windows[0][0] + wx / 2, windows[1][0] + wy / 2];
    if (step) cursor = [cursor[0] + (step[0] * wx) / 40, cursor[1] + (step[1] * wy) / 40];
    else if (event.key === "Enter") starts.push([...cursor]);
    else return;
    event.preventDefault();
    draw();
  });
  addEventListener("resize", draw);
  addEventListener("themechange", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

  stage.hidden = false;
  if (still) still.hidden = true;
  draw();
  document.fonts?.ready.then(draw);
})();
