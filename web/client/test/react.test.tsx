// @vitest-environment happy-dom
import { act, cleanup, render, renderHook, screen, waitFor } from "@testing-library/react";
import { StrictMode, useState, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import {
  createRealtime,
  RealtimeProvider,
  useRoom,
  useWorkflowRun,
  type UseRealtimeOptions,
} from "../src/react/index.js";
import { ScriptedServer } from "./scripted-server.js";
import WorkflowPage from "@/app/page";

type Numbers = { "test.number": number };
const { useRealtime } = createRealtime<Numbers>();
const patience = { timeout: 25_000, interval: 5 };

let server: ScriptedServer;

beforeEach(async () => {
  vi.stubGlobal("WebSocket", WebSocket);
  server = await new ScriptedServer().start();
});

afterEach(() => {
  cleanup();
  server.stop();
  vi.unstubAllGlobals();
});

function Surroundings({ children }: { children: ReactNode }) {
  return (
    <StrictMode>
      <RealtimeProvider api={{ url: server.url }} transport="websocket">
        {children}
      </RealtimeProvider>
    </StrictMode>
  );
}

/** Renders what it hears; each number once would be "1 2 3". */
function Listener({ name, ...options }: { name: string } & UseRealtimeOptions<Numbers, "test.number">) {
  const [heard, setHeard] = useState<number[]>([]);
  const { status } = useRealtime({
    ...options,
    onData: ({ data }) => setHeard((before) => [...before, data]),
  });
  return <output aria-label={name}>{`${status}: ${heard.join(" ")}`}</output>;
}

const shows = (name: string, text: string) =>
  waitFor(() => expect(screen.getByLabelText(name).textContent).toBe(text), patience);
const emit = (...numbers: number[]) =>
  act(async () => numbers.forEach((n) => void server.emit("a", "test.number", n)));

describe("useRealtime", () => {
  test("strict mode hands over each event once, over one connection", async () => {
    render(<Listener name="it" channels={["a"]} history />, { wrapper: Surroundings });
    await shows("it", "connected: ");
    await emit(1, 2, 3);
    await shows("it", "connected: 1 2 3");
    expect(server.requests).toHaveLength(1);
  });

  test("switched off and on again, it misses and repeats nothing", async () => {
    const { rerender } = render(<Listener name="it" channels={["a"]} history />, { wrapper: Surroundings });
    await shows("it", "connected: ");
    await emit(1, 2);
    await shows("it", "connected: 1 2");
    rerender(<Listener name="it" channels={["a"]} history enabled={false} />);
    await shows("it", "disconnected: 1 2");
    await emit(3);
    rerender(<Listener name="it" channels={["a"]} history />);
    await emit(4);
    await shows("it", "connected: 1 2 3 4");
  });

  test("two on one channel: the one that stays hears nothing twice when the other goes", async () => {
    const Pair = ({ both }: { both: boolean }) => (
      <>
        <Listener name="stays" channels={["a"]} />
        {both && <Listener name="goes" channels={["a"]} />}
      </>
    );
    const { rerender } = render(<Pair both />, { wrapper: Surroundings });
    await shows("stays", "connected: ");
    await shows("goes", "connected: ");
    await emit(1, 2);
    await shows("goes", "connected: 1 2");
    rerender(<Pair both={false} />);
    act(() => server.cutAll());
    await emit(3);
    await shows("stays", "connected: 1 2 3");
    rerender(<Pair both />);
    await emit(4);
    await shows("stays", "connected: 1 2 3 4");
    await shows("goes", "connected: 4");
  });

  test("mounted anew with history, it shows the history once", async () => {
    const Toggle = ({ on }: { on: boolean }) => (
      <>
        <Listener name="other" channels={["b"]} />
        {on && <Listener name="it" channels={["a"]} history />}
      </>
    );
    const { rerender } = render(<Toggle on />, { wrapper: Surroundings });
    await shows("it", "connected: ");
    await emit(1, 2);
    await shows("it", "connected: 1 2");
    rerender(<Toggle on={false} />);
    rerender(<Toggle on />);
    await emit(3);
    await shows("it", "connected: 1 2 3");
  });

  test("mounted anew without, it goes on where the connection was", async () => {
    const Toggle = ({ on }: { on: boolean }) => (on ? <Listener name="it" channels={["a"]} /> : <i />);
    const { rerender } = render(<Toggle on />, { wrapper: Surroundings });
    await shows("it", "connected: ");
    await emit(1);
    await shows("it", "connected: 1");
    rerender(<Toggle on={false} />);
    rerender(<Toggle on />);
    await emit(2);
    await shows("it", "connected: 2");
  });

  test("empty channels are left out; none at all is no connection", async () => {
    render(<Listener name="it" channels={[undefined, null, false]} />, { wrapper: Surroundings });
    await act(() => new Promise((done) => setTimeout(done, 50)));
    expect(server.requests).toHaveLength(0);
  });

  test("a stored cursor is where it begins", async () => {
    await emit(1, 2, 3);
    const second = server.entries("a")[1]!.id;
    render(<Listener name="it" channels={["a"]} cursor={{ a: second }} />, { wrapper: Surroundings });
    await shows("it", "connected: 3");
  });

  test("what mounted last is what is called", async () => {
    const Sum = () => {
      const [factor, setFactor] = useState(1);
      const [sum, setSum] = useState(0);
      useRealtime({ channels: ["a"], onData: ({ data }) => setSum((old) => old + data * factor) });
      return <button onClick={() => setFactor(10)}>{sum}</button>;
    };
    render(<Sum />, { wrapper: Surroundings });
    await waitFor(() => expect(server.listeners.size).toBe(1), patience);
    await waitFor(() => expect(server.requests).toHaveLength(1), patience);
    await emit(1);
    await waitFor(() => expect(screen.getByRole("button").textContent).toBe("1"), patience);
    act(() => screen.getByRole("button").click());
    await emit(2);
    await waitFor(() => expect(screen.getByRole("button").textContent).toBe("21"), patience);
  });

  test("without a provider it says so", () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    expect(() => renderHook(() => useRealtime({ channels: ["a"] }))).toThrow("RealtimeProvider");
    vi.restoreAllMocks();
  });

  test("when the provider goes, so does the connection", async () => {
    const { unmount } = render(<Listener name="it" channels={["a"]} />, { wrapper: Surroundings });
    await shows("it", "connected: ");
    unmount();
    await waitFor(() => expect(server.listeners.size).toBe(0), patience);
  });
});

