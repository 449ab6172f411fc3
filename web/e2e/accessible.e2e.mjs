// Every page and state that needs no workflow, in light and dark: WCAG A and AA, as axe sees it.
// BASE_URL=http://127.0.0.1:8080 CHROMIUM=/usr/bin/chromium node --test e2e/accessible.e2e.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { base, launch } from "./chromium.mjs";
import { toldRun } from "./told-run.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

async function faults(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [{ width: 1280, height: 860 }, { width: 390, height: 780 }]) {
    test(`${colorScheme}, ${viewport.width} wide`, async () => {
      const page = await chromium.window({ colorScheme, viewport, reducedMotion: "reduce" });
      const check = async (what) => assert.deepEqual(await faults(page), [], what);
      await page.goto(base);
      await page.getByText("Nothing has run here yet").waitFor();
      await check("workflows, empty");

      const run = toldRun();
      await run.start();
      await run.steps(0);
      await run.tell(
        ["stepFail", { stepName: "flaky", index: 1, attempt: 1, error: { type: "E", message: "no answer" }, retryAt: Date.now() + 60_000 }],
      );
      const card = await run.watch(page);
      await card.getByRole("status").getByText("Retrying").waitFor();
      await card.getByRole("button", { name: "step-0" }).click();
      await check("a run that retries");
      await run.tell(["runSleep", { stepName: "nap", index: 2, until: Date.now() + 60_000 }]);
      await card.getByRole("status").getByText("Sleeping").waitFor();
      await check("a run that sleeps");
      await run.tell(["runFail", { error: { type: "E", message: "no answer at all", step: "flaky" } }]);
      await card.getByRole("status").getByText("Failed").waitFor();
      await check("a run that failed");
      await page.picture(`run-failed-${colorScheme}-${viewport.width}`);

      await page.goto(`${base}/runs`);
      await page.getByRole("heading", { name: "Runs" }).waitFor();
      await check("the list of runs");
      await page.goto(`${base}/console`);
      await page.getByRole("table").getByText("Live").first().waitFor();
      await check("the console");
      await page.goto(`${base}/runs/wfr_none`);
      await page.getByText("There is no such run").waitFor();
      await check("no such run");
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
      await page.picture(`room-${colorScheme}-${viewport.width}`);
      await page.getByRole("button", { name: "Destroy room" }).click();
      await page.getByRole("dialog").waitFor();
      await check("the question before destroying");
      await page.getByRole("button", { name: "Destroy for everybody" }).click();
      await page.getByText("This room was destroyed").waitFor();
      await check("a destroyed room");
      await page.goto(`${base}/rooms/room_none`);
      await page.getByText("There is no such room").waitFor();
      await check("no such room");
    });
  }
}
