import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The pages go where the jar takes them from: class path "web/". No inline scripts, styles or data
// URIs, so that "default-src 'self'" is enough of a content security policy.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../target/classes/web",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  server: {
    proxy: {
      "/api": { target: process.env.STEPCAST ?? "http://127.0.0.1:8080", changeOrigin: true, ws: true },
    },
  },
});
