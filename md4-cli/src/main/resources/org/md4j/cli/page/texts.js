"use strict";

const rows = {
  drawn: `${data.tokens} are written`,
  choices: data.tokens === "tokens" ? "tokens" : "symbols",
};
const spell = (token) => (data.symbols[token] === " " ? "the space" : `“${data.symbols[token]}”`);

/** One sample on the page: a cell a position, one stop of the tab key, arrow keys within. */
class SampleView {
  constructor(sample, number) {
    this.sample = sample;
    this.order = timeline.order(sample);
    this.active = 0;
    this.pointed = -1;
    this.state = [];
    const section = document.createElement("section");
    section.append(make("h2", "", sample.name));
    this.text = make("div", "sample", "");
    this.text.tabIndex = 0;
    this.text.setAttribute("role", "listbox");
    this.cells = sample.start.map((token, n) => {
      const cell = make("span", "cell", data.symbols[token]);
      cell.id = `cell-${number}-${n}`;
      cell.setAttribute("role", "option");
      cell.setAttribute("aria-selected", "false");
      return cell;
    });
    this.text.append(...this.cells);
    section.append(this.text);
    element("samples").append(section);
    this.text.addEventListener("mouseover", (event) => this.point(this.cells.indexOf(event.target)));
    this.text.addEventListener("mousedown", (event) => {
      this.active = Math.max(0, this.cells.indexOf(event.target));
      this.activate(this.active);
    });
    this.text.addEventListener("focus", () => this.activate(this.active));
    this.text.addEventListener("blur", () => this.deactivate());
    this.text.addEventListener("keydown", (event) => this.press(event));
  }

  show(round) {
    const step = timeline.stepOf(round);
    this.state = timeline.state(this.sample, round);
    this.cells.forEach((cell, n) => {
      const event = this.state[n];
      const token = timeline.token(this.sample, n, event);
      cell.textContent = data.symbols[token];
      cell.classList.toggle("masked", token === timeline.mask);
      cell.classList.toggle("given", this.sample.start[n] !== timeline.mask);
      cell.classList.toggle("fresh", event >= 0 && this.sample.steps[event] === step);
    });
    this.point(this.pointed);
    this.text.setAttribute(
        "aria-label", `${this.sample.name}: ${timeline.text(this.sample, this.state)}`);
    this.colour();
  }

  colour() {
    const view = document.querySelector("input[name=view]:checked").value;
    const last = Math.max(1, ...this.order);
    this.cells.forEach((cell, n) => {
      const event = this.state[n];
      const value = event < 0 ? 0
          : view === "entropy" ? this.sample.entropies[event] / timeline.largestEntropy
          : view === "probability" ? this.sample.probabilities[event]
          : this.order[event] / last;
      cell.style.setProperty("--h", Math.min(1, Math.max(0, value)));
    });
  }

  /** Everything known about a position, in words. */
  describe(n) {
    const event = this.state[n];
    const sample = this.sample;
    if (sample.start[n] !== timeline.mask) {
      return `Position ${n + 1}: ${spell(sample.start[n])} was given.`;
    }
    if (event < 0) {
      return `Position ${n + 1} is still masked.`;
    }
    const when = `step ${sample.steps[event]} (t = ${sample.times[event].toFixed(3)})`;
    if (sample.tokens[event] === timeline.mask) {
      return `Position ${n + 1} was masked again in ${when}.`;
    }
    const entropy = sample.entropies[event];
    return `Position ${n + 1}: ${spell(sample.tokens[event])}, `
        + `probability ${sample.probabilities[event].toPrecision(3)}, `
        + `entropy ${entropy.toFixed(2)} nats (${bits(entropy).toFixed(2)} bits), `
        + `revealed in ${when}, number ${this.order[event] + 1} of this sample${this.past(n, event)}.`;
  }

  /** How often a position was drawn before, in words. */
  past(n, event) {
    const { positions, tokens } = this.sample;
    let draws = 0;
    for (let i = 0; i < event; i++) {
      draws += positions[i] === n && tokens[i] !== timeline.mask ? 1 : 0;
    }
    return draws === 0 ? "" : `, drawn and masked again ${draws === 1 ? "once" : `${draws} times`} before`;
  }

  /** Tells about a position, and goes on telling as the slider moves; -1 for none. */
  point(n) {
    if (n >= 0) {
      views.forEach((view) => { view.pointed = -1; });
      this.pointed = n;
      element("detail").textContent = this.describe(n);
    }
  }

  activate(n) {
    this.deactivate();
    this.active = Math.min(this.cells.length - 1, Math.max(0, n));
    const cell = this.cells[this.active];
    cell.classList.add("active");
    cell.setAttribute("aria-selected", "true");
    cell.setAttribute("aria-label", this.describe(this.active));
    this.text.setAttribute("aria-activedescendant", cell.id);
    this.point(this.active);
  }

  deactivate() {
    this.cells[this.active].classList.remove("active");
    this.cells[this.active].setAttribute("aria-selected", "false");
  }

  press(event) {
    const target = {
      ArrowLeft: this.active - 1,
      ArrowRight: this.active + 1,
      ArrowUp: this.active - this.perLine(),
      ArrowDown: this.active + this.perLine(),
      Home: 0,
      End: this.cells.length - 1,
    }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      this.activate(target);
    }
  }

  perLine() {
    const top = this.cells[0].offsetTop;
    const next = this.cells.findIndex((cell) => cell.offsetTop !== top);
    return next < 0 ? this.cells.length : next;
  }
}
