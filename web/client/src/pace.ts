import type { ConnectOptions, Transport } from "./types.js";

const SSE_STAYS_MS = 300_000;
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** How long to wait before the next attempt, and which transport it takes. */
export class Pace {
  readonly #options: ConnectOptions;
  #webSocketWorks = false;
  #sseUntil = 0;
  /** Attempts in a row that came to nothing. */
  failures = 0;

  constructor(options: ConnectOptions) {
    this.#options = options;
  }

  transport(): Transport {
    const { transport } = this.#options;
    if (transport === "sse" || transport === "websocket") return transport;
    if (typeof WebSocket === "undefined" || Date.now() < this.#sseUntil) return "sse";
    const suspect = !this.#webSocketWorks || this.failures > 2;
    return suspect && this.failures % 2 ? "sse" : "websocket";
  }

  worked(sse: boolean): void {
    this.failures = 0;
    if (!sse) this.#webSocketWorks = true;
    else if (!this.#webSocketWorks) this.#sseUntil = Date.now() + SSE_STAYS_MS;
  }

  /** What to wait after one more failure, growing and scattered; undefined when it was one too many. */
  failed(): number | undefined {
    const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.failures) * (0.5 + Math.random() / 2);
    return ++this.failures > (this.#options.maxRetries ?? Infinity) ? undefined : wait;
  }

  /** Whether server-sent events may get through at once where a first WebSocket did not. */
  mayFallBack(sse: boolean, proven: boolean): boolean {
    return !sse && !proven && (this.#options.transport ?? "auto") === "auto";
  }
}
