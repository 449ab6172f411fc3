import { expect, test } from "vitest";
import { compare, floor } from "../src/position.js";

test.each([
  ["9-0", "10-0", -1],
  ["10-0", "9-5", 1],
  ["5-9", "5-10", -1],
  ["5-0", "5-0", 0],
  ["5", "5-0", 0],
  ["1700000000000-18446744073709551615", "1700000000000-18446744073709551614", 1],
  ["18446744073709551614-0", "18446744073709551615-0", -1],
])("%s against %s", (a, b, sign) => {
  expect(Math.sign(compare(a, b))).toBe(sign);
  expect(Math.sign(compare(b, a))).toBe(-sign + 0);
});

test("a moment stands right before all of its ids, an id for itself, 0 for the beginning", () => {
  expect(compare(floor("1700"), "1700-0")).toBeLessThan(0);
  expect(compare(floor("1700"), "1699-5")).toBeGreaterThan(0);
  expect(floor("1700-3")).toBe("1700-3");
  expect(floor("0")).toBe("0-0");
});
