import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const text = readFileSync(new URL("../package-lock.json", import.meta.url), "utf8");
const packages: Record<string, { resolved?: string; link?: boolean; integrity?: string }> =
  JSON.parse(text).packages;

test("the lock file names no download address, so it installs from any registry", () => {
  const addressed = Object.entries(packages).filter(([, entry]) => entry.resolved && !entry.link);
  expect(addressed).toEqual([]);
  expect(text).not.toContain("://registry");
});

test("every package is held to its content", () => {
  const loose = Object.entries(packages).filter(
    ([path, entry]) => path.startsWith("node_modules/") && !entry.link && !entry.integrity,
  );
  expect(loose).toEqual([]);
});

test("versions are pinned exactly", () => {
  for (const part of [".", "client", "app", "e2e"]) {
    const manifest = JSON.parse(readFileSync(new URL(`../${part}/package.json`, import.meta.url), "utf8"));
    for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  }
});
