// BASE_URL=http://127.0.0.1:8080 CHROMIUM=/usr/bin/chromium node --test e2e/rooms.e2e.mjs
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import jsQR from "jsqr";
import { base, launch } from "./chromium.mjs";

/** What the page does not offer. */
const api = async (path, body) =>
  (await fetch(base + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).json();

let chromium;
let brief;
before(async () => {
  chromium = await launch();
  brief = await api("/api/rooms", { ttlMs: 60_000 }); // the last but one test sees its end
});
after(() => chromium?.close());

async function join(page, alias) {
  await page.getByLabel("What to call you").fill(alias);
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByRole("textbox", { name: "Message" }).waitFor();
}

async function say(page, text) {
  await page.getByRole("textbox", { name: "Message" }).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

/** What a camera reads: squares of one unit, as a picture of four dots each. */
function scanned(path, viewBox) {
  const dots = 4;
  const size = Number(viewBox.split(" ")[2]) * dots;
  const picture = new Uint8ClampedArray(size * size * 4).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let row = 0; row < dots; row++) {
      const from = ((y * dots + row) * size + x * dots) * 4;
      for (let dot = 0; dot < dots; dot++) picture.fill(0, from + dot * 4, from + dot * 4 + 3);
    }
  }
  return jsQR(picture, size, size)?.data;
}

const hears = (page, text) => page.getByRole("log").getByText(text, { exact: true }).waitFor();
const texts = (page) => page.getByRole("log").locator(".text").allTextContents();

test("two windows talk, a third finds no seat, and destroying reaches the other", async () => {
  const ann = await chromium.window();
  await ann.goto(`${base}/rooms`);
  await ann.getByText("10 minutes").click();
  await ann.getByRole("button", { name: "Create room" }).click();
  await ann.getByRole("button", { name: "Join" }).waitFor();
  await ann.picture("room-door");
  await join(ann, "Ann");

  const bob = await chromium.window({ viewport: { width: 390, height: 780 }, colorScheme: "dark" });
  await bob.goto(ann.url());
  await join(bob, "Bob");
  await ann.getByText("2 of 2 seats").waitFor();
  const histories = [];
  for (const page of [ann, bob]) {
    page.on("request", (request) => request.method() === "GET" && /\/messages/.test(request.url()) && histories.push(request.url()));
  }

  await say(ann, "Hello Bob");
  await hears(bob, "Hello Bob");
  await say(bob, "Hello Ann");
  await hears(ann, "Hello Ann");
  for (const n of [1, 2, 3]) await say(ann, `and ${n}`);
  await hears(bob, "and 3");
  const said = ["Hello Bob", "Hello Ann", "and 1", "and 2", "and 3"];
  assert.deepEqual(await texts(bob), said);
  assert.deepEqual(await texts(ann), said);
  await ann.picture("room-desktop");
  await bob.picture("room-phone-dark");

  const eve = await chromium.window();
  await eve.goto(ann.url());
  await eve.getByRole("button", { name: "Join" }).click();
  await eve.getByText("This room is full").waitFor();
  await eve.picture("room-full");

  await bob.reload();
  await hears(bob, "and 3");
  assert.deepEqual(await texts(bob), said);

  await ann.getByRole("button", { name: "Destroy room" }).click();
  await ann.getByRole("button", { name: "Destroy for everybody" }).click();
  await bob.getByText("This room was destroyed").waitFor();
  await ann.getByText("This room was destroyed").waitFor();
  await bob.picture("room-destroyed");
  assert.deepEqual(histories, [], "messages come as they are said, and are never loaded again");
  for (const page of [ann, bob, eve]) assert.deepEqual(page.complaints, []);
});

