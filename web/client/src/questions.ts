import { local, ProblemError } from "./problem.js";
import type { Frame, Wire } from "./wire.js";

interface Question {
  frame: object;
  done: (frame: Frame) => void;
  failed: (fault: ProblemError) => void;
  /** The wire it went out on. */
  wire?: Wire;
}

/** Questions to the server, each with a `ref` that its answer repeats. */
export class Questions {
  readonly #asked = new Map<string, Question>();
  #refs = 0;

  get open(): boolean {
    return this.#asked.size > 0;
  }

  ask(question: object): Promise<Frame> {
    const ref = String(++this.#refs);
    return new Promise((done, failed) => {
      this.#asked.set(ref, { frame: { ...question, ref }, done, failed });
    });
  }

  /** Sends what has not been sent yet. */
  sendOver(wire: Wire): void {
    for (const [ref, question] of this.#asked) {
      if (question.wire) continue;
      if (!wire.send) this.#fail(ref, question, "needs-websocket");
      else {
        question.wire = wire;
        wire.send(question.frame);
      }
    }
  }

  answer(frame: Frame): void {
    const question = this.#asked.get(frame.ref!);
    this.#asked.delete(frame.ref!);
    if (frame.problem) question?.failed(new ProblemError(frame.problem));
    else question?.done(frame);
  }

  /** The wire is gone. Whether what went out on a wire that worked has arrived, nobody knows. */
  cut(wire: Wire, worked: boolean): void {
    for (const [ref, question] of this.#asked) {
      if (question.wire !== wire) continue;
      question.wire = undefined;
      if (worked) this.#fail(ref, question, "connection-lost");
    }
  }

  fail(kind: string): void {
    for (const [ref, question] of this.#asked) this.#fail(ref, question, kind);
  }

  #fail(ref: string, question: Question, kind: string): void {
    this.#asked.delete(ref);
    question.failed(unanswered(kind));
  }
}

export function unanswered(kind: string): ProblemError {
  return new ProblemError(local(kind, "The connection cannot answer this."));
}
