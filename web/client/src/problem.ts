/** What the server says when the answer is no: RFC 9457 `application/problem+json`. */
export interface Problem {
  /** Last segment of `type`; never reworded, so this is what to switch on. */
  kind: string;
  title: string;
  status: number;
  /** What to do about this very request. */
  detail?: string;
  type?: string;
  [extra: string]: unknown;
}

/** A {@link Problem} as an error. `kind` tells what happened, `status` the HTTP status (0: none). */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }

  get kind(): string {
    return this.problem.kind;
  }

  get status(): number {
    return this.problem.status;
  }
}

/** A problem that arose on this side of the wire. */
export function local(kind: string, title: string): Problem {
  return { kind, title, status: 0 };
}

/** The problem in an answer that is not ok, whatever its body turns out to be. */
export async function problemOf(response: Response): Promise<Problem> {
  const unnamed = {
    kind: `http-${response.status}`,
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
  };
  try {
    const body = await response.json();
    return body && typeof body === "object" ? { ...unnamed, ...body } : unnamed;
  } catch {
    return unnamed;
  }
}
