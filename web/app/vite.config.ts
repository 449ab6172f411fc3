import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const stepcast = process.env.STEPCAST ?? "http://127.0.0.1:8080";

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
  // "npm run dev" beside a running Stepcast: STEPCAST says where it is. It serves only its own origin.
  server: {
    proxy: {
      "/api": {
        target: stepcast,
        changeOrigin: true,
        ws: true,
        configure(proxy) {
          proxy.on("proxyReq", (request) => request.setHeader("origin", stepcast));
          proxy.on("proxyReqWs", (request) => request.setHeader("origin", stepcast));
        },
      },
    },
  },
});
