// Beeps that get faster and higher the stronger a signal is. Input: a function that tells the
// strength, 0 (nothing) to 1. Begun by a click only: browsers forbid else.

const SLOWEST_MS = 1_400;
const FASTEST_MS = 90;

export class Beeper {
  constructor(strengthNow) {
    this.strengthNow = strengthNow;
    this.context = new AudioContext();
    this.next();
  }

  next() {
    const strength = this.strengthNow();
    if (strength > 0) this.beep(330 + 900 * strength);
    const wait = SLOWEST_MS * (FASTEST_MS / SLOWEST_MS) ** strength;
    this.timer = setTimeout(() => this.next(), wait);
  }

  beep(hertz) {
    const { context } = this;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.25, context.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.07);
    tone.connect(volume).connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + 0.08);
  }

  stop() {
    clearTimeout(this.timer);
    this.context.close();
  }
}
