// Installs, builds or tests the pages, each only when what it depends on has changed since it last
// succeeded. A stamp beside each result holds the hash of what it was made from.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = join(dirname(fileURLToPath(import.meta.url)), "..");
const schemas = ["events", "answers", "requests", "parts"].map((folder) => join(web, "..", "schemas", folder));
const ignored = new Set(["node_modules", "target", "dist", "generated"]);

const manifests = ["package.json", "package-lock.json", ".npmrc"]
  .concat(["client", "app", "e2e"].map((part) => `${part}/package.json`))
  .map((path) => join(web, path));
const sources = ["client", "app", "tools"].map((part) => join(web, part)).concat(schemas);

const install = {
  stamp: join(web, "node_modules", ".stepcast-installed"),
  inputs: manifests,
  npm: ["ci"],
};
const build = {
  stamp: join(web, "target", "pages-built"),
  inputs: manifests.concat(sources),
  npm: ["run", "build"],
};
const test = {
  stamp: join(web, "target", "pages-tested"),
  inputs: manifests.concat(sources, join(web, "test"), join(web, "e2e", "upstash"), join(web, "vitest.config.ts")),
  npm: ["test"],
};

const steps = process.argv[2] === "tests" ? [install, test] : [install, build];
const stale = steps.filter((step) => read(step.stamp) !== hash(step.inputs));
if (stale.includes(install) && !stale.includes(test)) {
  console.log("Building the pages; the first time takes about two minutes.");
}
for (const step of stale) {
  rmSync(step.stamp, { force: true });
  npm(step.npm);
  mkdirSync(dirname(step.stamp), { recursive: true });
  writeFileSync(step.stamp, hash(step.inputs));
}

/** Runs npm quietly; what it said is shown only when it fails, and then the build fails too. */
function npm(args) {
  const loud = args[0] === "test";
  const run = spawnSync("npm", args, {
    cwd: web,
    encoding: "utf8",
    stdio: loud ? "inherit" : "pipe",
    shell: process.platform === "win32",
  });
  if (run.status === 0) return;
  process.stderr.write(`npm ${args.join(" ")} failed in ${web}\n`);
  process.stderr.write(`${run.stdout ?? ""}${run.stderr ?? ""}${run.error ?? ""}\n`);
  process.exit(1);
}

function read(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** The content of files and folders as one hash; paths are part of it, times are not. */
function hash(paths) {
  const digest = createHash("sha256").update(process.versions.node.split(".")[0]);
  for (const file of paths.flatMap(files)) digest.update(`${file}\0`).update(readFileSync(file));
  return digest.digest("hex");
}

function files(path) {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !ignored.has(entry.name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => files(join(path, entry.name)));
  } catch (fault) {
    if (fault.code === "ENOTDIR") return [path];
    throw fault;
  }
}
