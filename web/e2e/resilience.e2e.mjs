// What the pages make of a bad day: cuts, sleeping tabs, many tabs.
// BASE_URL=http://127.0.0.1:8080 CHROMIUM=/usr/bin/chromium node --test e2e/resilience.e2e.mjs
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, launch } from "./chromium.mjs";
import { toldRun } from "./told-run.mjs";
import { wire } from "./wire.mjs";

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
