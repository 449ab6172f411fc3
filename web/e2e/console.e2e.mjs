// BASE_URL=http://127.0.0.1:8080 CHROMIUM=/usr/bin/chromium node --test e2e/console.e2e.mjs
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { createApi } from "@stepcast/client/http";
import { base, launch } from "./chromium.mjs";

const api = createApi({ url: `${base}/api` });
const payload = { userId: "a", action: "wait" };
let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

async function open() {
  const page = await chromium.window();
  await page.goto(`${base}/console`);
  return page;
}

const row = (page, id) => page.getByRole("listitem").filter({ has: page.getByLabel(`Choose ${id}`) });

/** Runs of which none can succeed: more is ordered than there is in stock. */
async function failedRuns(count) {
  const order = { orderId: "A-1", customer: "Ada", items: 101 };
  const ids = [];
  while (ids.length < count) {
    ids.push((await api.trigger({ workflow: "order-fulfillment", payload: order })).workflowRunId);
  }
  for (const id of ids) await failed(id);
  return ids;
}

async function failed(id) {
  for (let run = await api.run(id); run.state !== "FAILED"; run = await api.run(id)) {
    await new Promise((later) => setTimeout(later, 100));
  }
}

test("nodes are listed with what they carry", async () => {
  const page = await open();
  const node = page.getByRole("table").getByRole("row").nth(1);
  await node.getByText("Live").waitFor();
  assert.match(await node.innerText(), /api-service/);
  assert.match(await node.innerText(), /\d+ runs?/);
  await page.getByText("Channels listened to").waitFor();
  assert.deepEqual(page.complaints, []);
});

test("runs that wait are canceled together, and the list says so by itself", async () => {
  const ids = [];
  for (let n = 0; n < 2; n++) {
    ids.push((await api.trigger({ workflow: "process-data", payload, delayMs: 3_600_000 })).workflowRunId);
  }
  const page = await open();
  await page.getByLabel("State").selectOption("");
  await page.getByLabel("Workflow").selectOption("process-data");
  for (const id of ids) await page.getByLabel(`Choose ${id}`).check();
  await page.getByRole("button", { name: "Cancel 2" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel them" }).click();
  await page.getByText("2 done").waitFor();
  for (const id of ids) {
    await row(page, id).getByText("Canceled", { exact: true }).waitFor();
    assert.equal((await api.run(id)).state, "CANCELED");
  }
  assert.deepEqual(page.complaints, []);
});

test("a run that failed says why; it is resumed, restarted, and restarted with others", async () => {
  const ids = await failedRuns(2);
  const page = await open();
  await page.getByLabel("Workflow").selectOption("order-fulfillment");
  await row(page, ids[0]).getByRole("button", { name: "Why?" }).click();
  await row(page, ids[0]).getByText(/only 100 in stock/).first().waitFor();
  await page.picture("console-why");

  await row(page, ids[0]).getByRole("link").click();
  await page.getByText("reserve-stock failed").waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("Resumed from").waitFor();
  const resumed = page.url().split("/").at(-1);
  await failed(resumed);
  const view = await api.run(resumed);
  assert.equal(view.resumedFrom, ids[0]);
  const [kept] = view.steps;
  assert.deepEqual(kept.result, (await api.run(ids[0])).steps[0].result, "what had succeeded is kept");
  await page.getByText("reserve-stock failed").waitFor();

  await page.getByRole("button", { name: "Restart" }).click();
  await page.getByText("Restarted from").waitFor();
  const restarted = page.url().split("/").at(-1);
  assert.equal((await api.run(restarted)).restartedFrom, resumed);
  await page.picture("run-restarted");

  await page.getByRole("link", { name: "Console" }).click();
  await page.getByLabel("Workflow").selectOption("order-fulfillment");
  for (const id of ids) await page.getByLabel(`Choose ${id}`).check();
  await page.getByRole("button", { name: "Restart 2" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restart them" }).click();
  await page.getByText("2 done").waitFor();
  const { runs } = await api.runs({ workflow: "order-fulfillment" });
  for (const id of ids) assert.ok(runs.some(({ restartedFrom }) => restartedFrom === id), id);
  assert.deepEqual(page.complaints, []);
});

test("a schedule fires, is paused and deleted", async () => {
  const scheduleId = `e2e-${randomUUID().slice(0, 8)}`;
  await api.schedule({ scheduleId, cron: "* * * * * *", workflow: "process-data", payload });
  const page = await open();
  const line = page.getByRole("row").filter({ hasText: scheduleId });
  await line.getByRole("link").waitFor(); // the run of a tick
  await page.picture("console-schedules");
  await line.getByRole("button", { name: "Pause" }).click();
  await line.getByText("Paused").waitFor();
  await line.getByRole("button", { name: "Unpause" }).click();
  await line.getByRole("button", { name: "Pause" }).waitFor();
  await line.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete it" }).click();
  await line.waitFor({ state: "detached" });
  assert.deepEqual(page.complaints, []);
});

test("who holds a flow key and who waits for it", async () => {
  const key = `e2e-${randomUUID().slice(0, 8)}`;
  const order = { orderId: "A-2", customer: "Ada", items: 1 };
  const ids = [];
  for (let n = 0; n < 2; n++) {
    const run = { workflow: "order-fulfillment", payload: order, flowControl: { key, parallelism: 1 } };
    ids.push((await api.trigger(run)).workflowRunId);
  }
  const page = await open();
  const card = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: key }) });
  await card.getByText("1 running").waitFor();
  await card.getByText("1 waiting").waitFor();
  await card.getByRole("button", { name: `Who? ${key}` }).click();
  for (const id of ids) await card.locator(`a[href="/runs/${id}"]`).waitFor();
  await page.picture("console-flow");
  for (const id of ids) await api.cancel(id);
  await card.waitFor({ state: "detached" });
  assert.deepEqual(page.complaints, []);
});

