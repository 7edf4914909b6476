"use strict";

/** What was drawn: reads the embedded data and says how each sample looked after any round. */
class Timeline {
  constructor(data) {
    this.data = data;
    this.mask = data.symbols.length - 1;
    const steps = new Set(data.samples.flatMap((sample) => sample.steps));
    /** The steps in which something happened, ascending; round r is the state after the r-th. */
    this.steps = [...steps].sort((a, b) => a - b);
  }

  get rounds() {
    return this.steps.length;
  }

  /** The last step that counts for a round; nothing has happened before the first. */
  stepOf(round) {
    return round === 0 ? -1 : this.steps[round - 1];
  }

  /** The number of the last event of each position of a sample after a round; -1 for none yet. */
  state(sample, round) {
    const last = new Array(sample.start.length).fill(-1);
    const until = this.stepOf(round);
    for (let i = 0; i < sample.steps.length && sample.steps[i] <= until; i++) {
      last[sample.positions[i]] = i;
    }
    return last;
  }

  /** The token at a position whose last event is given. */
  token(sample, position, event) {
    return event < 0 ? sample.start[position] : sample.tokens[event];
  }

  /** The text of a sample in such a state. */
  text(sample, state) {
    return state.map((event, n) => this.data.symbols[this.token(sample, n, event)]).join("");
  }

  /** How many positions of a sample were not given. */
  blanks(sample) {
    return sample.start.filter((token) => token === this.mask).length;
  }

  /** How many of those have a token in such a state. */
  drawn(sample, state) {
    return state.filter((event, n) =>
        sample.start[n] === this.mask && this.token(sample, n, event) !== this.mask).length;
  }

  /** For each event of a sample, its place among the sample's reveals, from 0. */
  order(sample) {
    let next = 0;
    return sample.tokens.map((token) => (token === this.mask ? -1 : next++));
  }

  /** How many positions were revealed and masked again, in all samples, by round from 1. */
  counts() {
    const roundOf = new Map(this.steps.map((step, i) => [step, i]));
    const counts = this.steps.map(() => ({ revealed: 0, remasked: 0 }));
    for (const sample of this.data.samples) {
      sample.tokens.forEach((token, i) => {
        const count = counts[roundOf.get(sample.steps[i])];
        if (token === this.mask) {
          count.remasked++;
        } else {
          count.revealed++;
        }
      });
    }
    return counts;
  }

  /** How surprising a choice of one in all symbols would be, in nats. */
  get largestEntropy() {
    return Math.log(this.mask);
  }
}
