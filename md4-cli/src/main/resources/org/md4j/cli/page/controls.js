"use strict";

const views = data.samples.map((sample, i) => new SampleView(sample, i));
const counts = timeline.counts();
const bars = new Bars(counts);
const slider = element("step");
let playing = null;

function show(round) {
  views.forEach((view) => view.show(round));
  bars.show(round);
  const count = views.reduce((sum, view) => sum + timeline.drawn(view.sample, view.state), 0);
  const blanks = data.samples.reduce((sum, sample) => sum + timeline.blanks(sample), 0);
  const changes = round === 0 ? "nothing drawn yet" : `step ${timeline.stepOf(round)}: `
      + `${counts[round - 1].revealed} revealed`
      + (counts[round - 1].remasked > 0 ? `, ${counts[round - 1].remasked} masked again` : "");
  const words = `${changes}; ${count} of ${blanks} ${rows.drawn}`;
  element("position").textContent = words[0].toUpperCase() + words.slice(1) + ".";
  slider.setAttribute("aria-valuetext", words);
}

function choose(round) {
  slider.value = round;
  show(Number(slider.value));
}

function stop() {
  clearInterval(playing);
  playing = null;
  element("play").textContent = "Play";
}

function play() {
  if (playing !== null) {
    stop();
    return;
  }
  if (Number(slider.value) === timeline.rounds) {
    choose(0);
  }
  element("play").textContent = "Pause";
  const pause = Math.min(400, Math.max(16, 8000 / timeline.rounds));
  playing = setInterval(() => {
    choose(Number(slider.value) + 1);
    if (Number(slider.value) === timeline.rounds) {
      stop();
    }
  }, pause);
}

function colour() {
  const view = document.querySelector("input[name=view]:checked").value;
  document.body.className = view;
  const most = timeline.largestEntropy;
  const ends = {
    values: ["", ""],
    entropy: ["certain, 0", `${most.toFixed(2)} nats, any of ${timeline.mask} ${rows.choices}`],
    probability: ["probability 0", "1"],
    order: ["first", "last revealed"],
  }[view];
  element("legend-low").textContent = ends[0];
  element("legend-high").textContent = ends[1];
  views.forEach((sample) => sample.colour());
}

slider.max = timeline.rounds;
slider.addEventListener("input", () => {
  stop();
  show(Number(slider.value));
});
element("play").addEventListener("click", play);
document.querySelectorAll("input[name=view]").forEach(
    (choice) => choice.addEventListener("change", colour));
element("subtitle").textContent = data.title;
for (const [name, value] of Object.entries(data.protocol)) {
  element("protocol").append(make("dt", "", name), make("dd", "", value));
}
if (data.note) {
  element("omitted").hidden = false;
  element("omitted").textContent = data.note;
}
choose(timeline.rounds);
colour();