test("who is here, who types, who has read, and what the owner may do", async () => {
  const ann = await chromium.window();
  await ann.goto(`${base}/rooms`);
  await ann.getByText("More", { exact: true }).click();
  await ann.getByLabel("Name of the room").fill("Plans");
  await ann.getByLabel("Passcode").fill("swordfish");
  await ann.getByRole("button", { name: "Create room" }).click();
  await ann.getByRole("heading", { name: "Plans" }).waitFor();
  await ann.getByLabel("Passcode").fill("swordfish");
  await join(ann, "Ann");
  const bob = await chromium.window();
  await bob.goto(ann.url());
  await bob.getByLabel("Passcode").fill("goldfish");
  await bob.getByRole("button", { name: "Join" }).click();
  await bob.getByRole("alert").waitFor();
  await bob.getByLabel("Passcode").fill("swordfish");
  await join(bob, "Bob");

  await bob.getByRole("textbox", { name: "Message" }).fill("Hm");
  await ann.getByText("Bob is typing…").waitFor();
  await say(ann, "Tuesday?");
  await hears(bob, "Tuesday?");
  await ann.getByText("seen").waitFor();
  await ann.getByText("2 of 2 seats").click();
  await ann.getByRole("list", { name: "Members" }).getByText("Bob").waitFor();
  await ann.picture("room-people");
  await ann.getByRole("button", { name: "Let nobody else join" }).click();
  await bob.getByText("2 of 2 seats, locked").waitFor();
  await ann.getByRole("button", { name: "Remove Bob" }).click();
  await ann.getByText("1 of 2 seats, locked").waitFor();
  await bob.getByText("You are no longer in this room").waitFor();
  for (const page of [ann, bob]) assert.deepEqual(page.complaints, []);
});

test("what the server carries of an encrypted room is not what was said", async () => {
  const ann = await chromium.window();
  await ann.goto(`${base}/rooms`);
  await ann.getByLabel("Encrypt end to end").check();
  await ann.getByRole("button", { name: "Create room" }).click();
  await join(ann, "Ann");
  const seen = [];
  ann.on("request", (request) => seen.push(request.url(), request.postData() ?? ""));
  const bob = await chromium.window();
  bob.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => seen.push(String(payload))));
  await bob.goto(ann.url());
  await join(bob, "Bob");
  for (const n of [1, 2, 3]) await say(ann, `the secret ${n}`);
  await hears(bob, "the secret 3");
  await say(bob, "understood");
  await hears(ann, "understood");
  const said = ["the secret 1", "the secret 2", "the secret 3", "understood"];
  assert.deepEqual(await texts(bob), said);
  await ann.reload();
  await hears(ann, "understood");
  assert.deepEqual(await texts(ann), said);
  await say(ann, "after the reload");
  await hears(bob, "after the reload");
  const key = new URL(ann.url()).hash.slice(3);
  assert.equal(key.length, 43);
  assert.ok(seen.some((text) => text.includes("e1.1.")), "the sealed text was seen");
  for (const text of seen) assert.ok(!text.includes("secret") && !text.includes(key), text);

  const eve = await chromium.window();
  await eve.goto(ann.url().split("#")[0]);
  await eve.getByText("lacks its key").waitFor();
  for (const page of [ann, bob, eve]) assert.deepEqual(page.complaints, []);
});

test("one changes and takes back what one said, in the clear and encrypted", async () => {
  for (const encrypted of [false, true]) {
    const ann = await chromium.window();
    await ann.goto(`${base}/rooms`);
    await ann.getByLabel("Encrypt end to end").setChecked(encrypted);
    await ann.getByRole("button", { name: "Create room" }).click();
    await join(ann, "Ann");
    const bob = await chromium.window();
    await bob.goto(ann.url());
    await join(bob, "Bob");
    for (const text of ["Tusday at noon", "or later", "and never"]) await say(ann, text);
    await hears(bob, "and never");
    await ann.getByText("Tusday at noon").hover();
    await ann.getByRole("button", { name: "Edit: Tusday at noon" }).click();
    await ann.getByLabel("Change the message").fill("Tuesday at noon");
    if (encrypted) await ann.picture("room-editing");
    await ann.getByRole("button", { name: "Save" }).click();
    await hears(bob, "Tuesday at noon");
    await bob.getByText("edited").waitFor();
    await ann.getByRole("button", { name: "Delete: and never" }).click();
    await bob.getByText("and never").waitFor({ state: "detached" });
    assert.equal(await bob.getByRole("button", { name: /^(Edit|Delete):/ }).count(), 0, "of others nothing can be changed");
    await say(ann, "settled");
    await hears(bob, "settled");
    await bob.reload();
    await hears(bob, "settled");
    const said = ["Tuesday at noon", "or later", "settled"];
    assert.deepEqual(await texts(bob), said);
    assert.deepEqual(await texts(ann), said);
    for (const page of [ann, bob]) {
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    }
  }
});

