// BASE_URL=http://127.0.0.1:8080 CHROMIUM=/usr/bin/chromium node --test e2e/workflow.e2e.mjs
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, launch } from "./chromium.mjs";

let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

const run = (page, at = 0) => page.getByRole("article").nth(at);
const steps = (card) => card.getByRole("list", { name: "Steps" }).locator(".step-item");
const done = (card) => card.getByRole("status").getByText("Done", { exact: true }).waitFor();

async function trigger(page, workflow) {
  await page.getByLabel("Workflow").selectOption(workflow);
  await page.getByRole("button", { name: "Trigger" }).click();
}

test("a run's steps arrive, each once, and stay after a reload", async () => {
  const page = await chromium.window();
  await page.goto(base);
  await page.getByText("Nothing has run here yet").waitFor();
  await page.picture("workflow-empty");
  await trigger(page, "process-data");
  await done(run(page));
  assert.deepEqual(await names(run(page)), ["validate-data", "process-action"]);
  await steps(run(page)).first().getByRole("button").click();
  await run(page).getByLabel("Result of validate-data").waitFor();
  await run(page).getByLabel("Result of the run").waitFor();
  await page.picture("workflow-done");

  await page.reload();
  await done(run(page));
  assert.deepEqual(await names(run(page)), ["validate-data", "process-action"]);
  assert.deepEqual(page.complaints, []);
});

test("a run can be watched by others at its own address", async () => {
  const page = await chromium.window();
  await page.goto(base);
  await trigger(page, "process-data");
  await done(run(page));
  const address = await run(page).getByRole("link").first().getAttribute("href");

  const other = await chromium.window({ colorScheme: "dark" });
  await other.goto(base + address);
  await done(run(other));
  await steps(run(other)).nth(1).waitFor();
  assert.deepEqual(await names(run(other)), ["validate-data", "process-action"]);
  await other.getByLabel("Payload").waitFor();
  await other.picture("run-dark");
  assert.deepEqual(other.complaints, []);
});

test("several runs, and a longer one with the network cut in the middle", async () => {
  const page = await chromium.window();
  await page.goto(base);
  const all = await page.getByLabel("Workflow").locator("option").allTextContents();
  const longer = all.find((name) => name !== "process-data") ?? "process-data";
  await trigger(page, longer);
  await steps(run(page)).first().waitFor();
  await page.context().setOffline(true);
  await page.getByText("You are offline").waitFor();
  await page.picture("workflow-offline");
  await page.context().setOffline(false);
  await trigger(page, "process-data");
  await done(run(page, 0));
  await done(run(page, 1));
  for (const at of [0, 1]) {
    const seen = await names(run(page, at));
    assert.deepEqual(seen, [...new Set(seen)], "no step twice");
  }
  await page.picture("workflow-several");
  assert.deepEqual(page.complaints, []);
});

test("the list of runs keeps itself up to date", async () => {
  const list = await chromium.window();
  await list.goto(`${base}/runs`);
  await list.getByText("Live", { exact: true }).waitFor();
  const page = await chromium.window();
  await page.goto(base);
  await trigger(page, "process-data");
  await done(run(page));
  const address = await run(page).getByRole("link").first().getAttribute("href");
  await list.locator(`a[href="${address}"]`).getByText("Done").waitFor();
  await list.picture("runs");
  assert.deepEqual(list.complaints, []);
});

test("a payload that is no JSON, a run that is none", async () => {
  const page = await chromium.window({ viewport: { width: 390, height: 780 } });
  await page.goto(base);
  await page.getByLabel("Payload").fill("{");
  await page.getByText("This is not JSON yet").waitFor();
  assert.equal(await page.getByRole("button", { name: "Trigger" }).isDisabled(), true);
  await page.picture("workflow-phone");
  await page.goto(`${base}/runs/wfr_none`);
  await page.getByText("There is no such run").waitFor();
  assert.deepEqual(page.complaints, []);
});

async function names(card) {
  return steps(card).locator(".ellipsis").allTextContents();
}