test("one connection is closed, and whoever had it comes back", async () => {
  const channel = `e2e-${randomUUID().slice(0, 8)}`;
  const page = await open();
  await page.getByRole("textbox", { name: "Channel" }).fill(channel);
  await page.getByRole("button", { name: "Listen" }).click();
  await page.getByText("Nothing was told here").waitFor();
  let connections = [];
  while (!connections.length) ({ connections } = await api.connections({ channel })); // it is just being opened
  assert.equal(connections.length, 1);
  const [{ id }] = connections;
  await page.getByRole("button", { name: `Close ${id}` }).click();
  await page.getByText("1 closed").waitFor();
  await page.getByRole("button", { name: `Close ${id}` }).waitFor({ state: "detached" });
  await api.emit({ channel, event: "note", data: { text: "heard on another connection" } });
  await page.getByRole("list", { name: `Events of ${channel}` }).getByText("heard on another connection").waitFor();
  assert.deepEqual(page.complaints, []);
});

test("a channel is listened to, and a subject's connections are closed", async () => {
  const channel = `e2e-${randomUUID().slice(0, 8)}`;
  const page = await open();
  await page.getByRole("textbox", { name: "Channel" }).fill(channel);
  await page.getByRole("button", { name: "Listen" }).click();
  await page.getByText("Nothing was told here").waitFor();
  await api.emit({ channel, event: "note", data: { text: "told to the console" } });
  const events = page.getByRole("list", { name: `Events of ${channel}` });
  await events.getByText("told to the console").waitFor();
  const mine = page.getByRole("row").filter({ hasText: "console" });
  await mine.getByText("WebSocket").first().waitFor();
  await page.getByLabel("Close the connections of").fill("console");
  await page.getByRole("button", { name: "Close them" }).click();
  await page.getByText(/[1-9]\d* closed/).waitFor();
  await api.emit({ channel, event: "note", data: { text: "heard after coming back" } });
  await events.getByText("heard after coming back").waitFor();
  assert.equal(await events.getByRole("listitem").count(), 2);
  await page.picture("console-channel");
  assert.deepEqual(page.complaints, []);
});
