import { describe, expect, test } from "vitest";
import { extraAbove, inSight } from "../src/rows";

const rows = { count: 2_000, row: 40, extras: [] };

describe("rows of a long list", () => {
  test("at its beginning, in the middle and at its end: what is in sight is drawn, and little more", () => {
    for (const top of [0, 17, 40_000, 79_400]) {
      const { first, end } = inSight(rows, top, 600);
      expect(first).toBeLessThanOrEqual(Math.floor(top / 40));
      expect(end).toBeGreaterThanOrEqual(Math.min(2_000, Math.ceil((top + 600) / 40)));
      expect(first).toBeGreaterThanOrEqual(0);
      expect(end - first).toBeLessThan(40);
    }
  });

  test("what is open below a row moves those after it", () => {
    const open = { ...rows, extras: [[3, 1_000], [10, 50]] as const };
    expect(extraAbove(open, 3)).toBe(0);
    expect(extraAbove(open, 4)).toBe(1_000);
    expect(extraAbove(open, 2_000)).toBe(1_050);
    expect(inSight(open, 500, 100)).toEqual({ first: 0, end: 12 }); // within what is open below row 3
    const { first, end } = inSight(open, 41_050, 600); // where row 1,000 is
    expect(first).toBeLessThanOrEqual(1_000);
    expect(first).toBeGreaterThan(985);
    expect(end).toBeGreaterThanOrEqual(1_015);
  });

  test("few rows: all of them", () => {
    expect(inSight({ ...rows, count: 5 }, 0, 600)).toEqual({ first: 0, end: 5 });
    expect(inSight({ ...rows, count: 0 }, 0, 600)).toEqual({ first: 0, end: 0 });
  });
});
