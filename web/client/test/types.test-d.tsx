// Compiled, never run: what must not compile is marked, and a mark too many is an error too.
import { z } from "zod";
import { connect, type EventName, type WorkflowStepFinish } from "../src/index.js";
import { createApi } from "../src/http/index.js";
import { createRealtime } from "../src/react/index.js";

const connection = connect();

connection.subscribe(["wfr_1"], {
  events: ["workflow.stepFinish", "workflow.runFail"],
  onEvent(message) {
    if (message.event === "workflow.stepFinish") {
      const name: string = message.data.stepName;
      const whole: WorkflowStepFinish = message.data;
      void [name, whole];
      // @ts-expect-error there is no such field
      void message.data.stepname;
      // @ts-expect-error tookMs is a number
      message.data.tookMs satisfies string;
    } else {
      void message.data.error.message;
      // @ts-expect-error that is in the other event
      void message.data.stepName;
    }
    // @ts-expect-error not among the events that were asked for
    if (message.event === "workflow.runFinish") return;
  },
});

connection.subscribe(["wfr_1"], {
  // @ts-expect-error there is no such event
  events: ["workflow.stepFinished"],
});

void connection.publish("room", "workflow.runSleep", { stepName: "s", index: 1, until: 2, at: 1 });
// @ts-expect-error a field is missing
void connection.publish("room", "workflow.runSleep", { stepName: "s", index: 1, until: 2 });

const api = createApi();
void api.emit({ channel: "c", event: "note", data: { text: "hello" } });
// @ts-expect-error the text is a string
void api.emit({ channel: "c", event: "note", data: { text: 1 } });
// @ts-expect-error there is no such event
void api.emit({ channel: "c", event: "nota", data: { text: "hello" } });
// @ts-expect-error no workflow is named
void api.trigger({ payload: {} });

// A user's own flat map, as stepcast-types makes it.
interface Own {
  "order.paid": { cents: number };
  plain: string;
}
const own = createRealtime<Own>();
"order.paid" satisfies EventName<Own>;

// The zod schemas of @upstash/realtime, nested.
const schema = { user: { named: z.object({ name: z.string() }), deep: { er: z.number() } }, top: z.string() };
const zod = createRealtime<typeof schema>();

export function Listens() {
  own.useRealtime({
    channels: ["a", undefined, null],
    events: ["order.paid"],
    onData({ id, event, data, channel }) {
      void [id, event satisfies "order.paid", data.cents + 1, channel];
      // @ts-expect-error there is no such field
      void data.euros;
    },
  });
  own.useRealtime({
    onData(message) {
      if (message.event === "plain") message.data satisfies string;
      else message.data satisfies { cents: number };
    },
  });
  // @ts-expect-error there is no such event
  own.useRealtime({ events: ["order.payed"] });
  zod.useRealtime({
    events: ["user.named", "user.deep.er", "top"],
    onData(message) {
      if (message.event === "user.named") message.data.name satisfies string;
      if (message.event === "user.deep.er") message.data satisfies number;
      if (message.event === "top") message.data satisfies string;
    },
  });
  // @ts-expect-error that is a group of events, no event
  zod.useRealtime({ events: ["user"] });
  return null;
}
