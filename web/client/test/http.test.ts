import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { createApi, ProblemError } from "../src/http/index.js";

const document = readFileSync(
  new URL("../../../api-service/src/main/resources/dev/stepcast/api/docs/openapi.yaml", import.meta.url),
  "utf8",
);

/** `get /api/runs/{}` and so on, as the document lists them. */
function documented(): Set<string> {
  const all = new Set<string>();
  let path = "";
  for (const line of document.split("\n")) {
    const [, at] = /^ {2}"?(\/[^":\s]*)"?:/.exec(line) ?? [];
    if (at) path = at.replaceAll(/\{\w+\}/g, "{}");
    const [, method] = /^ {4}(get|post|put|patch|delete):/.exec(line) ?? [];
    if (method && path.startsWith("/api/")) all.add(`${method} ${path}`);
  }
  return all;
}

afterEach(() => vi.unstubAllGlobals());

test("every call is in the OpenAPI document, and every route for runs, events and schedules can be called", async () => {
  const made = new Set<string>();
  vi.stubGlobal("fetch", async (url: string, { method }: { method: string }) => {
    const path = url.split("?")[0]!.replaceAll(/\/x(?=\/|$)/g, "/{}");
    made.add(`${method.toLowerCase()} ${path}`);
    return new Response("{}");
  });
  const api = createApi();
  for (const [name, call] of Object.entries(api) as [string, (...all: unknown[]) => Promise<unknown>][]) {
    if (name === "bulk") for (const what of ["cancel", "pause", "unpause", "resume", "restart"]) await call(what, {});
    else await call("x", "x");
  }
  const known = documented();
  expect(known.size).toBeGreaterThan(30);
  expect([...made].filter((one) => !known.has(one))).toEqual([]);
  const ours = /\/api\/(trigger|workflows|runs|notify|emit|grants|schedules|flow|waiters|nodes)\b/;
  expect([...known].filter((one) => ours.test(one) && !made.has(one))).toEqual([]);
});

test("a no is a ProblemError, whatever its body; no answer is one too", async () => {
  const problem = { kind: "run-unknown", title: "No such run", status: 404, detail: "Look again." };
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(problem), { status: 404 }));
  const api = createApi();
  await expect(api.run("x")).rejects.toThrow(ProblemError);
  await expect(api.run("x")).rejects.toMatchObject({ kind: "run-unknown", status: 404, message: "Look again." });
  vi.stubGlobal("fetch", async () => new Response("<html>", { status: 502 }));
  await expect(api.run("x")).rejects.toMatchObject({ kind: "http-502", status: 502 });
  vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("down")));
  await expect(api.run("x")).rejects.toMatchObject({ kind: "unreachable", status: 0 });
});
