import type { Carried } from "./channel.js";
import { problemOf } from "./problem.js";
import { frames, type Ears, type End, type Wire } from "./wire.js";

/**
 * Opens a stream of server-sent events through `fetch`, so that it can carry headers and works
 * where there is no EventSource. Only `data:` lines matter to us.
 */
export function openSse(url: string, init: RequestInit, ears: Ears): Wire {
  const abort = new AbortController();
  const end = (how: End) => {
    if (!abort.signal.aborted) ears.ended(how);
    abort.abort();
  };
  read(url, { ...init, signal: abort.signal }, ears).then(end, () => end({ code: 0 }));
  return { close: () => abort.abort() };
}

async function read(url: string, init: RequestInit, ears: Ears): Promise<End> {
  const response = await fetch(url, init);
  if (!response.ok || !response.body) {
    const seconds = Number(response.headers.get("retry-after"));
    return {
      code: response.status,
      problem: await problemOf(response),
      ...(seconds > 0 && { delayMs: seconds * 1000 }),
    };
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { code: 0 };
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith("data:")) frames(line.slice(5), ears);
    }
  }
}

/** The URL that asks for these channels, each from its ack on. */
export function withAcks(url: URL, carried: Map<string, Carried>): string {
  const parts = [...carried].flatMap(([name, { ack }]) => {
    const channel = encodeURIComponent(name);
    return ack ? [`channel=${channel}`, `last_ack_${channel}=${ack}`] : [`channel=${channel}`];
  });
  url.search += (url.search ? "&" : "?") + ["acks=exact", ...parts].join("&");
  return url.href;
}
