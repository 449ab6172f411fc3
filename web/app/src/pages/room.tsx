import { useEffect, useLayoutEffect, useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from "react";
import { Link } from "wouter";
import type { RoomMessage } from "@stepcast/client/react";
import { useNow } from "../hooks";
import { Complaint, Confirm, Empty, LiveChip, Skeleton } from "../parts/basics";
import { Bubble, Flame, Hourglass } from "../parts/icons";
import { Message } from "../parts/message";
import { Share } from "../parts/share";
import { useRoomLife, type RoomLife } from "../room-life";
import { useSealedRoom, type SealedRoom } from "../sealed-room";
import { countdown } from "../words";

const LAST_MINUTE_MS = 60_000;

export function RoomPage({ id }: { id: string }) {
  const room = useSealedRoom(id);
  return (
    <>
      <title>Room · Stepcast</title>
      {screenOf(id, room)}
    </>
  );
}

function screenOf(id: string, room: SealedRoom): ReactNode {
  switch (room.phase) {
    case "loading":
      return <div className="narrow"><Skeleton rows={5} /></div>;
    case "open":
      return <Door room={room} />;
    case "joined":
      return <Inside id={id} room={room} />;
    case "full":
      return <End icon={<Bubble />} title="This room is full">Every seat is taken. Ask whoever sent you the link to open a larger one.</End>;
    case "unknown":
      return <End icon={<Bubble />} title="There is no such room">The link may be cut short, or the room ended and was forgotten.</End>;
    case "expired":
      return <End icon={<Hourglass />} title="This room’s time is up">It ended as agreed, and its messages with it.</End>;
    case "destroyed":
      return <End icon={<Flame />} title="This room was destroyed">Its messages are gone for everybody.</End>;
    case "left":
      return <End icon={<Bubble />} title="You are no longer in this room">You left, or the owner removed you. Your seat is free again.</End>;
    case "error":
      return <div className="narrow">{room.problem && <Complaint problem={room.problem} retry={() => location.reload()} />}</div>;
  }
}

function End({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div className="narrow">
      <Empty icon={icon} title={title} page>
        <p>{children}</p>
        <Link href="/rooms" className="button main">Open a new room</Link>
      </Empty>
    </div>
  );
}

function Remaining({ room }: { room: SealedRoom }) {
  useNow(true, 500);
  const left = (room.expiresAt ?? 0) - room.now();
  return (
    <span className={left < LAST_MINUTE_MS ? "chip bad" : "chip"}>
      <span className="visually-hidden">Time left</span>
      <span className="countdown" role="timer">{countdown(left)}</span>
    </span>
  );
}

/** Joining is a step of one's own: programs that fetch links for previews must not take a seat. */
function Door({ room }: { room: SealedRoom }) {
  const [busy, setBusy] = useState(false);
  async function join(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setBusy(true);
    const form = new FormData(event.currentTarget);
    const said = (name: string) => String(form.get(name) ?? "").trim() || undefined;
    await room.join(said("alias"), said("passcode"));
    setBusy(false);
  }
  return (
    <div className="narrow stack">
      <div>
        <h1>{room.name ?? "You are invited to a private room"}</h1>
        <p className="lede row">
          <span>{room.taken} of {room.seats} seats taken</span>
          <Remaining room={room} />
          {room.locked && <span className="chip wait">Locked</span>}
          {room.encrypted && <span className="chip good">End-to-end encrypted</span>}
        </p>
      </div>
      <form className="card stack" onSubmit={join}>
        <div className="field">
          <label htmlFor="alias">What to call you</label>
          <input id="alias" name="alias" className="input" maxLength={40} autoComplete="off" placeholder="Left empty, one is drawn" />
        </div>
        {room.passcode && (
          <div className="field">
            <label htmlFor="passcode">Passcode</label>
            <input id="passcode" name="passcode" className="input" type="password" maxLength={100} autoComplete="off" required />
          </div>
        )}
        {room.obstacle && (
          <div className="notice bad" role="alert">
            <p>
              {room.obstacle === "no-key"
                ? "This room is encrypted, and the link you followed lacks its key. Ask for the whole link, up to its end."
                : "This room is encrypted, which browsers do only over https."}
            </p>
          </div>
        )}
        {room.problem && <Complaint problem={room.problem} />}
        <button className="button main wide" disabled={busy || room.obstacle !== undefined}>Join</button>
      </form>
    </div>
  );
}

function Inside({ id, room }: { id: string; room: SealedRoom }) {
  const [asking, setAsking] = useState(false);
  const life = useRoomLife(id, room);
  return (
    <section className="card room" aria-label="Room">
      <header>
        <h1 className="ellipsis">{room.name ?? "Private room"}</h1>
        <Remaining room={room} />
        <People room={room} life={life} />
        {room.encrypted && <span className="chip good">Encrypted</span>}
        {room.status !== "connected" && <LiveChip status={room.status} problem={room.problem} />}
        <span className="push row">
          <Share path={`/rooms/${id}${room.fragment}`} />
          <button type="button" className="button slim" onClick={() => void room.leave()}>Leave</button>
          <button type="button" className="button slim danger" onClick={() => setAsking(true)}>
            <span>Destroy<span className="off-phone"> room</span></span>
          </button>
        </span>
      </header>
      <Messages id={id} room={room} life={life} />
      <Composer room={room} life={life} />
      <Confirm
        open={asking}
        title="Destroy this room?"
        yes="Destroy for everybody"
        onYes={() => (setAsking(false), void room.destroy())}
        onNo={() => setAsking(false)}
      >
        <p>Every message is deleted at once, here and on the other side. This cannot be taken back.</p>
      </Confirm>
    </section>
  );
}

/** Who has a seat, and what the owner may do about it. */
function People({ room, life }: { room: SealedRoom; life: RoomLife }) {
  return (
    <details className="people">
      <summary className="small soft">
        {room.taken} of {room.seats} seats{life.locked && ", locked"}
      </summary>
      <div className="card people-list">
        <ul className="stack" aria-label="Members">
          {life.members.map(({ member, alias, here, owner }) => (
            <li key={member} className="member">
              <span className={`dot ${here ? "on" : ""}`} aria-hidden="true" />
              <span className="ellipsis">{alias}{member === room.member && " (you)"}</span>
              <span className="small soft">{!here && "away"}{owner && " owner"}</span>
              {life.owner && member !== room.member && (
                <button type="button" className="button slim" onClick={() => life.kick(member)} aria-label={`Remove ${alias}`}>
                  Remove
                </button>
              )}
            </li>
          ))}
        </ul>
        {life.owner && (
          <button type="button" className="button slim wide" onClick={() => life.lock(!life.locked)}>
            {life.locked ? "Let others join again" : "Let nobody else join"}
          </button>
        )}
      </div>
    </details>
  );
}

function Messages({ id, room, life }: { id: string; room: SealedRoom; life: RoomLife }) {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const { messages } = room;
  const last = messages.at(-1);
  const seenUpTo = life.others.length ? Math.min(...life.others.map(({ read }) => read)) : 0;
  const seen = messages.findLast(({ mine, sequence = Infinity }) => mine && sequence <= seenUpTo);
  // Stays at the end if one is there; who reads further up is not moved.
  useLayoutEffect(() => {
    if (list.current && (atEnd.current || last?.mine)) list.current.scrollTop = list.current.scrollHeight;
  }, [messages.length, last?.mine, last?.clientId]);
  return (
    <div
      className="messages"
      ref={list}
      role="log"
      aria-label="Messages"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 40;
      }}
    >
      <p className="start">
        You are <strong>{room.alias}</strong>. Send the link to somebody to let them in; everything said here
        disappears with the room.
      </p>
      {messages.map((message, at) => (
        <Message
          key={message.clientId}
          message={message}
          first={!together(messages[at - 1], message)}
          last={!together(message, messages[at + 1])}
          seen={message === seen}
          room={room}
          roomId={id}
        />
      ))}
    </div>
  );
}

/** Said by one person within a minute: named once, timed once. */
function together(a: RoomMessage | undefined, b: RoomMessage | undefined): boolean {
  if (!a || !b) return false;
  return a.sender === b.sender && a.mine === b.mine && b.timestamp - a.timestamp < LAST_MINUTE_MS;
}

function Composer({ room, life }: { room: SealedRoom; life: RoomLife }) {
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  function send(event?: FormEvent) {
    event?.preventDefault();
    const said = text.trim();
    if (!said) return;
    setText("");
    field.current?.focus();
    void room.send(said);
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form className="composer" onSubmit={send}>
      <p className="typing small soft" role="status">
        {life.typing.length > 0 && `${life.typing.join(", ")} ${life.typing.length > 1 ? "are" : "is"} typing…`}
      </p>
      <div className="field">
        <label className="visually-hidden" htmlFor="message">Message</label>
        <textarea
          id="message"
          ref={field}
          className="input"
          rows={1}
          maxLength={4000}
          placeholder="Write a message"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            if (event.target.value) life.type();
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <button className="button main" disabled={!text.trim()}>Send</button>
    </form>
  );
}
