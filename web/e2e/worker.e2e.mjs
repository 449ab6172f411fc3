// The client as it is built, in a worker of a real browser, over both transports.
// BASE_URL=http://127.0.0.1:8080 CHROMIUM=/usr/bin/chromium node --test e2e/worker.e2e.mjs
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createApi } from "@stepcast/client/http";
import { base, launch } from "./chromium.mjs";

const api = createApi({ url: `${base}/api` });
const dist = fileURLToPath(new URL("../client/dist", import.meta.url));
const target = new URL(base);
const WORKER = `
  import { connect } from "/client/index.js";
  const [, channel, transport] = location.hash.split("/");
  connect({ url: location.origin + "/api/realtime", transport }).subscribe([channel], {
    since: 0,
    onEvent: ({ data }) => postMessage(data.text),
  });
`;

/** A site that has the client, a worker, and an API behind it. */
const site = createServer(async (asked, answer) => {
  if (asked.url.startsWith("/api/")) {
    const { method, headers } = asked;
    const far = request({ host: target.hostname, port: target.port, path: asked.url, method, headers }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      got.pipe(answer);
    });
    far.on("error", () => answer.destroy());
    answer.on("close", () => far.destroy());
    return asked.pipe(far);
  }
  const script = asked.url.startsWith("/client/") ? await readFile(dist + asked.url.slice("/client".length)) : WORKER;
  answer.setHeader("Content-Type", asked.url === "/" ? "text/html" : "text/javascript");
  answer.end(asked.url === "/" ? "<!doctype html><title>A site</title>" : script);
}).on("upgrade", (asked, near) => {
  const far = connect(target.port, target.hostname);
  const lines = Object.entries(asked.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  far.write(`GET ${asked.url} HTTP/1.1\r\n${lines.join("")}\r\n`);
  for (const [one, other] of [[near, far], [far, near]]) {
    one.pipe(other);
    one.on("error", () => {});
    one.on("close", () => other.destroy());
  }
});

let chromium;
before(async () => {
  await new Promise((listening) => site.listen(0, "127.0.0.1", listening));
  chromium = await launch();
});
after(async () => {
  await chromium?.close();
  site.closeAllConnections();
  site.close();
});

for (const transport of ["websocket", "sse"]) {
  test(`a worker hears what is kept and what comes, over ${transport}`, async () => {
    const channel = `worker-${randomUUID()}`;
    const tell = (text) => api.emit({ channel, event: "note", data: { text } });
    await tell("kept");
    const page = await chromium.window();
    await page.goto(`http://127.0.0.1:${site.address().port}/`);
    await page.evaluate((hash) => {
      window.heard = [];
      const worker = new Worker(`/worker.js#/${hash}`, { type: "module" });
      worker.onmessage = ({ data }) => window.heard.push(data);
      worker.onerror = ({ message }) => window.heard.push(`failed: ${message}`);
    }, `${channel}/${transport}`);
    const heard = (count) => page.waitForFunction((n) => window.heard.length >= n, count);
    await heard(1);
    await tell("told");
    await heard(2);
    assert.deepEqual(await page.evaluate(() => window.heard), ["kept", "told"]);
  });
}
