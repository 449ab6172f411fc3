// What the pages make of a bad day: cuts, restarts, sleeping tabs, many tabs, many events.
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

const names = (card) => card.getByRole("list", { name: "Steps" }).locator(":scope > li .ellipsis").allTextContents();
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

test("a thousand events a second, and no frame is dropped for long", async () => {
  const SECONDS = 4;
  const run = toldRun();
  await run.start();
  await run.steps(...Array.from({ length: 20 }, (_, index) => index));
  const page = await chromium.window();
  const card = await run.watch(page);
  await shows(card, "step-19");
  await page.evaluate(() => {
    window.frames_ = [];
    const frame = (at) => (window.frames_.push(at), requestAnimationFrame(frame));
    requestAnimationFrame(frame);
  });
  let sent = 0;
  const begun = performance.now();
  const send = async () => {
    while (performance.now() - begun < SECONDS * 1000) {
      const ahead = sent - (performance.now() - begun);
      if (ahead > 0) await new Promise((later) => setTimeout(later, ahead));
      await run.tell(...Array.from({ length: 50 }, () => run.finish(sent % 20, { result: sent++ })));
    }
  };
  await Promise.all([send(), send(), send(), send()]);
  const perSecond = sent / ((performance.now() - begun) / 1000);
  await run.end();
  await card.getByRole("status").getByText("Done", { exact: true }).waitFor();
  const frames = await page.evaluate(() => window.frames_);
  const took = frames.at(-1) - frames[0];
  const longest = Math.max(...frames.slice(1).map((at, n) => at - frames[n]));
  console.log(
    `${Math.round(perSecond)} events/s, ` +
      `${Math.round(frames.length / (took / 1000))} frames/s, longest ${Math.round(longest)} ms`,
  );
  assert.deepEqual(await names(card), upTo(20));
  assert.ok(frames.length / (took / 1000) > 10, "the page was painted all the time");
});
