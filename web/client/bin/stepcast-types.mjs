#!/usr/bin/env node
// stepcast-types FOLDER OUT.ts [NAME]: TypeScript types of your own event schemas.
import { resolve } from "node:path";
import { generate } from "./generate.mjs";

const [folder, out, name = "Events"] = process.argv.slice(2);
if (!folder || !out) {
  console.error("Usage: stepcast-types FOLDER OUT.ts [NAME]\n\n"
    + "FOLDER holds JSON Schemas: a/b.json is the event a.b. OUT.ts gets an interface for each\n"
    + "and one named NAME (default Events) that maps event names to their data.");
  process.exit(2);
}
try {
  console.log(await generate({ folder: resolve(folder), out: resolve(out), name }));
} catch (fault) {
  console.error(`stepcast-types: ${fault.message}`);
  process.exit(1);
}
