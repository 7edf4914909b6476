"use strict";

const { height, width, colours } = data.shape;
const rows = { drawn: "dimensions are drawn", choices: "values" };
const colourNames = colours === 1 ? ["value"] : ["red", "green", "blue"];
const grey = 128;

/** The red, green and blue of a colour of the style sheet, #rrggbb. */
function colourOf(variable) {
  const hex = getComputedStyle(document.body).getPropertyValue(variable).trim();
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** One sample on the page: a canvas, one stop of the tab key, arrow keys within. */
class SampleView {
  constructor(sample) {
    this.sample = sample;
    this.order = timeline.order(sample);
    this.lastReveal = this.order.reduce((most, place) => Math.max(most, place), 1);
    this.active = 0;
    this.pointed = -1;
    this.state = [];
    const section = document.createElement("section");
    section.append(make("h2", "", sample.name));
    this.picture = make("div", "picture", "");
    this.picture.tabIndex = 0;
    this.picture.setAttribute("role", "img");
    this.canvas = document.createElement("canvas");
    this.canvas.width = width;
    this.canvas.height = height;
    this.marker = make("span", "marker", "");
    this.marker.hidden = true;
    this.marker.style.width = `${100 / width}%`;
    this.marker.style.height = `${100 / height}%`;
    this.picture.append(this.canvas, this.marker);
    section.append(this.picture);
    element("samples").append(section);
    this.picture.addEventListener("mousemove", (event) => this.point(this.pixelAt(event)));
    this.picture.addEventListener("mousedown", (event) => this.activate(this.pixelAt(event)));
    this.picture.addEventListener("focus", () => this.activate(this.active));
    this.picture.addEventListener("blur", () => { this.marker.hidden = true; });
    this.picture.addEventListener("keydown", (event) => this.press(event));
  }

  pixelAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = Math.floor((event.clientX - box.left) / box.width * width);
    const y = Math.floor((event.clientY - box.top) / box.height * height);
    return Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x));
  }

  show(round) {
    this.state = timeline.state(this.sample, round);
    this.point(this.pointed);
    this.picture.setAttribute(
        "aria-label",
        `${this.sample.name}: ${timeline.drawn(this.sample, this.state)} of `
            + `${timeline.blanks(this.sample)} ${rows.drawn}`);
    this.colour();
  }

  colour() {
    const view = document.querySelector("input[name=view]:checked").value;
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(width, height);
    const ends = view === "values" ? [] : [colourOf("--from"), colourOf("--to")];
    for (let pixel = 0; pixel < height * width; pixel++) {
      const share = view === "values" ? -1 : this.share(pixel, view);
      for (let k = 0; k < 3; k++) {
        image.data[4 * pixel + k] = share < 0
            ? this.value(pixel, k)
            : Math.round(ends[0][k] + share * (ends[1][k] - ends[0][k]));
      }
      image.data[4 * pixel + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  /** The red, green or blue of a pixel, grey where it is masked. */
  value(pixel, k) {
    const n = pixel * colours + Math.min(k, colours - 1);
    const token = timeline.token(this.sample, n, this.state[n]);
    return token === timeline.mask ? grey : token;
  }

  /** How far along the scale a pixel is, the mean of its drawn colours; -1 if none is drawn. */
  share(pixel, view) {
    let sum = 0;
    let drawn = 0;
    for (let n = pixel * colours; n < (pixel + 1) * colours; n++) {
      const event = this.state[n];
      if (event >= 0 && this.sample.tokens[event] !== timeline.mask) {
        drawn++;
        sum += view === "entropy" ? this.sample.entropies[event] / timeline.largestEntropy
            : view === "probability" ? this.sample.probabilities[event]
            : this.order[event] / this.lastReveal;
      }
    }
    return drawn === 0 ? -1 : Math.min(1, Math.max(0, sum / drawn));
  }

  /** Everything known about a pixel, in words. */
  describe(pixel) {
    const parts = colourNames.map((name, k) => this.describeColour(name, pixel * colours + k));
    return `Pixel (${pixel % width}, ${Math.floor(pixel / width)}): ${parts.join("; ")}.`;
  }

  describeColour(name, n) {
    const event = this.state[n];
    const sample = this.sample;
    if (sample.start[n] !== timeline.mask) {
      return `${name} ${sample.start[n]} was given`;
    }
    if (event < 0) {
      return `${name} is still masked`;
    }
    const when = `step ${sample.steps[event]} (t = ${sample.times[event].toFixed(3)})`;
    if (sample.tokens[event] === timeline.mask) {
      return `${name} was masked again in ${when}`;
    }
    const entropy = sample.entropies[event];
    return `${name} ${sample.tokens[event]}, `
        + `probability ${sample.probabilities[event].toPrecision(3)}, `
        + `entropy ${entropy.toFixed(2)} nats (${bits(entropy).toFixed(2)} bits), `
        + `revealed in ${when}`;
  }

  /** Tells about a pixel, and goes on telling as the slider moves; -1 for none. */
  point(pixel) {
    if (pixel >= 0) {
      views.forEach((view) => { view.pointed = -1; });
      this.pointed = pixel;
      element("detail").textContent = this.describe(pixel);
    }
  }

  activate(pixel) {
    this.active = Math.min(height * width - 1, Math.max(0, pixel));
    this.marker.style.left = `${this.active % width / width * 100}%`;
    this.marker.style.top = `${Math.floor(this.active / width) / height * 100}%`;
    this.marker.hidden = false;
    this.point(this.active);
  }

  press(event) {
    const target = {
      ArrowLeft: this.active - 1,
      ArrowRight: this.active + 1,
      ArrowUp: this.active - width,
      ArrowDown: this.active + width,
      Home: 0,
      End: height * width - 1,
    }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      this.activate(target);
    }
  }
}

element("samples").className = "grid";
