import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const target = fileURLToPath(new URL("../../target/readme/", import.meta.url));
const react = fileURLToPath(new URL("../../node_modules/@types", import.meta.url));

test("the README's examples compile against the package as it is built", () => {
  mkdirSync(target, { recursive: true });
  const files = [...readme.matchAll(/```(tsx?)\n(.*?)```/gs)].map(([, kind, code], at) => {
    const file = `${target}example-${at}.${kind}`;
    writeFileSync(file, code!);
    return file;
  });
  expect(files).toHaveLength(3);
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.ReactJSX,
    skipLibCheck: true,
    typeRoots: [react],
    types: ["react"],
  });
  const complaints = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  expect(complaints).toEqual([]);
});
