// Every page and state, in light and dark, wide and narrow: WCAG A and AA, as axe sees it.
// PICTURES=all also takes a picture of each, in each look, into e2e/target.
// BASE_URL=http://127.0.0.1:8080 CHROMIUM=/usr/bin/chromium node --test e2e/accessible.e2e.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { createApi } from "@stepcast/client/http";
import { base, launch } from "./chromium.mjs";
import { toldRun } from "./told-run.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const api = createApi({ url: `${base}/api` });
const pictures = process.env.PICTURES === "all";
// Colours come with the scheme and layout with the width, so two looks have all there is to fault.
const LOOKS = [
  ["light", 1280],
  ["dark", 390],
  ...(pictures ? [["dark", 1280], ["light", 390]] : []),
];
const HEIGHTS = { 1280: 860, 390: 780 };

let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

/** A window with one look, and a way to examine each of its states. */
async function visit([colorScheme, width]) {
  const viewport = { width, height: HEIGHTS[width] };
  const page = await chromium.window({ colorScheme, viewport, reducedMotion: "reduce" });
  const check = async (what) => {
    if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
    );
    const faults = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
    assert.deepEqual(faults, [], `${what}, ${colorScheme}, ${width} wide`);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(sideways, false, `${what} scrolls sideways, ${width} wide`);
    if (pictures) await page.picture(`${what.replaceAll(/\W+/g, "-")}-${colorScheme}-${width}`);
  };
  return { page, check };
}

