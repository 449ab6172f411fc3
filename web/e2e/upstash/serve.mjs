// Builds the guide's page and serves it beside a proxy for /api, so that both have one origin, as
// the guide's own application has.
import { createReadStream, existsSync } from "node:fs";
import { createServer, request } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));
const built = fileURLToPath(new URL("../target/upstash/", import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript" };

/** @param {string} base where Stepcast is @returns where the page is, and a way to stop it */
export async function serve(base) {
  await build({
    root,
    configFile: false,
    logLevel: "error",
    resolve: { alias: { "@": join(root, "src") } },
    build: { outDir: built, emptyOutDir: true },
  });
  const server = createServer((incoming, outgoing) =>
    incoming.url.startsWith("/api/") ? pass(base, incoming, outgoing) : file(incoming, outgoing),
  );
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function file(incoming, outgoing) {
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