test("the seed's hook and page, with only the import changed", async () => {
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ workflowRunId: "wfr_1" })));
  const original = globalThis.location.href;
  vi.stubGlobal("location", new URL(server.url));
  server.emit("wfr_1", "workflow.stepFinish", { stepName: "too-early" });
  render(<WorkflowPage />, { wrapper: ({ children }) => <StrictMode><RealtimeProvider>{children}</RealtimeProvider></StrictMode> });
  act(() => screen.getByText("Click to Trigger Workflow").click());
  await waitFor(() => expect(server.requests).toHaveLength(1), patience);
  await act(async () => {
    server.emit("wfr_1", "workflow.stepFinish", { stepName: "validate-data", result: { valid: true } });
    server.emit("wfr_1", "workflow.runFinish", {});
  });
  await waitFor(() => expect(screen.getByText("✅ Workflow Finished!")).toBeTruthy(), patience);
  expect(screen.getAllByText("validate-data")).toHaveLength(1);
  expect(screen.getByText(': {"valid":true}')).toBeTruthy();
  expect(original).toBeTruthy();
});

describe("useWorkflowRun", () => {
  test("follows a run from its beginning through to its end", async () => {
    const tell = (what: string, data: object) => server.emit("wfr_1", `workflow.${what}`, data);
    tell("runStart", { workflow: "demo", version: "1", at: 100 });
    tell("stepFinish", { stepName: "fast", index: 0, attempt: 1, tookMs: 5, result: { a: 1 }, at: 110 });
    const { result } = renderHook(() => useWorkflowRun("wfr_1"), { wrapper: Surroundings });
    await waitFor(() => expect(result.current.steps).toHaveLength(1), patience);
    expect(result.current).toMatchObject({ state: "RUNNING", workflow: "demo", startedAt: 100, progress: 0.5 });
    expect(result.current.steps[0]).toMatchObject({
      name: "fast", kind: "run", state: "SUCCEEDED", startedAt: 105, endedAt: 110, result: { a: 1 },
    });
    await act(async () => {
      tell("stepFail", { stepName: "flaky", index: 1, attempt: 1, error: { type: "E", message: "no" }, retryAt: 200, at: 120 });
    });
    await waitFor(() => expect(result.current.state).toBe("BACKING_OFF"), patience);
    await act(async () => {
      tell("stepStart", { stepName: "flaky", index: 1, attempt: 2, at: 200 });
      tell("stepFinish", { stepName: "flaky", index: 1, attempt: 2, tookMs: 10, at: 210 });
      tell("runSleep", { stepName: "nap", index: 2, until: 500, at: 211 });
    });
    await waitFor(() => expect(result.current.state).toBe("SLEEPING"), patience);
    expect(result.current.steps[1]!.attempts).toMatchObject([
      { attempt: 1, error: { message: "no" }, retryAt: 200 },
      { attempt: 2, startedAt: 200, endedAt: 210 },
    ]);
    await act(async () => void tell("runFinish", { result: "done", at: 510 }));
    await waitFor(() => expect(result.current.state).toBe("SUCCEEDED"), patience);
    expect(result.current).toMatchObject({ progress: 1, result: "done", endedAt: 510 });
    expect(result.current.steps[2]).toMatchObject({ kind: "sleep", state: "SUCCEEDED", endedAt: 500 });
  });

  test("another run, and back again: both whole", async () => {
    for (const run of ["wfr_1", "wfr_2"]) {
      server.emit(run, "workflow.stepFinish", { stepName: run, index: 0, attempt: 1, tookMs: 1, at: 2 });
    }
    const { result, rerender } = renderHook(({ id }) => useWorkflowRun(id), {
      wrapper: Surroundings,
      initialProps: { id: "wfr_1" },
    });
    await waitFor(() => expect(result.current.steps[0]?.name).toBe("wfr_1"), patience);
    rerender({ id: "wfr_2" });
    expect(result.current.steps).toEqual([]);
    await waitFor(() => expect(result.current.steps[0]?.name).toBe("wfr_2"), patience);
    rerender({ id: "wfr_1" });
    expect(result.current.steps).toHaveLength(1);
  });
});

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
