// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the script of an HTML report (on standard input; of tst_html_report.cpp) in a page of as much as it asks for,
// moves the mouse over its charts and presses keys.
'use strict';
const assert = require('assert');
const html = require('fs').readFileSync(0, 'utf8');

class Node {
  constructor(parts = {}, text = '') {
    Object.assign(this, { parts, own: text, attributes: {}, listeners: {}, children: [], dataset: {} });
    this.viewBox = { baseVal: { width: 900 } };
  }
  querySelector(what) { return this.parts[what]; }
  setAttribute(name, value) { this.attributes[name] = String(value); }
  append(...all) { this.children.push(...all); }
  replaceChildren() { this.children = []; }
  addEventListener(name, answer) { this.listeners[name] = answer; }
  getBoundingClientRect() { return { left: 100, width: 450 }; } // half as large as the picture
  set textContent(text) { this.own = text; }
  get textContent() { return this.own + this.children.map(each => each.textContent ?? each).join(''); }
}
const plain = text => text.replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>')
  .replace(/&amp;/g, '&');
const figures = [...html.matchAll(/<figure data-times="([^"]*)">\s*<svg.*?<title>([^<]*)<\/title>/gs)].map(found => {
  const figure = new Node({ svg: new Node({ title: new Node({}, plain(found[2])) }) });
  figure.dataset.times = plain(found[1]);
  return figure;
});
assert.strictEqual(figures.length, 3);
const document = { querySelectorAll: () => figures, createElementNS: () => new Node(), createElement: () => new Node(),
  body: new Node() };
new Function('document', html.match(/<script>(.*)<\/script>/s)[1])(document);

const [out] = document.body.children, pictures = figures.map(figure => figure.querySelector('svg'));
const hairs = () => pictures.map(svg => svg.children[0].attributes).map(hair => hair.visibility + ' ' + hair.x1);
const said = () => out.children.map(each => each.textContent);
const move = (svg, x) => svg.listeners.pointermove({ clientX: 100 + x / 2 });
const press = (svg, key, shiftKey = false) => {
  let taken = false;
  svg.listeners.keydown({ key, shiftKey, preventDefault: () => { taken = true; } });
  return taken;
};

assert.ok(out.hidden);
assert.ok(pictures.every(svg => svg.attributes.tabindex === '0'));

// One line through all of them, wherever the mouse is; x 78 to 822 are 0 s to 30 s.
move(pictures[2], 450);
assert.ok(!out.hidden);
assert.deepStrictEqual(hairs(), ['visible 450', 'visible 450', 'visible 450']);
assert.deepStrictEqual(said(), [
  '15.0 s nearest mark: warning, at 12.0 s',
  'Rates planned 1 k events/s · sent 1 k events/s · acked 1 k events/s · stored 1 k events/s · backlog 0 events',
  'End-to-end latency (embedded broker) p50 8 ms · p90 8 ms · p99 13 ms · p99.9 – · max 13 ms',
  'Latency by time (embedded broker) most in 5.79 ms to 8.19 ms: 985 events/s']);

// Where nothing arrived there is a dash.
move(pictures[0], 78 + 744 * 20.9 / 30);
assert.ok(said()[1].endsWith('stored 0 events/s · backlog 0 events'));
assert.ok(said()[2].endsWith(' p50 – · p90 – · p99 – · p99.9 – · max –'));
assert.ok(said()[3].endsWith(' –'));

// Beside the plot and outside the picture there is nothing.
move(pictures[0], 77);
assert.ok(out.hidden && hairs().every(hair => hair.startsWith('hidden')));
move(pictures[0], 450);
pictures[0].listeners.pointerleave();
assert.ok(out.hidden);

// Keys step from interval to interval.
assert.ok(press(pictures[0], 'ArrowRight'));
assert.ok(said()[0].startsWith('14.5 s'));
press(pictures[0], 'ArrowRight');
assert.ok(said()[0].startsWith('15.5 s'));
press(pictures[0], 'ArrowLeft', true);
assert.ok(said()[0].startsWith('5.5 s'));
press(pictures[0], 'End');
press(pictures[0], 'ArrowRight');
assert.ok(said()[0].startsWith('29.5 s nearest mark: drain, at 30.0 s'));
press(pictures[0], 'Home');
assert.ok(said()[0].startsWith('0.5 s'));
assert.ok(!press(pictures[0], 'Tab'));
press(pictures[0], 'Escape');
assert.ok(out.hidden);
