// Where private networks are refused, no delivery is made to this machine, whatever is asked for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "@upstash/qstash";
import { app } from "../lib/app.mjs";
import { qstashOptions, until } from "../lib/stepcast.mjs";

test("a destination on this machine is not called, and the message says why", async () => {
  const client = new Client({ ...qstashOptions, enableTelemetry: false });
  const one = await app({ "/in": () => new Response("ok") });
  for (const host of ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"]) {
    const url = `${one.url}/in`.replace("127.0.0.1", host);
    const { messageId } = await client.publish({ url, body: "x", retries: 0 });
    const { logs } = await until(async () => {
      const found = await client.logs({ filter: { messageId, state: "FAILED" } });
      return found.logs.length > 0 && found;
    });
    assert.match(logs[0].error, /private network/, host);
  }
  assert.equal(one.calls["/in"], undefined);
  one.close();
});
