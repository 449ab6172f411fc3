import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** The schema files below `folder`, without the examples that lie beside them. */
export function schemaFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".json") && !file.endsWith(".examples.json"))
    .sort();
}

/**
 * Turns a folder of JSON Schemas into one TypeScript file: an interface for each schema, and one
 * named `name` that maps each file to its type. The key of `a/b.json` is `a.b`.
 */
export async function generate({ folder, files = schemaFiles(folder), name, out }) {
  const { compile } = await import("json-schema-to-typescript").catch(() => {
    throw new Error("needs json-schema-to-typescript: npm install -D json-schema-to-typescript@16");
  });
  const keyOf = (file) => file.slice(0, -".json".length).split(sep).join(".");
  const map = {
    title: name,
    type: "object",
    properties: Object.fromEntries(files.map((file) => [keyOf(file), { $ref: file }])),
    required: files.map(keyOf),
    additionalProperties: false,
  };
  const text = await compile(map, name, {
    cwd: `${folder}${sep}`,
    bannerComment: "// Generated from JSON Schemas; do not edit.",
    format: false,
    additionalProperties: false,
    strictIndexSignatures: true,
    ignoreMinAndMaxItems: true,
  });
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, text);
  return `${relative(process.cwd(), out)}: ${files.length} schemas from ${relative(process.cwd(), join(folder))}`;
}
