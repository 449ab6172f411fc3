import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    // The guide's hook and page as they stand in e2e/upstash, on our client instead of theirs.
    alias: {
      "@/": at("e2e/upstash/src/"),
      "@upstash/realtime/client": at("client/src/react/index.ts"),
    },
  },
  test: {
    include: ["test/**/*.test.ts", "client/test/**/*.test.{ts,tsx}", "app/test/**/*.test.{ts,tsx}"],
    maxWorkers: 4, // these tests wait more than they compute
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
