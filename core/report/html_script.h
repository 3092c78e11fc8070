// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace core {

/// The script of HTML reports, between the tags, and what the content security policy calls it; a test keeps the two
/// together. A cross-hair through all charts over time with what they show there, by mouse, finger or keys. It reads
/// the `data-times` of each figure: {"range": [from, until], "plot": [left, right, top, bottom] in the picture, "at":
/// the instant of each interval, "lines": [[name, unit, a value or null for each]], "words": for each interval,
/// "marks": [[instant, text]]}.
inline constexpr std::string_view kHtmlScript = R"(
'use strict';
(() => {
const charts = [...document.querySelectorAll('figure[data-times]')].map(figure => {
  const svg = figure.querySelector('svg');
  const hair = document.createElementNS('http://www.w3.org/2000/svg', 'line');
  const chart = { svg, hair, name: svg.querySelector('title').textContent, ...JSON.parse(figure.dataset.times) };
  hair.setAttribute('class', 'hair');
  hair.setAttribute('y1', chart.plot[2]);
  hair.setAttribute('y2', chart.plot[3]);
  hair.setAttribute('visibility', 'hidden');
  svg.append(hair);
  svg.setAttribute('tabindex', '0');
  return chart;
});
if (charts.length === 0) return;
const out = document.createElement('output');
out.hidden = true;
document.body.append(out);
let instant = null;

const digits = value => String(Number(value.toPrecision(3)));
function figure(value, unit) {
  if (value === null || value === undefined) return '–';
  if (unit === 'ms') {
    return value >= 999.5 ? digits(value / 1e3) + ' s' : value >= 1 ? digits(value) + ' ms' : digits(value * 1e3) + ' µs';
  }
  for (const [size, prefix] of [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
    if (value >= 0.9995 * size) return digits(value / size) + ' ' + prefix + ' ' + unit;
  }
  return digits(value) + ' ' + unit;
}
function nearest(at, time) {
  let best = -1;
  at.forEach((each, i) => { if (best < 0 || Math.abs(each - time) < Math.abs(at[best] - time)) best = i; });
  return best;
}
/* Outside the intervals nothing is known. */
function within(at, i, time) {
  const other = at[i + (time < at[i] ? 1 : -1)];
  return i > 0 && i < at.length - 1 || other === undefined || Math.abs(time - at[i]) <= Math.abs(other - at[i]) / 2;
}
function line(tag, name, text) {
  const element = document.createElement(tag), bold = document.createElement('b');
  bold.textContent = name;
  element.append(bold, ' ' + text);
  out.append(element);
}
function show(time) {
  instant = time;
  out.hidden = time === null;
  out.replaceChildren();
  for (const chart of charts) {
    chart.hair.setAttribute('visibility', time === null ? 'hidden' : 'visible');
    if (time === null) continue;
    const [left, right] = chart.plot, [from, until] = chart.range;
    const x = left + (time - from) / (until - from) * (right - left);
    chart.hair.setAttribute('x1', x);
    chart.hair.setAttribute('x2', x);
  }
  if (time === null) return;
  const { marks } = charts[0], mark = marks[nearest(marks.map(each => each[0]), time)];
  line('p', time.toFixed(1) + ' s', mark ? 'nearest mark: ' + mark[1] + ', at ' + mark[0].toFixed(1) + ' s' : '');
  for (const { name, at, lines, words } of charts) {
    const i = nearest(at, time), known = i >= 0 && within(at, i, time);
    line('p', name, words.length > 0 ? (known ? words[i] : '–')
      : lines.map(([series, unit, values]) => series + ' ' + figure(known ? values[i] : null, unit)).join(' · '));
  }
}
for (const { svg, at, range, plot } of charts) {
  svg.addEventListener('pointermove', event => {
    const box = svg.getBoundingClientRect();
    const share = ((event.clientX - box.left) * svg.viewBox.baseVal.width / box.width - plot[0]) / (plot[1] - plot[0]);
    show(share >= 0 && share <= 1 ? range[0] + share * (range[1] - range[0]) : null);
  });
  svg.addEventListener('pointerleave', () => show(null));
  svg.addEventListener('blur', () => show(null));
  svg.addEventListener('keydown', event => {
    const here = instant === null ? Math.floor((at.length - 1) / 2) : nearest(at, instant), step = event.shiftKey ? 10 : 1;
    const there = { ArrowLeft: here - (instant === null ? 0 : step), ArrowRight: here + (instant === null ? 0 : step),
      Home: 0, End: at.length - 1, Escape: -1 }[event.key];
    if (there === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    show(event.key === 'Escape' ? null : at[Math.min(Math.max(there, 0), at.length - 1)] ?? null);
  });
}
})();
)";
inline constexpr std::string_view kHtmlScriptHash = "sha256-TtnI3uhV1Wump94zdVbcdiNhd7xCbas4gNnk1AF0hFg=";

} // namespace core
