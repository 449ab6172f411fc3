// A plain Node server in the place of Next.js: routes are functions from Request to Response.
import { createServer, request as ask } from "node:http";

/**
 * @param routes handlers by path
 * @param others where whatever else is asked for goes, as an origin; null: nowhere
 * @returns its `url`, how often each path was called (`calls`), what came (`seen`), and `close`
 */
export async function app(routes, others = null) {
  const calls = {};
  const seen = [];
  const server = createServer(async (incoming, outgoing) => {
    const url = new URL(`http://${incoming.headers.host}${incoming.url}`);
    if (others && !routes[url.pathname]) return pass(others, incoming, outgoing);
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    calls[url.pathname] = (calls[url.pathname] ?? 0) + 1;
    seen.push({ path: url.pathname, headers: incoming.headers, body: body.toString() });
    const bodiless = incoming.method === "GET" || incoming.method === "HEAD";
    const request = new Request(url, {
      method: incoming.method, headers: incoming.headers, body: bodiless ? undefined : body,
    });
    Object.defineProperty(request, "nextUrl", { value: url });
    const handler = routes[url.pathname];
    const response = handler ? await handler(request) : new Response("none", { status: 404 });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    const reader = response.body?.getReader();
    outgoing.on("close", () => reader?.cancel().catch(() => {}));
    for (let part; reader && !(part = await reader.read()).done;) outgoing.write(part.value);
    outgoing.end();
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${server.address().port}`, calls, seen,
    close: () => (server.closeAllConnections(), server.close()),
  };
}

function pass(origin, incoming, outgoing) {
  const onward = ask(new URL(incoming.url, origin), { method: incoming.method, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
}
