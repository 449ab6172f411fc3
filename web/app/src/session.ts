import { createApi, ProblemError } from "@stepcast/client/http";

/** What the pages know of the API: its token, where one is needed, kept as long as the tab lives. */
const KEY = "stepcast-token";
const DAY_MS = 86_400_000;

let asking: { retry: () => void; refused: boolean } | undefined;
const watchers = new Set<() => void>();
const waiting = new Set<() => void>();
/** Whether what was asked last came to nothing: no server was there, or it could not answer. */
let missed: "" | "away" | "unable" = "";

export const api = createApi({ token: () => stored() });

/**
 * Calls the API; where it asks for a token, the page asks for it and the call is made again. Fails
 * with a ProblemError like the call itself.
 */
export async function call<T>(what: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      const answer = await what();
      if (missed) answered();
      return answer;
    } catch (fault) {
      missed = miss(fault, missed);
      if (!(fault instanceof ProblemError) || fault.status !== 401) throw fault;
      await new Promise<void>((retry) => {
        const others = asking?.retry;
        tell({ refused: stored() !== null, retry: () => (others?.(), retry()) });
      });
    }
  }
}

/** Calls `back` when the server answers after it did not; until the answer is called. */
export function onAnswered(back: () => void): () => void {
  waiting.add(back);
  return () => void waiting.delete(back);
}

/** The server is back: whoever waits asks again, and the live connection does not wait for its timer. */
function answered(): void {
  const away = missed === "away";
  missed = "";
  for (const back of [...waiting]) back();
  if (away) dispatchEvent(new Event("online"));
}

function miss(fault: unknown, before: typeof missed): typeof missed {
  const status = fault instanceof ProblemError ? fault.status : 0;
  if (status === 0 || before === "away") return "away";
  return status >= 500 ? "unable" : before;
}

/** Takes a token, and with it a grant for the live events of runs, as a cookie. */
export async function enter(token: string): Promise<boolean> {
  sessionStorage.setItem(KEY, token);
  try {
    await api.grant({
      subject: "pages",
      channels: { "wfr_*": ["subscribe"], "workflow:*": ["subscribe"] },
      ttlMs: DAY_MS,
      cookie: "pages",
    });
  } catch (fault) {
    if (fault instanceof ProblemError && fault.status === 401) {
      sessionStorage.removeItem(KEY);
      return false;
    }
  }
  const wish = asking;
  tell(undefined);
  wish?.retry();
  return true;
}

export const tokenWish = {
  subscribe(watcher: () => void) {
    watchers.add(watcher);
    return () => void watchers.delete(watcher);
  },
  get: () => asking,
};

function tell(wish: typeof asking): void {
  asking = wish;
  for (const watcher of watchers) watcher();
}

function stored(): string | null {
  return sessionStorage.getItem(KEY);
}
