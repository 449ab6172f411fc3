import { local, problemOf, ProblemError } from "../problem.js";

export interface ApiOptions {
  /** Where the API is; default `/api` of this page. Servers give the whole address. */
  url?: string;
  /** The API token, where one is needed; a function is asked for each call. */
  token?: string | null | (() => string | null | undefined);
  /** Whether cookies go along; default: to this origin only. */
  credentials?: RequestCredentials;
}

export type Call = <T>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<T>;

/** What follows `?`, or nothing; what is undefined or empty is left out. */
export function query(values: object): string {
  const parts = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return parts.length ? `?${new URLSearchParams(parts)}` : "";
}

/** A way to call the HTTP API: JSON there and back, and a {@link ProblemError} for every no. */
export function caller({ url = "/api", token, credentials }: ApiOptions = {}): Call {
  return async <T>(method: string, path: string, body?: unknown, extra?: object) => {
    const bearer = typeof token === "function" ? token() : token;
    const headers = {
      ...extra,
      ...(bearer && { Authorization: `Bearer ${bearer}` }),
      ...(body !== undefined && { "Content-Type": "application/json" }),
    };
    const init = { method, headers, credentials, body: JSON.stringify(body) };
    const response = await fetch(url + path, init).catch(() => {
      throw new ProblemError(local("unreachable", "The server cannot be reached."));
    });
    if (!response.ok) throw new ProblemError(await problemOf(response));
    return (response.status === 204 ? undefined : await response.json()) as T;
  };
}
