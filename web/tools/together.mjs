// together.mjs SCRIPT...: runs these npm scripts at the same time. What each said is shown whole, once
// it has ended; the first that fails decides how this ends.
import { spawn } from "node:child_process";

const results = await Promise.all(process.argv.slice(2).map(run));
process.exitCode = results.find((code) => code !== 0) ?? 0;

function run(script) {
  const child = spawn("npm", ["run", "--silent", script], { shell: process.platform === "win32" });
  const said = [];
  child.stdout.on("data", (text) => said.push(text));
  child.stderr.on("data", (text) => said.push(text));
  return new Promise((done) => {
    child.on("error", (fault) => said.push(Buffer.from(String(fault))));
    child.on("close", (code) => {
      process.stdout.write(Buffer.concat(said));
      if (code !== 0) console.error(`npm run ${script} failed`);
      done(code ?? 1);
    });
  });
}
