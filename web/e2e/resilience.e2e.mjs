// What the pages make of a bad day: cuts, restarts, sleeping tabs, many tabs, many events.
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

/** Counts the frames of a page while `work` goes on. */
async function framesOf(page, work) {
  await page.evaluate(() => {
    window.frames_ = [];
    const frame = (at) => (window.frames_.push(at), requestAnimationFrame(frame));
    requestAnimationFrame(frame);
  });
  await work();
  const frames = await page.evaluate(() => window.frames_);
  const gaps = frames.slice(1).map((at, n) => at - frames[n]);
  return {
    perSecond: (frames.length - 1) / ((frames.at(-1) - frames[0]) / 1000),
    longest: Math.max(...gaps),
    /** Screens that were due and not drawn, at 60 a second. */
    dropped: gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / (1000 / 60)) - 1), 0),
    all: frames.length,
  };
}

/** Sends events at a thousand a second from this one process; answers how many a second it came to. */
async function pour(seconds, send) {
  const begun = performance.now();
  const passed = () => performance.now() - begun;
  let sent = 0;
  const work = async () => {
    while (passed() < seconds * 1000) {
      const ahead = sent - passed();
      if (ahead > 0) await new Promise((later) => setTimeout(later, ahead));
      const from = sent;
      sent += 50;
      await send(from, 50);
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return sent / (passed() / 1000);
}

const SECONDS = Number(process.env.POUR_SECONDS ?? 2);
const told = ({ perSecond, longest, dropped, all }) =>
  `${perSecond.toFixed(1)} frames/s, ${dropped} of ${all} dropped, longest ${Math.round(longest)} ms`;

test("a thousand events a second on twenty steps", async () => {
  const run = toldRun();
  await run.start();
  await run.steps(...Array.from({ length: 20 }, (_, index) => index));
  const page = await chromium.window();
  const card = await run.watch(page);
  await shows(card, "step-19");
  let rate;
  const frames = await framesOf(page, async () => {
    rate = await pour(SECONDS, (from, count) =>
      run.tell(...Array.from({ length: count }, (_, n) => run.finish((from + n) % 20, { result: from + n }))),
    );
  });
  console.log(`twenty steps, again and again: ${Math.round(rate)} events/s, ${told(frames)}`);
  await run.end();
  await card.getByRole("status").getByText("Done", { exact: true }).waitFor();
  assert.deepEqual(await names(card), upTo(20));
  assert.ok(frames.perSecond > 10, "the page was painted all the time");
});

test("a thousand new steps a second, as many as a run may have", async () => {
  const MOST = 2_000;
  const run = toldRun();
  await run.start();
  await run.steps(0);
  const page = await chromium.window();
  const card = await run.watch(page);
  await shows(card, "step-0");
  let rate;
  const frames = await framesOf(page, async () => {
    rate = await pour(MOST / 1000, (from, count) =>
      run.tell(...Array.from({ length: count }, (_, n) => run.finish(Math.min(from + n, MOST - 1)))),
    );
  });
  console.log(`new steps: ${Math.round(rate)} events/s, ${told(frames)}`);
  await run.end();
  await card.getByRole("status").getByText("Done", { exact: true }).waitFor();
  const shown = await names(card);
  assert.ok(shown.length <= 60, `${shown.length} are shown`);
  assert.deepEqual(shown.slice(0, 10), upTo(10));
  await card.getByRole("button", { name: /more steps/ }).click();
  assert.ok((await names(card)).length > shown.length);
  assert.ok(frames.perSecond > 10, "the page was painted all the time");
});

test("a thousand events a second on a channel of the console", async () => {
  const channel = `pour-${crypto.randomUUID()}`;
  const page = await chromium.window();
  await page.goto(`${base}/console`);
  await page.getByRole("textbox", { name: "Channel" }).fill(channel);
  await page.getByRole("button", { name: "Listen" }).click();
  await page.getByText("Nothing was told here").waitFor();
  const events = page.getByRole("list", { name: `Events of ${channel}` });
  let rate;
  let sent = 0;
  const frames = await framesOf(page, async () => {
    rate = await pour(SECONDS, async (from, count) => {
      const texts = Array.from({ length: count }, (_, n) => String(from + n));
      await api.emitAll(texts.map((text) => ({ channel, event: "note", data: { text } })));
      sent += count;
    });
  });
  console.log(`a channel in the console: ${Math.round(rate)} events/s, ${told(frames)}`);
  await page.getByText(`${sent.toLocaleString("en-US")} events`).waitFor();
  assert.equal(await events.getByRole("listitem").count(), 100);
  assert.ok(frames.perSecond > 10, "the page was painted all the time");
});
