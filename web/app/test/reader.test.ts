import { expect, test } from "vitest";
import { Reader } from "../src/reader.js";
import { newKey, readKey, seal } from "../src/seal.js";

const room = "room_1";
const fox = "mem_fox";

/** A message as the room tells it; `sequence` is also when it was written. */
async function said(key: CryptoKey, sequence: number, counter: number, text: string, member = fox) {
  const sealed = await seal(key, { roomId: room, member, counter }, text);
  return { clientId: `c${sequence}`, member, sequence, timestamp: sequence * 1000, text: sealed, mine: false };
}

async function setUp() {
  return { key: await readKey(newKey()), reader: new Reader() };
}

test("what is written in turn is read, each author for themselves", async () => {
  const { key, reader } = await setUp();
  const messages = [await said(key, 1, 1, "one"), await said(key, 2, 2, "two"), await said(key, 3, 1, "three", "mem_owl")];
  expect(await reader.read(key, room, messages)).toEqual({ c1: "one", c2: "two", c3: "three" });
});

test("an old text played again as a new message is not believed", async () => {
  const { key, reader } = await setUp();
  const [one, two] = [await said(key, 1, 1, "yes"), await said(key, 2, 2, "no")];
  await reader.read(key, room, [one, two]);
  const again = { ...one, clientId: "c3", sequence: 3, timestamp: 3000 };
  expect(await reader.read(key, room, [one, two, again])).toEqual({ c1: "yes", c2: "no", c3: null });
  // Nor after a reload, when all of it comes at once.
  expect(await new Reader().read(key, room, [one, two, again])).toEqual({ c1: "yes", c2: "no", c3: null });
});

test("an old text played again as a change of another message is not believed", async () => {
  const { key, reader } = await setUp();
  const [one, two] = [await said(key, 1, 1, "yes"), await said(key, 2, 2, "no")];
  const changed = { ...two, text: one.text, editedAt: 3000 };
  await reader.read(key, room, [one, two]);
  expect(await reader.read(key, room, [one, changed])).toEqual({ c1: "yes", c2: null });
  expect(await new Reader().read(key, room, [one, changed])).toEqual({ c1: "yes", c2: null });
});

test("a change by its author is read, and after a reload the messages around it as well", async () => {
  const { key, reader } = await setUp();
  const [one, two] = [await said(key, 1, 1, "Tusday"), await said(key, 2, 2, "at noon")];
  const changed = { ...(await said(key, 1, 3, "Tuesday")), editedAt: 3000 };
  await reader.read(key, room, [one, two]);
  expect(await reader.read(key, room, [changed, two])).toEqual({ c1: "Tuesday", c2: "at noon" });
  expect(await new Reader().read(key, room, [changed, two])).toEqual({ c1: "Tuesday", c2: "at noon" });
});

test("one's own is shown before it comes back, and is not taken for an old one then", async () => {
  const { key, reader } = await setUp();
  const counters = [reader.nextCounter(fox), reader.nextCounter(fox)];
  expect(counters).toEqual([1, 2]);
  reader.wrote("c1", "one");
  reader.wrote("c2", "two");
  const own = [await said(key, 1, 1, "one"), await said(key, 2, 2, "two")].map((m) => ({ ...m, mine: true }));
  expect(await reader.read(key, room, own)).toEqual({ c1: "one", c2: "two" });
  expect(reader.nextCounter(fox)).toBe(3);
});
