import type { Timer } from "./link.js";
import type { Pace } from "./pace.js";
import type { Problem } from "./problem.js";
import type { Grant } from "./types.js";

/** When the next attempt is due, or why there is none. */
export class Comeback {
  readonly #pace: Pace;
  readonly #open: () => void;
  #timer: Timer | undefined;
  /** Why it will not come back as it is. */
  fatal: Problem | undefined;
  /** The grant that was refused. */
  refused: Grant;

  constructor(pace: Pace, open: () => void) {
    this.#pace = pace;
    this.#open = open;
  }

  get planned(): boolean {
    return this.#timer !== undefined;
  }

  /** Tries again after `delayMs`, or after a back-off; gives up where that was the last time. */
  later(delayMs: number | undefined, problem: Problem): void {
    const wait = this.#pace.failed();
    if (wait === undefined) this.fatal = problem;
    else this.in(delayMs ?? wait);
  }

  in(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#open, delayMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
