// What a first visit loads, gzipped, and whether a strict content security policy holds.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const MOST = 150 * 1024;
const built = fileURLToPath(new URL("../target/classes/web/", import.meta.url));

const page = readFileSync(`${built}index.html`, "utf8");
const inline = page.match(/<style|\sstyle=|<script(?![^>]*\ssrc=)[^>]*>|\son\w+=/gi);
if (inline) fail(`index.html has something inline, which the policy forbids: ${inline.join(", ")}`);
if (/https?:\/\//.test(page)) fail("index.html loads something from elsewhere");

const files = readdirSync(built, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const bytes = files
  .map((entry) => gzipSync(readFileSync(`${entry.parentPath}/${entry.name}`), { level: 9 }).length)
  .reduce((sum, length) => sum + length, 0);
console.log(`pages: ${bytes} bytes gzipped, at most ${MOST}`);
if (bytes > MOST) fail(`the pages have grown over their budget by ${bytes - MOST} bytes`);

function fail(why) {
  console.error(why);
  process.exitCode = 1;
}
