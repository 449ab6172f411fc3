// The guide whole: its page in a real Chromium, its routes on a Node server, its packages unmodified.
// Run with CHROMIUM, and with the packages of web/ installed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../../web/e2e/chromium.mjs";
import { serve as build } from "../../web/e2e/upstash/serve.mjs";
import { app } from "../lib/app.mjs";
import { guide } from "../lib/guide.mjs";
import { stepcastUrl } from "../lib/stepcast.mjs";

let chromium;
let built;
const sites = [];
before(async () => {
  built = await build(stepcastUrl);
  chromium = await launch();
});
after(async () => {
  await chromium?.close();
  built?.close();
  sites.forEach((site) => site.close());
});

async function finished(routes) {
  const site = await app(routes, built.url);
  sites.push(site);
  const page = await chromium.window();
  await page.goto(site.url);
  await page.getByRole("button", { name: "Click to Trigger Workflow" }).click();
  await page.getByText("✅ Workflow Finished!").waitFor();
  assert.deepEqual(await page.locator("strong").allTextContents(), ["validate-data", "process-action"]);
  assert.deepEqual(page.complaints, []);
  assert.equal(site.calls["/api/trigger"], 1);
  assert.equal(site.calls["/api/workflow"], 3);
  return page;
}

test("the guide's page with the guide's own realtime route", async () => {
  await (await finished(guide)).picture("guide");
});

test("the guide's page with our realtime endpoint behind the same origin", async () => {
  const { "/api/realtime": _, ...routes } = guide;
  await finished(routes);
});
