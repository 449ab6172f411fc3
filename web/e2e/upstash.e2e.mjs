// The unmodified @upstash/realtime client with the guide's hook and component, against our endpoint.
// BASE_URL=http://127.0.0.1:8080 CHROMIUM=/usr/bin/chromium node --test e2e/upstash.e2e.mjs
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, launch } from "./chromium.mjs";
import { serve } from "./upstash/serve.mjs";

let chromium;
let site;
before(async () => {
  site = await serve(base);
  chromium = await launch();
});
after(async () => {
  await chromium?.close();
  site?.close();
});

test("the guide's page shows each step once, then the end", async () => {
  const page = await chromium.window();
  await page.goto(site.url);
  await page.getByRole("button", { name: "Click to Trigger Workflow" }).click();
  await page.getByText("✅ Workflow Finished!").waitFor();
  const steps = await page.locator("strong").allTextContents();
  assert.deepEqual(steps, ["validate-data", "process-action"]);
  await page.picture("upstash");
  assert.deepEqual(page.complaints, []);
});
