import type { Problem } from "./problem.js";

/** How a wire ended. `code` is a WebSocket close code or an HTTP status, 0 for a plain cut. */
export interface End {
  code: number;
  problem?: Problem;
  /** What the server asked to wait, if it did. */
  delayMs?: number;
}

/** What a wire tells. After `ended` it tells nothing more; after `close()` it tells nothing. */
export interface Ears {
  frame(frame: Frame): void;
  ended(end: End): void;
}

/** One physical connection. It carries frames and decides nothing. */
export interface Wire {
  /** Absent where the transport goes one way only. */
  send?: (frame: object) => void;
  close(): void;
}

/** Everything the server says, in one loose shape. */
export interface Frame {
  type?: string;
  id?: string;
  event?: string;
  channel?: string;
  data?: unknown;
  cursor?: string;
  delayMs?: number;
  channels?: string[];
  problem?: Problem;
  ref?: string;
  members?: Member[];
}

export interface Member {
  id: string;
  sinceAt: number;
}

/** Hands over the frames of a text; a line that is no JSON object is skipped. */
export function frames(text: string, ears: Ears): void {
  for (const line of text.split("\n")) {
    if (!line) continue;
    let frame: unknown;
    try {
      frame = JSON.parse(line);
    } catch {
      continue;
    }
    if (frame && typeof frame === "object") ears.frame(frame);
  }
}

/** Whether a close code or an HTTP status means: do not come back as you are. */
export function isFinal(code: number): boolean {
  if (code >= 4000) return [4400, 4401, 4403, 4413].includes(code);
  return code >= 400 && code < 500 && ![408, 425, 429].includes(code);
}
