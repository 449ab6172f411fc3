// The pages beyond loopback: they ask for the API token, and listen with a grant in a cookie.
// GUARDED_URL=http://localhost:8080 API_TOKEN=… CHROMIUM=/usr/bin/chromium node --test e2e/token.e2e.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const { GUARDED_URL: guarded, API_TOKEN: token } = process.env;
const skip = guarded ? false : "GUARDED_URL is not set";
let chromium;
before(async () => {
  if (guarded) chromium = await launch();
});
after(() => chromium?.close());

test("a token is asked for once, a wrong one is refused, and runs are live with the cookie", { skip }, async () => {
  const page = await chromium.window();
  await page.goto(`${guarded}/console`);
  const dialog = page.getByRole("dialog", { name: /asks for its API token/ });
  await dialog.waitFor();
  await page.picture("token");
  await dialog.getByLabel("API token").fill("not this one");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByText("does not know this token").waitFor();
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }));
  assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)), []);
  await page.picture("token-refused");
  await dialog.getByLabel("API token").fill(token);
  await page.keyboard.press("Enter");
  await page.getByRole("table").getByText("Live").first().waitFor();
  await dialog.waitFor({ state: "hidden" });

  const [cookie] = await page.context().cookies(`${guarded}/api/realtime`);
  assert.deepEqual(
    [cookie.name, cookie.httpOnly, cookie.path, cookie.sameSite],
    ["sc_grant_pages", true, "/api", "Lax"],
  );

  await page.getByRole("link", { name: "Workflows" }).click();
  await page.getByLabel("Workflow").selectOption("process-data");
  await page.getByRole("button", { name: "Trigger" }).click();
  const run = page.getByRole("article").first();
  await run.getByRole("status").getByText("Done", { exact: true }).waitFor();
  const address = await run.getByRole("link").first().getAttribute("href");
  await page.reload(); // the tab keeps the token
  await run.getByRole("status").getByText("Done", { exact: true }).waitFor();
  assert.equal(await dialog.isVisible(), false);
  await page.goto(`${guarded}/runs`);
  await page.getByText("Live", { exact: true }).waitFor();
  assert.deepEqual(page.complaints, []);

  const stranger = await chromium.window();
  await stranger.goto(guarded + address);
  await stranger.getByRole("dialog", { name: /asks for its API token/ }).waitFor();
  const refused = await stranger.evaluate(async (path) => {
    const answer = await fetch(`/api/realtime?channel=${path.split("/").at(-1)}&last_ack_x=0`);
    return answer.status;
  }, address);
  assert.equal(refused, 401);
});

test("a room is open to its guests without any token", { skip }, async () => {
  const answer = await fetch(`${guarded}/api/rooms`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  const { roomId } = await answer.json();
  const page = await chromium.window();
  await page.goto(`${guarded}/rooms/${roomId}`);
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByRole("textbox", { name: "Message" }).fill("anybody here?");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("log").getByText("anybody here?").waitFor();
  assert.deepEqual(page.complaints, []);
});
