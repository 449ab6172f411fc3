import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const command = fileURLToPath(new URL("../bin/stepcast-types.mjs", import.meta.url));

test("stepcast-types makes one type of each schema and a map of them", () => {
  const folder = mkdtempSync(join(tmpdir(), "stepcast-types-"));
  mkdirSync(join(folder, "schemas", "order"), { recursive: true });
  const paid = {
    title: "OrderPaid",
    type: "object",
    properties: { cents: { type: "integer" } },
    required: ["cents"],
    additionalProperties: false,
  };
  writeFileSync(join(folder, "schemas", "order", "paid.json"), JSON.stringify(paid));
  writeFileSync(join(folder, "schemas", "order", "paid.examples.json"), "[]");
  execFileSync(process.execPath, [command, join(folder, "schemas"), join(folder, "events.ts"), "Mine"]);
  const text = readFileSync(join(folder, "events.ts"), "utf8").replaceAll(/\s+/g, " ");
  expect(text).toContain('export interface Mine { "order.paid": OrderPaid }');
  expect(text).toContain("export interface OrderPaid { cents: number }");
});

test("stepcast-types without arguments says how to use it", () => {
  expect(() => execFileSync(process.execPath, [command], { stdio: "pipe" })).toThrow(/Usage/);
});
