import { expect, test } from "vitest";
import { countdown, duration, shortId } from "../src/words.js";

test.each([
  [-5, "< 1 ms"],
  [0, "< 1 ms"],
  [35.4, "35 ms"],
  [999, "999 ms"],
  [1_400, "1.4 s"],
  [125_000, "2 min 05 s"],
  [11_520_000, "3 h 12 min"],
  [349_200_000, "4 d 01 h"],
])("%i ms reads as %s", (ms, text) => expect(duration(ms)).toBe(text));

test.each([
  [600_000, "10:00"],
  [599_001, "10:00"],
  [59_000, "0:59"],
  [0, "0:00"],
  [-5_000, "0:00"],
  [3_723_000, "1:02:03"],
])("%i ms left is %s", (ms, text) => expect(countdown(ms)).toBe(text));

test("the end of an id is what tells two apart", () => {
  expect(shortId("wfr_01jabcdefghjkmnpqrstvwxyz2")).toBe("…stvwxyz2");
  expect(shortId("wfr_mine")).toBe("wfr_mine");
});
