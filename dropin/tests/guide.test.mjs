// The guide's program, and what a page of it hears.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { app } from "../lib/app.mjs";
import { guide } from "../lib/guide.mjs";
import { stepcastUrl, until } from "../lib/stepcast.mjs";

const site = await app(guide);
after(() => site.close());

const STEPS = ["workflow.stepFinish validate-data", "workflow.stepFinish process-action", "workflow.runFinish undefined"];

/** What an EventSource of the page gets, until the run is finished. */
async function heard(url) {
  const events = [];
  const stop = new AbortController();
  const response = await fetch(url, { signal: stop.signal });
  assert.equal(response.status, 200);
  (async () => {
    let text = "";
    for await (const part of response.body) {
      text += new TextDecoder().decode(part);
      const frames = text.split("\n\n");
      text = frames.pop();
      for (const line of frames.flatMap((frame) => frame.split("\n"))) {
        if (!line.startsWith("data:")) continue;
        const frame = JSON.parse(line.slice(5));
        if (frame.event) events.push(frame);
      }
    }
  })().catch(() => {});
  await until(() => events.some((e) => e.event === "workflow.runFinish"));
  stop.abort();
  return events.filter((e) => e.event !== "workflow.runStart");
}

for (const [name, base] of [["its own realtime route", () => site.url], ["ours", () => stepcastUrl]]) {
  test(`the guide's program: each step once, in order, heard through ${name}`, async () => {
    const before = site.calls["/api/workflow"] ?? 0;
    const { workflowRunId } = await (await fetch(`${site.url}/api/trigger`, { method: "POST" })).json();
    const events = await heard(
      `${base()}/api/realtime?channel=${workflowRunId}&last_ack_${workflowRunId}=0`);
    assert.deepEqual(events.map((e) => `${e.event} ${e.data.stepName}`), STEPS);
    assert.deepEqual(events[0].data.result, { valid: true, userId: "user-123", action: "process-data" });
    assert.equal(site.calls["/api/workflow"] - before, 3);
    // The program tells of the end before it has said so to the engine.
    const view = await until(async () => {
      const found = await (await fetch(`${stepcastUrl}/api/runs/${workflowRunId}`)).json();
      return found.state === "SUCCEEDED" && found;
    });
    assert.deepEqual(view.result, { success: true, workflowRunId });
  });
}
