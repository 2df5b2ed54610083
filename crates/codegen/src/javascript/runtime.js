// What emitted equations call besides Math.
"use strict";

const sigmoid = (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

// The derivative of this order of (e^z - 1)/z: the integral of t^order e^(z t) over 0 <= t <= 1.
function exprel(z, order) {
  if (order === 0) return z === 0 ? 1 : Math.expm1(z) / z;
  if (Math.abs(z) > 2 * order + 1) {
    let value = Math.expm1(z) / z;
    for (let k = 1; k <= order; k++) value = (Math.exp(z) - k * value) / z;
    return value;
  }
  // Series of positive terms: in z, and where z is negative in -z for e^-z times the integral.
  const size = Math.abs(z);
  let sum = 0;
  let term = z < 0 ? 1 / (order + 1) : 1;
  for (let m = 0; m < 22 + 6 * order; m++) {
    sum += z < 0 ? term : term / (m + order + 1);
    term *= size / (z < 0 ? m + order + 2 : m + 1);
  }
  return z < 0 ? Math.exp(z) * sum : sum;
}

// Abramowitz & Stegun (1964): the series 7.1.6 near 0, the continued fraction 7.1.14 beyond.
function erf(x) {
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  if (z < 2.5) {
    let term = z;
    let sum = z;
    for (let n = 1; n < 80; n++) {
      term *= (2 * z * z) / (2 * n + 1);
      sum += term;
    }
    return (Math.sign(x) * 2 * Math.exp(-z * z) * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let n = 120; n > 0; n--) fraction = n / 2 / (z + fraction);
  return Math.sign(x) * (1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * (z + fraction)));
}

// 1 - erf(x), by the same continued fraction wherever the difference would lose digits.
function erfc(x) {
  if (!(Math.abs(x) >= 1)) return 1 - erf(x);
  const z = Math.abs(x);
  let fraction = 0;
  for (let n = 300; n > 0; n--) fraction = n / 2 / (z + fraction);
  const value = Math.exp(-z * z) / (Math.sqrt(Math.PI) * (z + fraction));
  return x < 0 ? 2 - value : value;
}

// A table on a regular grid: [first, last, points] of each axis, and the numbers row by row, lowest byte first, in base 64.
function table(axes, Numbers, text) {
  const bytes = Uint8Array.from(atob(text), (digit) => digit.charCodeAt(0));
  return { axes, numbers: new Numbers(bytes.buffer) };
}

// A value of a table, linear between its points and held beyond them, or its derivative of these orders along the axes.
function lookUp({ axes, numbers }, at, orders) {
  let corners = [[0, 1]];
  axes.forEach(([first, last, points], axis) => {
    const scale = (points - 1) / (last - first);
    const along = (at[axis] - first) * scale;
    const held = Math.min(points - 1, Math.max(0, along));
    const cell = Math.min(points - 2, Math.floor(held));
    const part = held - cell;
    const slope = along >= 0 && along <= points - 1 ? scale : 0;
    const weights = orders[axis] === 0 ? [1 - part, part] : [-slope, slope];
    corners = corners.flatMap(([place, weight]) =>
      weights.map((own, end) => [place * points + cell + end, weight * own]),
    );
  });
  return corners.reduce((sum, [place, weight]) => sum + weight * numbers[place], 0);
}