test("the code on the screen is the link, with its key", async () => {
  const ann = await chromium.window();
  await ann.goto(`${base}/rooms`);
  await ann.getByRole("button", { name: "Create room" }).click();
  await join(ann, "Ann");
  await ann.getByRole("button", { name: "QR code" }).click();
  const code = ann.getByRole("img", { name: "QR code of the link to this room" });
  await code.waitFor();
  await ann.picture("room-qr");
  assert.match(ann.url(), /#k=[\w-]{43}$/);
  assert.equal(scanned(await code.locator("path").getAttribute("d"), await code.getAttribute("viewBox")), ann.url());
  await ann.getByRole("button", { name: "Close" }).click();
  await ann.getByRole("dialog").waitFor({ state: "hidden" });
  assert.deepEqual(ann.complaints, []);
});

test("three windows: one is cut off and comes back with all of it, one is closed and shown as away", async () => {
  const { roomId } = await api("/api/rooms", { seats: 3 });
  const [ann, bob, eve] = [await chromium.window(), await chromium.window(), await chromium.window()];
  for (const [page, name] of [[ann, "Ann"], [bob, "Bob"], [eve, "Eve"]]) {
    await page.goto(`${base}/rooms/${roomId}`);
    await join(page, name);
  }
  await ann.getByText("3 of 3 seats").waitFor();
  await say(ann, "one");
  for (const page of [bob, eve]) await hears(page, "one");
  await bob.context().setOffline(true);
  await say(ann, "two");
  await say(eve, "three");
  await hears(ann, "three");
  await say(bob, "from under water");
  await bob.context().setOffline(false);
  await hears(bob, "three");
  const failed = bob.getByRole("button", { name: "Send again" });
  const sentAgain = failed.waitFor().then(() => failed.click()).catch(() => {});
  await Promise.race([sentAgain, hears(ann, "from under water")]);
  for (const page of [ann, bob, eve]) await hears(page, "from under water");
  await eve.reload();
  await hears(eve, "from under water");
  const said = (await texts(ann)).join();
  assert.equal(said.split(",").length, 4, said);
  for (const page of [bob, eve]) assert.equal((await texts(page)).join(), said);
  await ann.getByText("3 of 3 seats").click();
  const members = ann.getByRole("list", { name: "Members" });
  await members.getByText("Eve").waitFor();
  await members.getByText("away").first().waitFor({ state: "detached" });
  await eve.context().close();
  await members.getByText("away").waitFor();
  await ann.picture("room-away");
  assert.deepEqual(ann.complaints, []);
});

test("when its time is up every window says so", async () => {
  if (brief.expiresAt - Date.now() < 25_000) brief = await api("/api/rooms", { ttlMs: 60_000 });
  const { roomId } = brief;
  const [ann, bob] = [await chromium.window(), await chromium.window({ viewport: { width: 390, height: 780 } })];
  for (const [page, name] of [[ann, "Ann"], [bob, "Bob"]]) {
    await page.goto(`${base}/rooms/${roomId}`);
    await join(page, name);
  }
  await say(ann, "hurry");
  await hears(bob, "hurry");
  for (const page of [ann, bob]) await page.getByText("This room’s time is up").waitFor({ timeout: 70_000 });
  await bob.picture("room-expired");
  await ann.reload();
  await ann.getByText("This room’s time is up").waitFor();
});

test("a link to no room says so", async () => {
  const page = await chromium.window();
  await page.goto(`${base}/rooms/room_none`);
  await page.getByText("There is no such room").waitFor();
  await page.picture("room-unknown");
});
