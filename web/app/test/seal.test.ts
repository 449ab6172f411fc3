import { expect, test } from "vitest";
import { counterOf, newKey, readKey, seal, unseal } from "../src/seal.js";

const zeros = "0".repeat(26);
const where = { roomId: `room_${zeros}`, member: `mem_${zeros}` };
const bytes = (length: number) => Uint8Array.from({ length }, (_, n) => n);
const vectorKey = Buffer.from(bytes(32)).toString("base64url");
const VECTOR =
  "e1.1.AAECAwQFBgcICQoL.L8F_d6mKwxuNQZeLsel4bYPWhzTwe198OGflhR1pALIBEK78r8ESmHSkf-2Ihyg47llgjVrWo9o_lyoZGOP17t2-aNLBTM380DCpgZGpn9I";

test("the vector of docs/ROOMS.md, both ways", async () => {
  const key = await readKey(vectorKey);
  expect(await seal(key, { ...where, counter: 1 }, "héllo", bytes(12))).toBe(VECTOR);
  expect(await unseal(key, where, VECTOR)).toEqual({ counter: 1, text: "héllo" });
});

test("what was moved, altered or is of another key does not open", async () => {
  const key = await readKey(newKey());
  const sealed = await seal(key, { ...where, counter: 7 }, "secret");
  expect(counterOf(sealed)).toBe(7);
  expect(await unseal(key, { ...where, roomId: "room_other" }, sealed)).toBeUndefined();
  expect(await unseal(key, { ...where, member: "mem_other" }, sealed)).toBeUndefined();
  expect(await unseal(key, where, sealed.replace("e1.7.", "e1.8."))).toBeUndefined();
  expect(await unseal(await readKey(newKey()), where, sealed)).toBeUndefined();
  expect(await unseal(key, where, "a plain text")).toBeUndefined();
  expect(await unseal(key, where, `${sealed.slice(0, -4)}AAAA`)).toBeUndefined();
});

test("lengths show in steps of 64 bytes only", async () => {
  const key = await readKey(newKey());
  const length = async (text: string) => (await seal(key, { ...where, counter: 1 }, text)).length;
  expect(await length("a")).toBe(await length("a".repeat(63)));
  expect(await length("a".repeat(63))).not.toBe(await length("a".repeat(64)));
  for (const text of ["", "ü".repeat(100), "line\nfeed", "🙂", "a".repeat(3007)]) {
    const sealed = await seal(key, { ...where, counter: 1 }, text);
    expect((await unseal(key, where, sealed))?.text).toBe(text);
    expect(sealed.length).toBeLessThanOrEqual(4096);
  }
});
