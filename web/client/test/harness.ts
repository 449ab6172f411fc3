import { afterEach, beforeEach, expect, vi } from "vitest";
import { WebSocket } from "ws";
import { connect, type Connection, type Gap, type Status, type SubscribeOptions } from "../src/index.js";
import { ScriptedServer } from "./scripted-server.js";

export type Numbers = { "test.number": number; "test.other": number };

/** The server of the test that runs; each has one of its own. */
export let server: ScriptedServer;
const connections: Connection<any>[] = [];

beforeEach(async () => {
  vi.stubGlobal("WebSocket", WebSocket);
  server = await new ScriptedServer().start();
});

afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
  server.stop();
  vi.unstubAllGlobals();
});

export function open(options: Parameters<typeof connect>[0] = {}): Connection<Numbers> {
  const connection = connect<Numbers>({ url: server.url, ...options });
  connections.push(connection);
  return connection;
}

/** Subscribes and writes down what comes. */
export function record(
  connection: Connection<Numbers>,
  channels: string[],
  options: Omit<SubscribeOptions<Numbers, "test.number" | "test.other">, "onEvent"> = {},
) {
  const heard: number[] = [];
  const by: Record<string, number[]> = {};
  const gaps: Gap[] = [];
  const statuses: Status[] = [];
  const subscription = connection.subscribe(channels, {
    ...options,
    onEvent({ data, channel }) {
      heard.push(data);
      (by[channel] ??= []).push(data);
    },
    onGap: (gap) => gaps.push(gap),
    onStatus: (status) => statuses.push(status),
  });
  return { ...subscription, heard, by, gaps, statuses };
}

export const within = { timeout: 25_000, interval: 5 };
export const connected = (subscription: { status(): Status }) =>
  vi.waitFor(() => expect(subscription.status().status).toBe("connected"), within);
export const upTo = (n: number, from = 1) => Array.from({ length: n - from + 1 }, (_, i) => from + i);

export function emit(channel: string, numbers: number[]): void {
  for (const n of numbers) server.emit(channel, "test.number", n);
}