for (const look of LOOKS) {
  test(`workflows and a run, as it goes, ${look.join(" ")}`, async () => {
    const { page, check } = await visit(look);
    await page.goto(base);
    await page.getByText("Nothing has run here yet").waitFor();
    await check("workflows, empty");

    const run = toldRun();
    await run.start();
    await run.steps(0);
    const error = { type: "E", message: "no answer" };
    await run.tell(["stepFail", { stepName: "flaky", index: 1, attempt: 1, error, retryAt: Date.now() + 60_000 }]);
    const card = await run.watch(page);
    await card.getByRole("status").getByText("Retrying").waitFor();
    await card.getByRole("button", { name: "step-0" }).click();
    await check("a run that retries");
    await run.tell(["runSleep", { stepName: "nap", index: 2, until: Date.now() + 60_000 }]);
    await card.getByRole("status").getByText("Sleeping").waitFor();
    await check("a run that sleeps");
    await run.steps(...Array.from({ length: 60 }, (_, n) => n + 3));
    await card.getByText("63 steps").waitFor();
    await check("a long run");
    await card.getByRole("button", { name: "step-0" }).press("End");
    await card.getByText("step-62", { exact: true }).waitFor();
    await check("a long run, at its end");
    await card.getByRole("searchbox", { name: "Find steps" }).fill("none such");
    await card.getByText("No step is called so").waitFor();
    await check("a long run, nothing found");
    await card.getByRole("searchbox", { name: "Find steps" }).fill("");
    await card.locator(".step-item").first().waitFor();
    await run.tell(["runFail", { error: { type: "E", message: "no answer at all", step: "flaky" } }]);
    await card.getByRole("status").getByText("Failed").waitFor();
    await check("a run that failed");
    await page.context().setOffline(true);
    await page.getByText("You are offline").waitFor();
    await check("offline");
    await page.context().setOffline(false);
  });

  test(`runs and the console, loading, full and refused, ${look.join(" ")}`, async () => {
    const { page, check } = await visit(look);
    const payload = { userId: "a", action: "wait" };
    const { workflowRunId } = await api.trigger({ workflow: "process-data", payload, delayMs: 3_600_000 });
    const schedule = { scheduleId: "every-new-year", cron: "0 0 1 1 *", workflow: "process-data", payload };
    await api.schedule(schedule);
    let answer = () => {};
    const holding = new Promise((done) => (answer = done));
    await page.route("**/api/runs?*", async (route) => {
      await holding;
      await route.continue();
    });
    await page.route("**/api/runs", async (route) => {
      await holding;
      await route.continue();
    });
    await page.goto(`${base}/runs`);
    await page.getByRole("status").filter({ hasText: "Loading" }).waitFor();
    await check("runs, loading");
    answer();
    await page.locator(`a[href="/runs/${workflowRunId}"]`).waitFor();
    await check("runs");
    await page.goto(`${base}/runs?workflow=none-such`);
    await page.getByText("No run fits").waitFor();
    await check("runs, none fits");
    await page.goto(`${base}/runs/${workflowRunId}`);
    await page.getByLabel("Payload").waitFor();
    await page.getByRole("status").getByText("Queued").waitFor(); // it is due in an hour
    await check("a run's own page");
    await page.goto(`${base}/console`);
    await page.getByRole("table").getByText("Live").first().waitFor();
    await page.getByRole("rowheader", { name: "every-new-year" }).waitFor();
    await check("the console");
    const key = `accessible-${look.join("-")}`;
    const order = (items) => ({ workflow: "order-fulfillment", payload: { orderId: "A-3", customer: "Ada", items } });
    const { workflowRunId: failing } = await api.trigger(order(101));
    const flowControl = { key, parallelism: 1 };
    const held = [];
    for (let n = 0; n < 3; n++) held.push((await api.trigger({ ...order(1), flowControl })).workflowRunId);
    await page.getByRole("button", { name: `Who? ${key}` }).click();
    await page.getByRole("textbox", { name: "Channel" }).fill(failing);
    await page.getByRole("button", { name: "Listen" }).click();
    const events = page.getByRole("list", { name: `Events of ${failing}` });
    await events.getByText("workflow.runFail").waitFor();
    await page.getByRole("button", { name: `Why? Failed: ${failing}` }).click();
    await page.getByText(/only 100 in stock/).first().waitFor();
    await check("the console, all of it open");
    for (const id of held) await api.cancel(id);
    await page.route("**/api/**", (route) =>
      route.fulfill({
        status: 503,
        contentType: "application/problem+json",
        body: JSON.stringify({ kind: "redis-unavailable", title: "Redis cannot be reached", status: 503, detail: "Try again soon." }),
      }),
    );
    await page.goto(`${base}/runs`);
    await page.getByText("Redis cannot be reached").first().waitFor();
    await check("runs, refused");
    await page.goto(`${base}/console`);
    await page.getByText("Redis cannot be reached").first().waitFor();
    await check("the console, refused");
    await page.unroute("**/api/**");
    await page.goto(`${base}/runs/wfr_none`);
    await page.getByText("There is no such run").waitFor();
    await check("no such run");
    await api.removeSchedule(schedule.scheduleId);
    await api.cancel(workflowRunId);
  });

  test(`a room from its door to its end, ${look.join(" ")}`, async () => {
    const { page, check } = await visit(look);
    await page.goto(`${base}/rooms`);
    await check("rooms");
    await page.getByRole("button", { name: "Create room" }).click();
    await page.getByRole("button", { name: "Join" }).waitFor();
    await check("a room's door");
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByRole("textbox", { name: "Message" }).fill("Is anybody there?");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("log").getByText("Is anybody there?").waitFor();
    await check("in a room");
    await page.getByText("1 of 2 seats").click();
    await page.getByRole("list", { name: "Members" }).waitFor();
    await check("who is in a room");
    await page.getByText("1 of 2 seats").click();
    await page.getByRole("button", { name: "QR code" }).click();
    await page.getByRole("img", { name: /QR code/ }).waitFor();
    await check("the code of a room");
    await page.getByRole("button", { name: "Close" }).click();
    await page.context().setOffline(true);
    await page.getByText("You are offline").waitFor();
    await page.getByRole("textbox", { name: "Message" }).fill("Into the void");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("button", { name: "Send again" }).waitFor();
    await check("a room, offline");
    await page.context().setOffline(false);
    await page.getByRole("button", { name: "Destroy room" }).click();
    await page.getByRole("dialog").waitFor();
    await check("the question before destroying");
    await page.getByRole("button", { name: "Destroy for everybody" }).click();
    await page.getByText("This room was destroyed").waitFor();
    await check("a destroyed room");
    await page.goto(`${base}/rooms/room_none`);
    await page.getByText("There is no such room").waitFor();
    await check("no such room");
    const { roomId } = await api.createRoom({ encrypted: true });
    await page.goto(`${base}/rooms/${roomId}`);
    await page.getByText("the link you followed lacks its key").waitFor();
    await check("a room without its key");
  });
}

test("a run is triggered, opened and left with the keyboard alone", async () => {
  const page = await chromium.window({ reducedMotion: "reduce" });
  await page.goto(base);
  await page.getByLabel("Workflow").selectOption("process-data");
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
  await page.locator("body").press("Tab");
  assert.equal(await focused(), "Skip to the content");
  await page.keyboard.press("Enter");
  await page.getByLabel("Payload").focus();
  await page.keyboard.press("Control+Enter");
  const card = page.getByRole("article").first();
  await card.getByRole("status").getByText("Done", { exact: true }).waitFor();
  const reach = async (name) => {
    for (let presses = 0; presses < 40 && !(await focused()).includes(name); presses++) await page.keyboard.press("Tab");
    assert.ok((await focused()).includes(name), `${name} is reached with Tab`);
  };
  await reach("validate-data");
  await page.keyboard.press("Enter");
  await card.getByLabel("Result of validate-data").waitFor();
  await page.keyboard.press("Shift+Tab");
  await page.getByRole("link", { name: "Runs", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Runs" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main", "a new page is read from its beginning");
  assert.deepEqual(page.complaints, []);
});
