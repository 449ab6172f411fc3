// @vitest-environment happy-dom
import { act, render, renderHook, screen, waitFor } from "@testing-library/react";
import { StrictMode, useState } from "react";
import { describe, expect, test, vi } from "vitest";
import { createRealtime, RealtimeProvider, type UseRealtimeOptions } from "../src/react/index.js";
import { patience, server, Surroundings, withServer } from "./react-harness.js";
import WorkflowPage from "@/app/page";

type Numbers = { "test.number": number };
const { useRealtime } = createRealtime<Numbers>();

withServer();

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
