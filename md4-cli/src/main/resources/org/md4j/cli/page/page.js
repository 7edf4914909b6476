"use strict";

const element = (id) => document.getElementById(id);
const data = JSON.parse(element("data").textContent);
const timeline = new Timeline(data);
const bits = (nats) => nats / Math.LN2;

function make(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** The bars above the slider: reveals upwards, positions masked again downwards. */
class Bars {
  constructor(counts) {
    const svg = element("timeline");
    const up = Math.max(1, ...counts.map((count) => count.revealed));
    const down = Math.max(0, ...counts.map((count) => count.remasked));
    svg.setAttribute("viewBox", `0 0 ${Math.max(1, counts.length)} ${up + down}`);
    this.bars = counts.flatMap((count, i) => [
      Bars.bar(svg, "reveal", i, up - count.revealed, count.revealed),
      Bars.bar(svg, "remask", i, up, count.remasked),
    ]);
  }

  static bar(svg, className, x, y, height) {
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const place = { class: className, x: x + 0.1, y, width: 0.8, height };
    Object.entries(place).forEach(([name, value]) => bar.setAttribute(name, value));
    svg.append(bar);
    return bar;
  }

  show(round) {
    this.bars.forEach((bar, i) => bar.classList.toggle("past", i < 2 * round));
  }
}
