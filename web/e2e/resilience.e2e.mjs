// What the pages make of a bad day: cuts, sleeping tabs, many tabs.
// BASE_URL=http://127.0.0.1:8080 CHROMIUM=/usr/bin/chromium node --test e2e/resilience.e2e.mjs
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createApi } from "@stepcast/client/http";
import { base, launch } from "./chromium.mjs";
import { toldRun } from "./told-run.mjs";
import { wire } from "./wire.mjs";

const api = createApi({ url: `${base}/api` });
let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

const names = (card) => card.locator(".step .ellipsis").allTextContents();
const shows = (card, step) => card.getByText(step, { exact: true }).waitFor();
const upTo = (n) => Array.from({ length: n }, (_, index) => `step-${index}`);

test("a server that goes away and comes back", async (t) => {
  const line = await wire(base);
  t.after(() => line.close());
  const run = toldRun();
  await run.start();
  await run.steps(0, 1);
  const page = await chromium.window();
  const card = await run.watch(page, line.url);
  await shows(card, "step-1");

  line.down();
  await card.getByText(/Reconnecting|Connecting/).first().waitFor();
  await page.picture("reconnecting");
  await run.steps(2, 3);
  line.up();
  await shows(card, "step-3");
  for (let index = 4; index < 10; index++) {
    await run.steps(index);
    if (index % 3 === 0) line.cut();
  }
  await run.end();
  await card.getByRole("status").getByText("Done", { exact: true }).waitFor();
  assert.deepEqual(await names(card), upTo(10));
});

test("what the console and the list of runs show while the server is away, and after", async (t) => {
  const line = await wire(base);
  t.after(() => line.close());
  const payload = { userId: "a", action: "away" };
  const { workflowRunId: before } = await api.trigger({ workflow: "process-data", payload });
  const [list, operator] = [await chromium.window(), await chromium.window()];
  await list.goto(`${line.url}/runs`);
  await list.getByText("Live", { exact: true }).waitFor();
  await list.locator(`a[href="/runs/${before}"]`).getByText("Done").waitFor();
  await operator.goto(`${line.url}/console`);
  await operator.getByLabel("State").selectOption("");
  const nodes = operator.getByRole("group", { name: "Nodes" });
  await nodes.getByText("Live", { exact: true }).waitFor();
  await operator.getByLabel(`Choose ${before}`).waitFor();

  line.down();
  const { workflowRunId: meanwhile } = await api.trigger({ workflow: "process-data", payload });
  await operator.getByText(/What is below was so at \d/).first().waitFor();
  await nodes.getByText("Not known").waitFor();
  assert.equal(await nodes.getByText("Live", { exact: true }).count(), 0, "nothing old is called live");
  await list.getByText(/Reconnecting|Connecting/).first().waitFor();
  await operator.picture("console-away");

  line.up();
  await nodes.getByText("Live", { exact: true }).waitFor();
  await operator.getByText("What is below was so").waitFor({ state: "detached" });
  await operator.getByLabel(`Choose ${meanwhile}`).waitFor();
  await list.locator(`a[href="/runs/${meanwhile}"]`).getByText("Done").waitFor();
  for (const page of [list, operator]) assert.deepEqual(page.complaints, []);
});

test("a list that came before its live events did shows what was in between", async () => {
  const page = await chromium.window();
  // The list is answered, then held until more has happened; live events begin only after that.
  let answered;
  const listed = new Promise((done) => (answered = done));
  let begin;
  const begun = new Promise((done) => (begin = done));
  await page.routeWebSocket(/realtime/, async (socket) => {
    await begun;
    socket.connectToServer();
  });
  page.on("response", (answer) => answer.url().includes("/api/runs?") || answer.url().endsWith("/api/runs") ? answered() : 0);
  await page.goto(`${base}/runs`);
  await listed;
  const { workflowRunId } = await api.trigger({ workflow: "process-data", payload: { userId: "a", action: "between" } });
  while ((await api.run(workflowRunId)).state !== "SUCCEEDED") await new Promise(setImmediate);
  begin();
  await page.locator(`a[href="/runs/${workflowRunId}"]`).getByText("Done").waitFor();
  assert.deepEqual(page.complaints, []);
});

test("a tab that sleeps while everything happens", async () => {
  const run = toldRun();
  await run.start();
  const page = await chromium.window();
  const card = await run.watch(page);
  await run.steps(0);
  await shows(card, "step-0");
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
  await run.steps(1, 2, 3);
  await run.end();
  await devtools.send("Page.setWebLifecycleState", { state: "active" });
  await card.getByRole("status").getByText("Done", { exact: true }).waitFor();
  assert.deepEqual(await names(card), upTo(4));
});

test("six tabs of one browser", async () => {
  const run = toldRun();
  await run.start();
  const first = await chromium.window();
  const pages = [first];
  while (pages.length < 6) pages.push(await first.context().newPage());
  const cards = [];
  for (const page of pages) cards.push(await run.watch(page));
  await run.steps(0, 1, 2);
  for (const card of cards) await shows(card, "step-2");
});
