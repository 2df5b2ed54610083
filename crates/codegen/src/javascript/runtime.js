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

// e^(x^2) erfc(x), by the same continued fraction.
function erfcx(x) {
  const z = Math.abs(x);
  let value = Math.exp(z * z) * (1 - erf(z));
  if (z >= 1) {
    let fraction = 0;
    for (let n = 300; n > 0; n--) fraction = n / 2 / (z + fraction);
    value = 1 / (Math.sqrt(Math.PI) * (z + fraction));
  }
  return x < 0 ? 2 * Math.exp(z * z) - value : value;
}

// The integral of e^(u^2) erfc(u) from 0 to y is ln(1 + y/4)/sqrt(pi) + y/(y + 4) times a polynomial in (y - 4)/(y + 4) of these coefficients.
const SCALED_INTEGRAL = [
  1.9068036767314824, -0.8431915218260128, 0.3984488701978656, -0.17947150310647264, 0.07327761276839916,
  -0.025892089887644774, 0.007376379874982466, -0.001423698483266822, 3.9781365630605264e-05, 8.830467590692055e-05,
  -2.9219008993779597e-05, 1.9640037598443132e-07, 2.668330778245392e-06, -5.832325538369267e-07, -1.7496866298271452e-07,
  9.329599751953592e-08, 8.049483191839527e-09, -1.2380520873734522e-08, 6.167033179668112e-11, 1.5977868410880048e-09,
  -8.287528952056003e-11, -1.8844715884613117e-10, 1.2989685007094821e-11, 1.4364505384897019e-11, -9.931182060559945e-13,
];

// The integral of e^(u^2) (1 + erf(u)) from 0 to x: its Taylor series, the sum of x^n/((n + 1) (n/2)!) times x, where its terms have one sign.
function siegert(x) {
  if (x < 0) {
    const y = Math.min(-x, 1e18);
    const t = (y - 4) / (y + 4);
    const rest = SCALED_INTEGRAL.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
    return -Math.log1p(-x / 4) / Math.sqrt(Math.PI) - (y / (y + 4)) * rest;
  }
  if (!(x < 26.8)) return x + Infinity;
  let [term, next, sum] = [1, (2 * x) / Math.sqrt(Math.PI), 0];
  for (let n = 0; n < 4 * x * x + 60; n++) {
    sum += term / (n + 1);
    [term, next] = [next, (term * x * x) / (n / 2 + 1)];
  }
  return x * sum;
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
