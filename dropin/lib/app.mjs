// A plain Node server in the place of Next.js: routes are functions from Request to Response.
import { createServer } from "node:http";

/**
 * @param routes handlers by path
 * @returns its `url`, how often each path was called (`calls`), what came (`seen`), and `close`
 */
export async function app(routes) {
  const calls = {};
  const seen = [];
  const server = createServer(async (incoming, outgoing) => {
    const url = new URL(incoming.url, `http://${incoming.headers.host}`);
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
    if (response.body) for await (const part of response.body) outgoing.write(part);
    outgoing.end();
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${server.address().port}`, calls, seen,
    close: () => (server.closeAllConnections(), server.close()),
  };
}
