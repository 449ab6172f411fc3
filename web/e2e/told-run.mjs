// A run that only its events know of: what a page makes of events can be tested at any speed.
import { randomUUID } from "node:crypto";
import { createApi } from "@stepcast/client/http";
import { base } from "./chromium.mjs";

const api = createApi({ url: `${base}/api` });

export function toldRun() {
  const id = `told-${randomUUID()}`;
  const tell = async (...events) => {
    const at = Date.now();
    const answers = await api.emitAll(
      events.map(([what, data]) => ({ channel: id, event: `workflow.${what}`, data: { at, ...data } })),
    );
    for (const { problem } of answers) if (problem) throw new Error(problem.detail);
  };
  const finish = (index, more = {}) => [
    "stepFinish",
    { stepName: `step-${index}`, index, attempt: 1, tookMs: 20, result: index, ...more },
  ];
  return {
    id,
    start: () => tell(["runStart", { workflow: "told", version: "1" }]),
    /** Tells that the steps with these indexes have finished. */
    steps: (...indexes) => tell(...indexes.map((index) => finish(index))),
    tell,
    finish,
    end: () => tell(["runFinish", { result: "told" }]),
    /** A page that watches it, as if it had been triggered there. */
    async watch(page, url = base) {
      await page.addInitScript((run) => sessionStorage.setItem("stepcast-runs", JSON.stringify([run])), {
        id,
        workflow: "told",
      });
      await page.goto(url);
      return page.getByRole("article", { name: `Run ${id}` });
    },
  };
}
