// The server is killed (SIGKILL) under open pages and started again on the same port: every page says that
// it is cut off, comes back by itself, misses nothing and repeats nothing.
// VICTIM=<its process> RECIPE='{"command":[…],"env":{"PORT":"8080",…}}' BASE_URL=http://127.0.0.1:8080
// CHROMIUM=/usr/bin/chromium node --test e2e/killed.mjs
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { createApi } from "@stepcast/client/http";
import { base, launch } from "./chromium.mjs";
import { toldRun } from "./told-run.mjs";

const api = createApi({ url: `${base}/api` });
const { command, env } = JSON.parse(process.env.RECIPE);
let chromium;
let second;
before(async () => {
  chromium = await launch();
});
after(async () => {
  await chromium?.close();
  second?.kill("SIGKILL");
});

async function kill() {
  process.kill(Number(process.env.VICTIM), "SIGKILL");
  for (let there = true; there; ) there = await fetch(`${base}/livez`).then(() => true, () => false);
}

async function startAgain() {
  second = spawn(command[0], command.slice(1), { env: { ...process.env, ...env }, stdio: "ignore" });
  for (let ready = false; !ready; ) {
    ready = await fetch(`${base}/readyz`).then(({ ok }) => ok, () => false);
    if (second.exitCode !== null) throw new Error(`it ended with ${second.exitCode}`);
    if (!ready) await new Promise((later) => setTimeout(later, 100));
  }
}

const cutOff = (place) => place.getByText(/Reconnecting|Connecting/).first().waitFor();
const texts = (page) => page.getByRole("log").locator(".text").allTextContents();
const hears = (page, text) => page.getByRole("log").getByText(text, { exact: true }).waitFor();

async function enter(page, url, alias) {
  await page.goto(url);
  await page.getByLabel("What to call you").fill(alias);
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByRole("textbox", { name: "Message" }).waitFor();
}

async function say(page, text) {
  await page.getByRole("textbox", { name: "Message" }).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

test("pages of a server that is killed come back with it, and with all that happened", async () => {
  const run = toldRun();
  await run.start();
  await run.steps(0, 1);
  const workflow = await chromium.window();
  const card = await run.watch(workflow);
  await card.getByText("step-1", { exact: true }).waitFor();

  const list = await chromium.window();
  await list.goto(`${base}/runs`);
  await list.getByText("Live", { exact: true }).waitFor();

  const { roomId } = await api.createRoom({ seats: 2 });
  const [ann, bob] = [await chromium.window(), await chromium.window()];
  await enter(ann, `${base}/rooms/${roomId}`, "Ann");
  await enter(bob, `${base}/rooms/${roomId}`, "Bob");
  await say(ann, "before");
  await hears(bob, "before");

  const channel = `killed-${randomUUID()}`;
  const tell = (text) => api.emit({ channel, event: "note", data: { text } });
  const operator = await chromium.window();
  await operator.goto(`${base}/console`);
  await operator.getByRole("textbox", { name: "Channel" }).fill(channel);
  await operator.getByRole("button", { name: "Listen" }).click();
  const events = operator.getByRole("list", { name: `Events of ${channel}` });
  await operator.getByText("Nothing was told here").waitFor();
  await tell("before");
  await events.getByText('"before"').waitFor();

  await kill();
  const back = startAgain();
  const pages = { workflow, list, room: ann, console: operator };
  await say(bob, "while it was gone");
  await Promise.all(Object.values(pages).concat(bob).map((page) => cutOff(page)));
  await Promise.all(Object.entries(pages).map(([name, page]) => page.picture(`killed-${name}`)));
  await bob.getByRole("button", { name: "Send again" }).waitFor();

  await back;
  // At once, before anybody is back.
  await Promise.all([run.steps(2, 3), tell("after")]);
  const { workflowRunId } = await api.trigger({
    workflow: "process-data",
    payload: { userId: "a", action: "after" },
  });
  await run.steps(4);
  await run.end();
  await bob.getByRole("button", { name: "Send again" }).click();

  await Promise.all([
    card.getByRole("status").getByText("Done", { exact: true }).waitFor(),
    list.locator(`a[href="/runs/${workflowRunId}"]`).getByText("Done").waitFor(),
    hears(ann, "while it was gone"),
    events.getByText('"after"').waitFor(),
    operator.getByRole("table").getByText("Live").first().waitFor(),
  ]);
  await say(ann, "after");
  await hears(bob, "after");
  assert.deepEqual(await card.locator(".step .ellipsis").allTextContents(), ["step-0", "step-1", "step-2", "step-3", "step-4"]);
  assert.equal(await list.locator(`a[href="/runs/${workflowRunId}"]`).count(), 1);
  for (const page of [ann, bob]) assert.deepEqual(await texts(page), ["before", "while it was gone", "after"]);
  assert.equal(await events.getByRole("listitem").count(), 2);
  await operator.getByText("The server cannot be reached.").waitFor({ state: "detached" });
  for (const page of [...Object.values(pages), bob]) assert.deepEqual(page.complaints, []);
});
