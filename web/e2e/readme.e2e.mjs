// The examples of the client's README, as they stand there, in Node and in Chromium.
// BASE_URL=http://127.0.0.1:8080 CHROMIUM=/usr/bin/chromium node --test e2e/readme.e2e.mjs
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createApi } from "@stepcast/client/http";
import ts from "typescript";
import { base, launch } from "./chromium.mjs";
import { serve } from "./upstash/serve.mjs";

const readme = readFileSync(new URL("../client/README.md", import.meta.url), "utf8");
const folder = fileURLToPath(new URL("target/readme/", import.meta.url));
mkdirSync(folder, { recursive: true });
const examples = [...readme.matchAll(/```(tsx?)\n(.*?)```/gs)].map(([, kind, code]) => ({
  kind,
  code: code.replaceAll("http://localhost:8080", base),
}));
// Node 20 has no WebSocket; there the client takes server-sent events.
const [listen, react, http] = examples;

/** Runs an example in a Node of its own and answers what it printed. */
async function run({ code }, name) {
  const file = `${folder}${name}.mjs`;
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  writeFileSync(file, ts.transpileModule(code, { compilerOptions }).outputText);
  return (await promisify(execFile)(process.execPath, [file], { timeout: 60_000 })).stdout;
}

test("listening to a run", async () => {
  const said = await run(listen, "listen");
  assert.match(said, /connected/);
  assert.match(said, /validate-data took \d+ ms[^]*process-action took \d+ ms[^]*done/);
  assert.match(said, /to be stored[^]*wfr_\w+'?: '\d+-\d+'/);
});

test("the HTTP API", async () => {
  assert.match(await run(http, "http"), /^[A-Z]+\n$/);
});

test("the React components, in Chromium", async () => {
  const api = createApi({ url: `${base}/api` });
  const payload = { userId: "user-123", action: "process" };
  const { workflowRunId } = await api.trigger({ workflow: "process-data", payload });
  const root = `${folder}react/`;
  mkdirSync(root, { recursive: true });
  writeFileSync(`${root}example.tsx`, react.code.replaceAll(/wfr_\w+/g, workflowRunId));
  writeFileSync(`${root}main.tsx`, 'import { createRoot } from "react-dom/client";\nimport { App } from "./example";\n'
    + 'createRoot(document.getElementById("root")!).render(<App />);\n');
  writeFileSync(`${root}index.html`, '<!doctype html><div id="root"></div><script type="module" src="/main.tsx"></script>');
  const site = await serve(base, root);
  const chromium = await launch();
  try {
    const page = await chromium.window();
    await page.goto(site.url);
    await page.getByText("validate-data: SUCCEEDED").waitFor();
    await page.getByText("process-action: SUCCEEDED").waitFor();
    await page.getByLabel("SUCCEEDED, 100 %").waitFor();
    assert.deepEqual(page.complaints, []);
  } finally {
    await chromium.close();
    site.close();
  }
});
