// What every browser test stands on: a Chromium, windows of it, pictures of them.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const base = (process.env.BASE_URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 60_000);

const pictures = fileURLToPath(new URL("target/", import.meta.url));
mkdirSync(pictures, { recursive: true });

/** A browser for the tests of one file; `close` ends it and every window. */
export async function launch() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    /** A window with cookies and storage of its own; `complaints` collects what went wrong in it. */
    async window(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      const complaints = [];
      page.on("pageerror", (fault) => complaints.push(String(fault)));
      page.on("console", (message) => {
        if (/Content.Security.Policy|Refused to/i.test(message.text())) complaints.push(message.text());
      });
      return Object.assign(page, { complaints, picture: (name) => picture(page, name) });
    },
    close: () => browser.close(),
  };
}

async function picture(page, name) {
  await page.screenshot({ path: `${pictures}${name}.png`, fullPage: true });
}
