// Messages beyond workflows: what @upstash/qstash publishes, and how it is delivered.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { Client, Receiver } from "@upstash/qstash";
import { host } from "../lib/host.mjs";
import { qstashOptions, stepcastUrl, until } from "../lib/stepcast.mjs";

const client = new Client({ ...qstashOptions, enableTelemetry: false });
const receiver = new Receiver({
  currentSigningKey: process.env.QSTASH_CURRENT_SIGNING_KEY,
  nextSigningKey: process.env.QSTASH_NEXT_SIGNING_KEY,
});
const of = (one, path) => one.seen.filter((s) => s.path === path);

describe("a message", () => {
  test("is delivered once, signed, with its headers, query and body", async () => {
    const one = await host({ "/in": () => new Response("ok") });
    const { messageId } = await client.publishJSON({
      url: `${one.url}/in?a=1&b=2`, body: { text: "“ü”" }, headers: { "My-Header": "mine" },
    });
    await until(() => of(one, "/in").length === 1);
    const [got] = of(one, "/in");
    assert.deepEqual(JSON.parse(got.body), { text: "“ü”" });
    assert.equal(got.headers["my-header"], "mine");
    assert.equal(got.headers["upstash-message-id"], messageId);
    assert.ok(await receiver.verify({ signature: got.headers["upstash-signature"], body: got.body, url: `${one.url}/in?a=1&b=2` }));
    await until(async () => (await state(messageId)) === "DELIVERED");
  });

  test("waits as long as asked", async () => {
    const one = await host({ "/in": () => new Response("ok") });
    const start = Date.now();
    await client.publish({ url: `${one.url}/in`, body: "x", delay: 1 });
    await until(() => of(one, "/in").length === 1);
    assert.ok(Date.now() - start >= 1000);
  });

  test("is tried again, and its callback told what it came to", async () => {
    let tries = 0;
    const one = await host({
      "/in": () => new Response("answer", { status: tries++ < 2 ? 500 : 201 }), "/callback": () => new Response("ok"),
    });
    await client.publish({ url: `${one.url}/in`, body: "x", retries: 3, retryDelay: "10", callback: `${one.url}/callback` });
    await until(() => of(one, "/callback").length === 1);
    assert.equal(tries, 3);
    const told = JSON.parse(of(one, "/callback")[0].body);
    assert.equal(told.status, 201);
    assert.equal(atob(told.body), "answer");
    assert.equal(atob(told.sourceBody), "x");
  });

  test("that fails for good is a dead letter, told to its failure callback, and retried from there", async () => {
    let broken = true;
    const one = await host({
      "/in": () => new Response("no", { status: broken ? 500 : 200 }), "/failed": () => new Response("ok"),
    });
    const { messageId } = await client.publish({ url: `${one.url}/in`, body: "y", retries: 0, failureCallback: `${one.url}/failed` });
    await until(() => of(one, "/failed").length === 1);
    assert.equal(JSON.parse(of(one, "/failed")[0].body).status, 500);
    const dead = (await client.dlq.listMessages()).messages.find((m) => m.messageId === messageId);
    assert.equal(dead.responseStatus, 500);
    broken = false;
    await fetch(`${stepcastUrl}/v2/dlq/retry?dlqIds=${dead.dlqId}`, {
      method: "POST", headers: { Authorization: `Bearer ${qstashOptions.token}` } });
    await until(() => of(one, "/in").length === 2);
  });

  test("with a deduplication id is accepted once", async () => {
    const one = await host({ "/in": () => new Response("ok") });
    const deduplicationId = randomUUID();
    const first = await client.publish({ url: `${one.url}/in`, body: "x", delay: 1, deduplicationId });
    const second = await client.publish({ url: `${one.url}/in`, body: "x", delay: 1, deduplicationId });
    assert.equal(second.messageId, first.messageId);
    assert.equal(second.deduplicated, true);
  });

  test("can be taken back before it is due", async () => {
    const one = await host({ "/in": () => new Response("ok") });
    const { messageId } = await client.publish({ url: `${one.url}/in`, body: "x", delay: 600 });
    const call = await fetch(`${stepcastUrl}/v2/messages/${messageId}`, {
      method: "DELETE", headers: { Authorization: `Bearer ${qstashOptions.token}` } });
    assert.deepEqual(await call.json(), { cancelled: 1 });
    assert.equal(await state(messageId), "CANCELED");
  });

  test("may be one of a batch", async () => {
    const one = await host({ "/a": () => new Response("ok"), "/b": () => new Response("ok") });
    const sent = await client.batchJSON([{ url: `${one.url}/a`, body: 1 }, { url: `${one.url}/b`, body: 2 }]);
    assert.equal(sent.length, 2);
    await until(() => of(one, "/a").length === 1 && of(one, "/b").length === 1);
  });
});

async function state(messageId) {
  const answer = await fetch(`${stepcastUrl}/v2/messages/${messageId}`, {
    headers: { Authorization: `Bearer ${qstashOptions.token}` } });
  return (await answer.json()).state;
}

test("a wrong token is refused, and so is what is not offered", async () => {
  await assert.rejects(new Client({ ...qstashOptions, token: "no" }).publish({ url: "http://127.0.0.1:1/" }),
    (fault) => fault.status === 401);
  await assert.rejects(client.publish({ api: { name: "llm", provider: { owner: "upstash", baseUrl: "", token: "" } }, body: {} }), (fault) => fault.status === 400);
  await assert.rejects(client.publish({ urlGroup: "no-such-group", body: "x" }), (fault) => fault.status === 404);
});

test("the keys are those that programs assume in development", async () => {
  const answer = await fetch(`${stepcastUrl}/v2/keys`, { headers: { Authorization: `Bearer ${qstashOptions.token}` } });
  assert.deepEqual(await answer.json(),
    { current: "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r", next: "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs" });
});
