import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { compare, connect, type Connection, type Gap, type Subscription } from "../src/index.js";
import { ScriptedServer } from "./scripted-server.js";

/**
 * Random lives: subscriptions that come and go, on channels that are written, trimmed and cut. Each
 * channel counts up, so a hole, a repeat or a wrong order shows in the numbers themselves.
 */
type Counted = { "test.number": number };

const STEPS = 60;
const CHANNELS = ["a", "b", "c"];
const patience = { timeout: 25_000, interval: 5 };

beforeAll(() => void vi.stubGlobal("WebSocket", WebSocket));
afterAll(() => void vi.unstubAllGlobals());

/** A small generator, so that a failing seed can be run again. */
function random(seed: number): (below: number) => number {
  let state = seed * 2654435761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) | 0;
    return ((state >>> 8) % 65536) % below;
  };
}

interface Heard {
  /** Numbers, and gaps in between, in the order in which they came. */
  tape: (number | Gap)[];
}

class Follower {
  readonly by = new Map<string, Heard>();
  readonly subscription: Subscription;

  constructor(
    connection: Connection<Counted>,
    readonly channels: string[],
    readonly since: 0 | undefined,
  ) {
    for (const channel of channels) this.by.set(channel, { tape: [] });
    this.subscription = connection.subscribe(channels, {
      since,
      onEvent: ({ channel, data }) => void this.by.get(channel)!.tape.push(data),
      onGap: (gap) => void this.by.get(gap.channel)!.tape.push(gap),
    });
  }

  last(channel: string): number | undefined {
    return this.by.get(channel)!.tape.filter((item) => typeof item === "number").at(-1);
  }

  /** No hole without a gap, no repeat, nothing out of order. */
  check(trimmed: Set<string>): void {
    for (const [channel, { tape }] of this.by) {
      // "All that is kept" may begin later where something was trimmed before it came.
      let expected = this.since === 0 && !trimmed.has(channel) ? 1 : undefined;
      for (const item of tape) {
        if (typeof item !== "number") {
          expect(compare(item.after, item.until), "a gap is not empty").toBeLessThan(0);
          expected = undefined;
        } else {
          if (expected !== undefined) expect(item, `${channel}: ${JSON.stringify(tape)}`).toBe(expected);
          expected = item + 1;
        }
      }
      const numbers = tape.filter((item) => typeof item === "number");
      expect(numbers, channel).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    }
  }
}

describe.each(["websocket", "sse"] as const)("over %s", (transport) => {
  test.concurrent.for(Array.from({ length: 12 }, (_, seed) => seed + 1))("life %i", async (seed, { onTestFinished }) => {
    const server = await new ScriptedServer().start();
    const connection = connect<Counted>({ url: server.url, transport });
    onTestFinished(() => (connection.close(), server.stop()));
    const draw = random(seed);
    const some = () => CHANNELS.filter(() => draw(2)).concat(CHANNELS[draw(3)]!);
    const written = new Map(CHANNELS.map((channel) => [channel, 0]));
    const trimmed = new Set<string>();
    const followers: Follower[] = [];
    const gone: Follower[] = [];
    const write = (channel: string) => {
      const n = written.get(channel)! + 1;
      written.set(channel, n);
      server.emit(channel, "test.number", n);
    };

    for (let step = 0; step < STEPS; step++) {
      switch (draw(10)) {
        case 0:
        case 1: {
          const channels = [...new Set(some())];
          const since = draw(2) ? 0 : undefined;
          followers.push(new Follower(connection, channels, since));
          break;
        }
        case 2:
          if (followers.length > 1) {
            const [one] = followers.splice(draw(followers.length), 1);
            one!.subscription.close();
            gone.push(one!);
          }
          break;
        case 3:
          server.cutAll();
          break;
        case 4:
          server.cutAfter = 1 + draw(4);
          break;
        case 5: {
          const channel = CHANNELS[draw(3)]!;
          if (draw(3) === 0 && written.get(channel)!) {
            server.trim(channel, draw(3));
            trimmed.add(channel);
          }
          break;
        }
        case 6:
          server.copies = 1 + draw(2);
          break;
        default:
          for (let n = draw(6); n >= 0; n--) write(CHANNELS[draw(3)]!);
      }
      for (let n = draw(4); n > 0; n--) await new Promise((later) => setTimeout(later, draw(4)));
    }
    server.cutAfter = Infinity;
    const connected = (follower: Follower) => follower.subscription.status().status === "connected";
    await vi.waitFor(() => expect(followers.every(connected)).toBe(true), patience);
    for (const channel of CHANNELS) write(channel);
    await vi.waitFor(() => {
      for (const follower of followers) {
        for (const channel of follower.channels) {
          expect(follower.last(channel)).toBe(written.get(channel));
        }
      }
    }, patience);
    for (const follower of [...followers, ...gone]) follower.check(trimmed);
  });
});
