// What a thousand events a second cost a page, in frames. Beside others' work the figures mean little, so
// only what is shown in the end is asserted; POUR_SECONDS=5 on a quiet machine measures, with a page that
// hears the same and draws nothing as the floor.
// BASE_URL=http://127.0.0.1:8080 CHROMIUM=/usr/bin/chromium node --test e2e/pour.e2e.mjs
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createApi } from "@stepcast/client/http";
import { base, launch } from "./chromium.mjs";
import { toldRun } from "./told-run.mjs";

const api = createApi({ url: `${base}/api` });
let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

const rows = (card) => card.getByRole("list", { name: "Steps" }).locator(".step-item");
const row = (card, at) => card.locator(`.step-item[data-index="${at}"]`);
const names = (card) => rows(card).locator(".ellipsis").allTextContents();
const shows = (card, step) => card.getByText(step, { exact: true }).waitFor();
const upTo = (n) => Array.from({ length: n }, (_, index) => `step-${index}`);

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
    longestAt: frames[gaps.indexOf(Math.max(...gaps))] - frames[0],
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

const MOST = 2_000;
const SECONDS = Number(process.env.POUR_SECONDS ?? 2);
const told = ({ perSecond, longest, longestAt, dropped, all }) =>
  `${perSecond.toFixed(1)} frames/s, ${dropped} of ${all} dropped, longest ${Math.round(longest)} ms`
  + (dropped ? `, ${Math.round(longestAt)} ms after the first` : "");

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
  const run = toldRun();
  await run.start();
  await run.steps(0);
  const page = await chromium.window();
  const card = await run.watch(page);
  await shows(card, "step-0");
  let rate;
  let reached = 1;
  const finish = (from, count) => {
    reached = Math.max(reached, from + count);
    return run.tell(...Array.from({ length: count }, (_, n) => run.finish(Math.min(from + n, MOST - 1))));
  };
  const frames = await framesOf(page, async () => {
    rate = await pour(MOST / 1000, finish);
  });
  while (reached < MOST) await finish(reached, 50); // a busy machine has not sent them all in time
  console.log(`new steps: ${Math.round(rate)} events/s, ${told(frames)}`);
  await row(card, MOST - 1).waitFor();
  const list = card.getByRole("list", { name: "Steps" });
  const atEnd = async () =>
    page.waitForFunction((el) => el.scrollHeight - el.scrollTop - el.clientHeight < 60, await list.elementHandle());
  await atEnd();
  await list.hover();
  await page.mouse.wheel(0, -2_000);
  const follow = card.getByRole("button", { name: "Follow the latest" });
  await follow.and(page.locator("[aria-pressed=false]")).waitFor();
  await follow.click();
  await atEnd();
  await run.tell(run.finish(MOST), ["runFinish", { result: "told" }]); // the last step and the end at once
  await card.getByRole("status").getByText("Done", { exact: true }).waitFor();
  await card.getByText("2,001 steps").waitFor();
  await row(card, MOST).waitFor();
  await atEnd();
  assert.deepEqual(await scrolledThrough(list), upTo(MOST + 1));
  assert.ok((await rows(card).count()) < 60, "only what is in sight is there");
  assert.ok(frames.perSecond > 10, "the page was painted all the time");
  await byKeys(page, card, list);
});

/** What all rows of a list say, of which only some are there at any time, in the order of their places. */
function scrolledThrough(list) {
  return list.evaluate(async (el) => {
    const said = [];
    const frame = () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    for (el.scrollTop = 0, await frame(); ; el.scrollTop += el.clientHeight, await frame()) {
      for (const item of el.querySelectorAll("[role=listitem]")) {
        said[item.ariaPosInSet - 1] = item.querySelector(".ellipsis").textContent;
      }
      if (el.scrollTop + el.clientHeight >= el.scrollHeight) return said;
    }
  });
}

/** Through two thousand rows with the keyboard, one of them open, and to one that is looked for. */
async function byKeys(page, card, list) {
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  const at = (step) => page.waitForFunction((name) => document.activeElement.textContent.includes(name), step);
  await row(card, MOST - 1).getByRole("button").focus();
  await page.keyboard.press("Enter");
  await card.getByLabel("Result of step-1999").waitFor();
  await page.keyboard.press("Shift+Tab");
  assert.match(await focused(), /step-1998/);
  await page.keyboard.press("Home");
  await at("step-0");
  await row(card, 0).getByRole("button").press("Enter");
  await card.getByLabel("Result of step-0", { exact: true }).waitFor();
  await page.keyboard.press("ArrowDown");
  await at("step-1");
  await list.evaluate((el) => el.scrollTo(0, 20_000)); // away from what has the focus, which stays
  await row(card, 480).waitFor();
  assert.match(await focused(), /step-1(?!\d)/);
  await page.keyboard.press("End");
  await at(`step-${MOST}`);
  await card.getByRole("searchbox", { name: "Find steps" }).fill("step-77");
  await card.getByText("11 of 2,001 steps").waitFor();
  assert.deepEqual(await names(card), ["step-77", ...Array.from({ length: 10 }, (_, n) => `step-77${n}`)]);
  await card.getByRole("searchbox", { name: "Find steps" }).fill("no such step");
  await card.getByText("No step is called so").waitFor();
}

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

test("the floor: a page that hears a thousand events a second and draws nothing", {
  skip: process.env.POUR_SECONDS ? false : "a measure, with POUR_SECONDS",
}, async () => {
  const run = toldRun();
  await run.start();
  const page = await chromium.window();
  await page.goto(`${base}/icon.svg`);
  await page.evaluate((id) => {
    window.heard_ = 0;
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/realtime?channel=${id}`);
    socket.onmessage = ({ data }) => (window.heard_ += data.split("\n").map((text) => JSON.parse(text)).length);
    return new Promise((open) => (socket.onopen = open));
  }, run.id);
  let rate;
  const frames = await framesOf(page, async () => {
    rate = await pour(MOST / 1000, (from, count) =>
      run.tell(...Array.from({ length: count }, (_, n) => run.finish(Math.min(from + n, MOST - 1)))),
    );
  });
  console.log(`the floor: ${Math.round(rate)} events/s, ${told(frames)}`);
});
