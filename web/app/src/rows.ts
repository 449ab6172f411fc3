/** Rows of one height, some of them with more below them: where each begins, and which are in sight. */
export interface Rows {
  count: number;
  /** Height of a row, px. */
  row: number;
  /** What hangs below a row, px; by its place, in the order of places. */
  extras: readonly (readonly [at: number, px: number])[];
}

/** Those in sight come and go in packs, so that not each notch of a wheel is a change. */
const PACK = 4;
/** Rows on both sides of what is in sight, there before one scrolls to them. */
export const SPARE = 6;

/** What hangs below the rows before `at`, px. */
export function extraAbove({ extras }: Pick<Rows, "extras">, at: number): number {
  return extras.reduce((sum, [n, px]) => (n < at ? sum + px : sum), 0);
}

/** The first row to draw and the one after the last, where `top` to `top + height` is in sight. */
export function inSight(rows: Rows, top: number, height: number, spare = SPARE): { first: number; end: number } {
  const first = Math.floor((rowAt(rows, top) - spare) / PACK) * PACK;
  const end = Math.ceil((rowAt(rows, top + height) + 1 + spare) / PACK) * PACK;
  return { first: Math.max(0, first), end: Math.min(rows.count, end) };
}

function rowAt({ row, extras }: Rows, y: number): number {
  let passed = 0;
  for (const [n, px] of extras) {
    const below = (n + 1) * row + passed;
    if (y < below) break;
    if (y < below + px) return n;
    passed += px;
  }
  return Math.floor((y - passed) / row);
}
