// What the client costs a page: bundled and minified as an app would, gzipped. Too much fails the build.
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const KIB = 1024;
const dist = (path) => fileURLToPath(new URL(`../client/dist/${path}`, import.meta.url));

const core = await gzipped(`export * from "${dist("index.js")}";`);
const react = (await gzipped(
  `export * from "${dist("index.js")}"; export * from "${dist("react/index.js")}";`,
)) - core;

check("core", core, 6 * KIB);
check("react, on top of it", react, 2 * KIB);

async function gzipped(source) {
  const entry = "\0measured";
  const { output } = await build({
    configFile: false,
    logLevel: "warn",
    plugins: [{
      name: "measured",
      resolveId: (id) => (id === "measured" ? entry : undefined),
      load: (id) => (id === entry ? source : undefined),
    }],
    build: {
      write: false,
      minify: true,
      target: "es2022",
      rollupOptions: { input: "measured", external: /^react/, preserveEntrySignatures: "strict" },
      lib: undefined,
    },
  });
  return gzipSync(output[0].code, { level: 9 }).length;
}

function check(what, bytes, most) {
  console.log(`${what}: ${bytes} bytes gzipped, at most ${most}`);
  if (bytes > most) {
    console.error(`${what} has grown over its budget by ${bytes - most} bytes`);
    process.exitCode = 1;
  }
}
