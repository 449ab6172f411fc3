// @vitest-environment happy-dom
import { act, renderHook, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { useRoom } from "../src/react/index.js";
import { patience, server, Surroundings, withServer } from "./react-harness.js";

withServer();

describe("useRoom", () => {
  const now = 1_700_000_000_000;
  const view = { roomId: "room_1", expiresAt: now + 60_000, now, seats: 2, taken: 0 };
  const message = (n: number, more: object = {}) => ({
    id: `msg_${n}`, member: "m", sender: "ann", text: `text ${n}`, roomId: "room_1", sequence: n, timestamp: now + n, ...more,
  });
  let answers: Record<string, () => Response | Promise<Response>>;
  const json = (status: number, body: object) => new Response(JSON.stringify(body), { status });

  beforeEach(() => {
    answers = {
      "GET /api/rooms/room_1": () => json(200, view),
      "POST /api/rooms/room_1/join": () => json(200, { member: "m", alias: "ann", expiresAt: view.expiresAt, now }),
      "DELETE /api/rooms/room_1": () => new Response(null, { status: 204 }),
    };
    vi.stubGlobal("fetch", async (path: string, init: RequestInit) => answers[`${init.method} ${path}`]!());
  });

  const enter = async () => {
    const { result } = renderHook(() => useRoom("room_1"), { wrapper: Surroundings });
    await waitFor(() => expect(result.current.phase).toBe("open"), patience);
    await act(() => result.current.join("ann"));
    await waitFor(() => expect(result.current.status).toBe("connected"), patience);
    return result;
  };

  test("only looks until one joins", async () => {
    const { result } = renderHook(() => useRoom("room_1"), { wrapper: Surroundings });
    await waitFor(() => expect(result.current.phase).toBe("open"), patience);
    expect(result.current).toMatchObject({ seats: 2, taken: 0, messages: [] });
    expect(server.requests).toHaveLength(0);
    expect(Math.abs(result.current.now() - now)).toBeLessThan(25_000);
  });

  test("a message is there at once, and once", async () => {
    const result = await enter();
    let answer!: (response: Response) => void;
    answers["POST /api/rooms/room_1/messages"] = () => new Promise((done) => (answer = done));
    let sent!: Promise<void>;
    act(() => void (sent = result.current.send("text 1", "c1")));
    expect(result.current.messages).toMatchObject([{ text: "text 1", state: "sending", mine: true }]);
    await act(async () => void server.emit("room_1", "chat.message", message(1, { clientId: "c1" })));
    await waitFor(() => expect(result.current.messages[0]!.state).toBe("sent"), patience);
    await act(async () => {
      answer(json(201, { id: "msg_1", sequence: 1, timestamp: now + 1 }));
      await sent;
    });
    expect(result.current.messages).toMatchObject([{ sequence: 1, state: "sent", mine: true }]);
  });

  test("messages stand in the room's order, those on their way below", async () => {
    const result = await enter();
    answers["POST /api/rooms/room_1/messages"] = () => new Promise(() => {});
    act(() => void result.current.send("mine", "c9"));
    await act(async () => {
      server.emit("room_1", "chat.message", message(1, { member: "n", sender: "bob" }));
      server.emit("room_1", "chat.message", message(2, { member: "n", sender: "bob" }));
    });
    await waitFor(() => expect(result.current.messages).toHaveLength(3), patience);
    expect(result.current.messages.map(({ text }) => text)).toEqual(["text 1", "text 2", "mine"]);
    expect(result.current.messages.map(({ mine }) => mine)).toEqual([false, false, true]);
  });

  test("a message that did not get through can be sent again as the same one", async () => {
    const result = await enter();
    answers["POST /api/rooms/room_1/messages"] = () => json(503, { kind: "unavailable", title: "No", status: 503 });
    await act(() => result.current.send("text 1", "c1"));
    expect(result.current).toMatchObject({ phase: "joined", messages: [{ state: "failed" }] });
    answers["POST /api/rooms/room_1/messages"] = () => json(201, { id: "msg_1", sequence: 1, timestamp: now });
    await act(() => result.current.send("text 1", "c1"));
    expect(result.current.messages).toMatchObject([{ state: "sent", sequence: 1 }]);
  });

  test("what its author took back is gone at once, and does not come back", async () => {
    const result = await enter();
    await act(async () => {
      server.emit("room_1", "chat.message", message(1, { member: "n", sender: "bob" }));
      server.emit("room_1", "chat.message", message(2, { member: "n", sender: "bob" }));
    });
    await waitFor(() => expect(result.current.messages).toHaveLength(2), patience);
    await act(async () => void server.emit("room_1", "chat.delete", { id: "msg_1", member: "n", timestamp: now + 3 }));
    await waitFor(() => expect(result.current.messages.map(({ text }) => text)).toEqual(["text 2"]), patience);
  });

  test("the other side's destroy ends it here", async () => {
    const result = await enter();
    await act(async () => void server.emit("room_1", "chat.destroy", { isDestroyed: true, reason: "destroyed" }));
    await waitFor(() => expect(result.current.phase).toBe("destroyed"), patience);
  });

  test("who is removed is out, who stays sees a free seat", async () => {
    const result = await enter();
    const leave = (member: string) => ({ member, alias: "x", reason: "kicked", seats: 1 });
    await act(async () => void server.emit("room_1", "chat.leave", leave("n")));
    await waitFor(() => expect(result.current.taken).toBe(1), patience);
    expect(result.current.phase).toBe("joined");
    await act(async () => void server.emit("room_1", "chat.leave", leave("m")));
    await waitFor(() => expect(result.current.phase).toBe("left"), patience);
  });

  test("who is refused the events finds out whether the seat is gone", async () => {
    server.allows = () => false;
    const { result } = renderHook(() => useRoom("room_1"), { wrapper: Surroundings });
    await waitFor(() => expect(result.current.phase).toBe("open"), patience);
    await act(() => result.current.join("ann"));
    await waitFor(() => expect(result.current.phase).toBe("left"), patience);
  });

  test("our own destroy ends it too", async () => {
    const result = await enter();
    await act(() => result.current.destroy());
    expect(result.current.phase).toBe("destroyed");
  });

  test("who has a seat already, as after a reload, is in without asking", async () => {
    answers["GET /api/rooms/room_1"] = () => json(200, { ...view, member: "m" });
    const { result } = renderHook(() => useRoom("room_1"), { wrapper: Surroundings });
    await waitFor(() => expect(result.current.phase).toBe("joined"), patience);
  });

  test.each([
    [404, "room-unknown", "unknown"],
    [410, "room-gone", "expired"],
  ])("looking at a room: %i %s", async (status, kind, phase) => {
    answers["GET /api/rooms/room_1"] = () => json(status, { kind, title: "No", status });
    const { result } = renderHook(() => useRoom("room_1"), { wrapper: Surroundings });
    await waitFor(() => expect(result.current.phase).toBe(phase), patience);
  });

  test("a full room says so when one wants to join", async () => {
    answers["POST /api/rooms/room_1/join"] = () => json(409, { kind: "room-full", title: "Full", status: 409 });
    const { result } = renderHook(() => useRoom("room_1"), { wrapper: Surroundings });
    await waitFor(() => expect(result.current.phase).toBe("open"), patience);
    await act(() => result.current.join());
    expect(result.current.phase).toBe("full");
  });

  test("a server that cannot be reached is an error that says so", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
    const { result } = renderHook(() => useRoom("room_1"), { wrapper: Surroundings });
    await waitFor(() => expect(result.current.phase).toBe("error"), patience);
    expect(result.current.problem?.kind).toBe("unreachable");
  });
});
