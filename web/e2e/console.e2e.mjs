// BASE_URL=http://127.0.0.1:8080 CHROMIUM=/usr/bin/chromium node --test e2e/console.e2e.mjs
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createApi } from "@stepcast/client/http";
import { base, launch } from "./chromium.mjs";

const api = createApi({ url: `${base}/api` });
let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

test("nodes are listed with what they carry", async () => {
  const page = await chromium.window();
  await page.goto(`${base}/console`);
  const node = page.getByRole("table").getByRole("row").nth(1);
  await node.getByText("Live").waitFor();
  assert.match(await node.innerText(), /api-service/);
  assert.match(await node.innerText(), /\d+ runs/);
  assert.deepEqual(page.complaints, []);
});

test("runs that wait are canceled together, and the list says so by itself", async () => {
  const delayMs = 3_600_000;
  const ids = [];
  for (const userId of ["a", "b"]) {
    const payload = { userId, action: "wait" };
    ids.push((await api.trigger({ workflow: "process-data", payload, delayMs })).workflowRunId);
  }
  const page = await chromium.window();
  await page.goto(`${base}/console`);
  await page.getByLabel("State").selectOption("");
  await page.getByLabel("Workflow").selectOption("process-data");
  for (const id of ids) await page.getByLabel(`Choose ${id}`).check();
  await page.getByRole("button", { name: /^Why\?/ }).first().click();
  await page.picture("console");
  await page.getByRole("button", { name: "Cancel 2" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel them" }).click();
  await page.getByText("2 done").waitFor();
  for (const id of ids) {
    await page.getByRole("listitem").filter({ has: page.getByLabel(`Choose ${id}`) }).getByText("Canceled", { exact: true }).waitFor();
    assert.equal((await api.run(id)).state, "CANCELED");
  }
  assert.deepEqual(page.complaints, []);
});
