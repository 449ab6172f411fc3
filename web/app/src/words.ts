import type { RunState, StepState } from "@stepcast/client/http";

export type Tone = "good" | "bad" | "wait" | "busy" | "calm";

const STATES: Record<RunState, [word: string, tone: Tone]> = {
  QUEUED: ["Queued", "calm"],
  RUNNING: ["Running", "busy"],
  SLEEPING: ["Sleeping", "wait"],
  WAITING: ["Waiting", "wait"],
  BACKING_OFF: ["Retrying", "wait"],
  PAUSED: ["Paused", "calm"],
  BLOCKED_BY_FLOW: ["Held back", "wait"],
  SUCCEEDED: ["Done", "good"],
  FAILED: ["Failed", "bad"],
  CANCELED: ["Canceled", "calm"],
};

export const runStates = Object.keys(STATES) as RunState[];

export function wordOf(state: RunState | StepState): string {
  return STATES[state][0];
}

export function toneOf(state: RunState | StepState): Tone {
  return STATES[state][1];
}

export function isOver(state: RunState): boolean {
  return state === "SUCCEEDED" || state === "FAILED" || state === "CANCELED";
}

/** 35 ms, 1.4 s, 2 min 05 s, 3 h 12 min, 4 d 01 h */
export function duration(ms: number): string {
  if (ms < 1) return "< 1 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${pad(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${pad(hours % 24)} h`;
}

/** 9:59, or 1:02:03 */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = `${hours ? pad(minutes) : minutes}:${pad(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function pad(n: number): string {
  return String(Math.floor(n)).padStart(2, "0");
}

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const minute = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export function clockTime(at: number): string {
  return time.format(at);
}

export function clockMinute(at: number): string {
  return minute.format(at);
}

export function fullTime(at: number): string {
  return dayAndTime.format(at);
}

/** The end of an id is what tells two of them apart. */
export function shortId(id: string): string {
  return id.length > 14 ? `…${id.slice(-8)}` : id;
}
