import { describe, expect, test, vi } from "vitest";
import { ProblemError } from "../src/index.js";
import { connected, emit, open, record, server, within } from "./harness.js";

describe("choosing a transport", () => {
  test("a WebSocket is tried first", async () => {
    const events = record(open(), ["a"]);
    await connected(events);
    expect([...server.listeners].map(({ transport }) => transport)).toEqual(["websocket"]);
  });

  test("where none gets through, server-sent events do", async () => {
    server.admit = ({ headers }) => (headers.upgrade ? { status: 400 } : undefined);
    const events = record(open(), ["a"], { since: 0 });
    emit("a", [1]);
    await vi.waitFor(() => expect(events.heard).toEqual([1]), within);
    expect(server.requests.map(({ transport }) => transport)).toEqual(["sse"]);
    server.cutAll();
    emit("a", [2]);
    await vi.waitFor(() => expect(events.heard).toEqual([1, 2]), within);
    expect(server.requests.map(({ transport }) => transport)).toEqual(["sse", "sse"]);
  });

  test("where there is no WebSocket at all, server-sent events do", async () => {
    vi.stubGlobal("WebSocket", undefined);
    const events = record(open(), ["a"]);
    await connected(events);
    expect([...server.listeners].map(({ transport }) => transport)).toEqual(["sse"]);
  });
});

describe("asking over a WebSocket", () => {
  test("publish gives the id of what was appended", async () => {
    const connection = open({ transport: "websocket" });
    const events = record(connection, ["a"]);
    await connected(events);
    const id = await connection.publish("a", "test.number", 7);
    expect(id).toBe(server.tail("a"));
    await vi.waitFor(() => expect(events.heard).toEqual([7]), within);
  });

  test("who only publishes shows the grant too", async () => {
    server.allows = (_, grant) => grant === "mine";
    const connection = open({ transport: "websocket", grant: () => "mine" });
    expect(await connection.publish("a", "test.number", 7)).toBe(server.tail("a"));
  });

  test("presence gives who is there", async () => {
    const connection = open({ transport: "websocket" });
    record(connection, ["a"]);
    expect(await connection.presence("a")).toEqual([{ id: "m0", sinceAt: 1 }]);
  });

  test("a no is a problem", async () => {
    server.allows = (channel) => channel === "a";
    const connection = open({ transport: "websocket" });
    record(connection, ["a"]);
    const refused = connection.publish("b", "test.number", 7);
    await expect(refused).rejects.toThrow(ProblemError);
    await expect(refused).rejects.toMatchObject({ kind: "channel-denied", status: 403 });
  });

  test("over server-sent events another request asks who is there, and nobody publishes", async () => {
    const connection = open({ transport: "sse" });
    await connected(record(connection, ["a"]));
    expect(await connection.presence("a")).toEqual([{ id: "m0", sinceAt: 1 }]);
    await expect(connection.publish("a", "test.number", 1)).rejects.toMatchObject({ kind: "needs-websocket" });
  });

  test("closing answers what is still open", async () => {
    const connection = open({ transport: "websocket" });
    const asked = connection.presence("a");
    connection.close();
    await expect(asked).rejects.toMatchObject({ kind: "closed" });
  });
});

describe("giving up", () => {
  test("a refusal is final and says why", async () => {
    server.admit = () => ({
      status: 401,
      problem: { kind: "grant-missing", title: "A grant is needed", status: 401 },
    });
    const events = record(open({ transport: "sse" }), ["a"]);
    await vi.waitFor(() => expect(events.status().status).toBe("error"), within);
    expect(events.status().problem).toMatchObject({ kind: "grant-missing", status: 401 });
  });

  test.each([4400, 4401, 4403, 4413])("close code %i is final", async (code) => {
    const events = record(open({ transport: "websocket" }), ["a"]);
    await connected(events);
    [...server.listeners][0]!.end(code);
    await vi.waitFor(() => expect(events.status().status).toBe("error"), within);
    expect(events.status().problem).toMatchObject({ kind: `closed-${code}` });
  });

  test("subscribing anew is worth another try", async () => {
    let refuse = true;
    server.admit = () => (refuse ? { status: 403 } : undefined);
    const connection = open({ transport: "sse" });
    const events = record(connection, ["a"], { since: 0 });
    await vi.waitFor(() => expect(events.status().status).toBe("error"), within);
    refuse = false;
    record(connection, ["b"]);
    emit("a", [1]);
    await vi.waitFor(() => expect(events.heard).toEqual([1]), within);
  });

  test("maxRetries is a real limit", async () => {
    server.admit = () => ({ status: 503 });
    const events = record(open({ transport: "sse", maxRetries: 2 }), ["a"]);
    await vi.waitFor(() => expect(events.status().status).toBe("error"), within);
    expect(events.status().problem).toMatchObject({ status: 503 });
  });

  test("a closed connection stays closed", async () => {
    const connection = open();
    const events = record(connection, ["a"]);
    await connected(events);
    connection.close();
    await vi.waitFor(() => expect(server.listeners.size).toBe(0), within);
    expect(events.status().status).toBe("disconnected");
    expect(() => record(connection, ["a"])).toThrow("closed");
  });

  test("what is no place in a channel is refused at once", () => {
    expect(() => record(open(), ["a"], { since: "yesterday" })).toThrow(TypeError);
  });
});
