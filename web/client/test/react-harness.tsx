import { cleanup } from "@testing-library/react";
import { StrictMode, type ReactNode } from "react";
import { afterEach, beforeEach, vi } from "vitest";
import { WebSocket } from "ws";
import { RealtimeProvider } from "../src/react/index.js";
import { ScriptedServer } from "./scripted-server.js";

/** For `waitFor`. */
export const patience = { timeout: 25_000, interval: 5 };

/** The scripted server of the test that runs. */
export let server: ScriptedServer;

/** Each test of the file gets a server of its own, and a WebSocket. */
export function withServer(): void {
  beforeEach(async () => {
    vi.stubGlobal("WebSocket", WebSocket);
    server = await new ScriptedServer().start();
  });

  afterEach(() => {
    cleanup();
    server.stop();
    vi.unstubAllGlobals();
  });
}

/** A page in strict mode that listens to that server. */
export function Surroundings({ children }: { children: ReactNode }) {
  return (
    <StrictMode>
      <RealtimeProvider api={{ url: server.url }} transport="websocket">
        {children}
      </RealtimeProvider>
    </StrictMode>
  );
}
