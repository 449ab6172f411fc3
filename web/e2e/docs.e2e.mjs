// The documents of the API, as people read them.
// BASE_URL=http://127.0.0.1:8080 CHROMIUM=/usr/bin/chromium node --test e2e/docs.e2e.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { base, launch } from "./chromium.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

/** Fails for whatever is fetched from elsewhere. */
async function open(options) {
  const page = await chromium.window(options);
  const elsewhere = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith("data:")) elsewhere.push(request.url());
  });
  return Object.assign(page, { elsewhere });
}

for (const [colorScheme, width] of [["light", 1280], ["dark", 390]]) {
  test(`every channel and event of asyncapi.yaml can be read, with the keyboard too, ${colorScheme} ${width}`, async () => {
    const page = await open({ colorScheme, viewport: { width, height: 800 } });
    await page.goto(`${base}/docs/events`);
    await page.getByRole("heading", { name: "{workflowRunId}" }).waitFor();
    const yaml = await (await fetch(`${base}/asyncapi.yaml`)).text();
    const events = [...yaml.matchAll(/^ +name: (\S+)$/gm)].map(([, name]) => name);
    const addresses = [...yaml.matchAll(/^ +address: "(.+)"$/gm)].map(([, address]) => address);
    assert.ok(events.length > 20 && addresses.length === 4);
    const shown = await page.locator("summary code").allTextContents();
    assert.deepEqual(shown.toSorted(), events.toSorted());
    assert.deepEqual(await page.locator("h2").allTextContents(), addresses);

    const failed = page.locator('[data-event="workflow.stepFail"]');
    await failed.locator("summary").focus();
    await page.keyboard.press("Enter");
    await failed.getByRole("row", { name: /stepName/ }).waitFor();
    await failed.getByRole("row", { name: /error\.message/ }).waitFor();
    await failed.getByRole("row", { name: /retryAt optional/ }).waitFor();
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"] }));
    assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, "it scrolls sideways");
    await page.picture(`docs-events-${colorScheme}-${width}`);
    assert.deepEqual([page.elsewhere, page.complaints], [[], []]);
  });
}

test("the HTTP API can be read and tried, from this server alone", async () => {
  const page = await open();
  await page.goto(`${base}/docs`);
  await page.getByText("/api/trigger", { exact: true }).first().waitFor();
  await page.getByText("/api/flow", { exact: true }).first().waitFor();
  await page.getByRole("link", { name: "Channels and events" }).click();
  await page.getByRole("heading", { name: "{roomId}" }).waitFor();
  assert.deepEqual([page.elsewhere, page.complaints], [[], []]);
});
