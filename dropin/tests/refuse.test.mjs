// Where private networks are refused, no delivery is made to this machine, however it is written.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "@upstash/qstash";
import { app } from "../lib/app.mjs";
import { qstashOptions, until } from "../lib/stepcast.mjs";

const client = new Client({ ...qstashOptions, enableTelemetry: false });

async function failed(messageId) {
  const { logs } = await until(async () => {
    const found = await client.logs({ filter: { messageId, state: "FAILED" } });
    return found.logs.length > 0 && found;
  });
  return logs[0].error;
}

test("a destination on this machine is not called, and the message says why", async () => {
  const one = await app({ "/in": () => new Response("ok"), "/told": () => new Response("ok") });
  const { port } = new URL(one.url);
  const to = async (host) => failed((await client.publish({ url: `http://${host}:${port}/in`, body: "x", retries: 0,
    failureCallback: `http://${host}:${port}/told` })).messageId);
  // Addresses, and names that lead to one.
  for (const host of ["127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST", "[::1]", "0.0.0.0", "[::]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]"]) {
    assert.match(await to(host), /private network/, host);
  }
  // Numbers that some resolvers take for an address: refused as such, or no host at all.
  for (const host of ["localhost.", "2130706433", "127.1", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001"]) {
    await to(host);
  }
  assert.deepEqual(one.calls, {});
  one.close();
});
