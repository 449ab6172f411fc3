// Builds a page, such as the guide's, and serves it beside a proxy for /api, so that both have one origin, as
// the guide's own application has.
import { createReadStream, existsSync } from "node:fs";
import { createServer, request } from "node:http";
import { basename, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const guide = fileURLToPath(new URL(".", import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript" };

/**
 * @param {string} base where Stepcast is
 * @param {string} root where the page's sources are; default: the guide's
 * @returns where the page is, and a way to stop it
 */
export async function serve(base, root = guide) {
  const built = fileURLToPath(new URL(`../target/built-${basename(root)}/`, import.meta.url));
  await build({
    root,
    configFile: false,
    logLevel: "error",
    resolve: { alias: { "@": join(root, "src") } },
    build: { outDir: built, emptyOutDir: true },
  });
  const server = createServer((incoming, outgoing) => {
    if (incoming.url === "/api/trigger") trigger(base, outgoing).catch(() => outgoing.destroy());
    else if (incoming.url.startsWith("/api/")) pass(base, incoming, outgoing);
    else file(built, incoming, outgoing);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The guide's own route `app/api/trigger/route.ts`, with its payload. */
async function trigger(base, outgoing) {
  const answer = await fetch(`${base}/api/trigger`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      workflow: "process-data",
      payload: { userId: "user-123", action: "process-data" },
    }),
  });
  outgoing.writeHead(answer.status, { "content-type": "application/json" });
  outgoing.end(await answer.text());
}

function file(built, incoming, outgoing) {
  const path = normalize(join(built, incoming.url === "/" ? "index.html" : incoming.url));
  if (!path.startsWith(built) || !existsSync(path)) return outgoing.writeHead(404).end();
  outgoing.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
  createReadStream(path).pipe(outgoing);
}

function pass(base, incoming, outgoing) {
  const target = new URL(incoming.url, base);
  const headers = { ...incoming.headers, host: target.host };
  if (headers.origin) headers.origin = target.origin;
  const onward = request(target, { method: incoming.method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", () => outgoing.destroy());
  outgoing.on("close", () => onward.destroy());
  incoming.pipe(onward);
}
