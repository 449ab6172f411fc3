/**
 * Places in a channel's history. An id is `<ms>-<sequence>`, both decimal and up to 64 bits, so
 * neither is ever turned into a number; a place given in milliseconds means "from then on".
 */

/** Negative when `a` comes before `b`. */
export function compare(a: string, b: string): number {
  const [aMs = "", aSequence = "0"] = a.split("-");
  const [bMs = "", bSequence = "0"] = b.split("-");
  return digits(aMs, bMs) || digits(aSequence, bSequence);
}

/** Decimal numbers without leading zeros: the longer is the greater. */
function digits(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** The id that stands right before everything that `ack` asks for; ids stand for themselves. */
export function floor(ack: string): string {
  if (ack.includes("-")) return ack;
  return +ack ? `${+ack - 1}-18446744073709551615` : "0-0";
}
