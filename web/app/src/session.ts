import { createApi, ProblemError } from "@stepcast/client/http";

/** What the pages know of the API: its token, where one is needed, kept as long as the tab lives. */
const KEY = "stepcast-token";
const DAY_MS = 86_400_000;

let asking: { retry: () => void; refused: boolean } | undefined;
const watchers = new Set<() => void>();

export const api = createApi({ token: () => stored() });

/**
 * Calls the API; where it asks for a token, the page asks for it and the call is made again. Fails
 * with a ProblemError like the call itself.
 */
export async function call<T>(what: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await what();
    } catch (fault) {
      if (!(fault instanceof ProblemError) || fault.status !== 401) throw fault;
      await new Promise<void>((retry) => {
        const others = asking?.retry;
        tell({ refused: stored() !== null, retry: () => (others?.(), retry()) });
      });
    }
  }
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
  const waiting = asking;
  tell(undefined);
  waiting?.retry();
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
