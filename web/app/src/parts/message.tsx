import { useState, type FormEvent, type KeyboardEvent } from "react";
import type { Problem } from "@stepcast/client";
import type { RoomMessage } from "@stepcast/client/react";
import { problemOf } from "../hooks";
import type { SealedRoom } from "../sealed-room";
import { api } from "../session";
import { clockMinute } from "../words";

/** What somebody said; one's own can be changed and taken back. */
export function Message(props: { message: RoomMessage; first: boolean; last: boolean; seen: boolean; room: SealedRoom; roomId: string }) {
  const { message, first, last, seen, room, roomId } = props;
  const { id, sender, text, timestamp, state, mine, clientId, editedAt } = message;
  const [editing, setEditing] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const complain = (fault: unknown) => setProblem(problemOf(fault));
  return (
    <div className={`message arrives ${mine ? "mine" : ""} ${state}`}>
      {first && <span className="by">{mine ? "You" : sender}</span>}
      {editing && id ? (
        <Edit text={text} onDone={() => setEditing(false)} onSave={(said) => void room.edit(id, said).catch(complain)} />
      ) : (
        <span className="text">{text}</span>
      )}
      {state === "failed" && (
        <span className="by">
          Not sent.{" "}
          <button type="button" className="button slim quiet" onClick={() => void room.send(text, clientId)}>
            Send again
          </button>
        </span>
      )}
      {state !== "failed" && (last || seen || editedAt || state === "sending") && (
        <span className="by">
          {clockMinute(timestamp)}{state === "sending" && " · sending"}{editedAt && " · edited"}{seen && " · seen"}
        </span>
      )}
      {problem && <span className="by" role="alert">{problem.title}</span>}
      {mine && id && !editing && (
        <span className="acts">
          <button type="button" className="button slim quiet" onClick={() => setEditing(true)} aria-label={`Edit: ${text}`}>Edit</button>
          <button type="button" className="button slim quiet" onClick={() => void api.takeBack(roomId, id).catch(complain)} aria-label={`Delete: ${text}`}>Delete</button>
        </span>
      )}
    </div>
  );
}

function Edit(props: { text: string; onSave: (text: string) => void; onDone: () => void }) {
  const [text, setText] = useState(props.text);
  const said = text.trim();
  function save(event?: FormEvent) {
    event?.preventDefault();
    if (!said) return;
    if (said !== props.text) props.onSave(said);
    props.onDone();
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") props.onDone();
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    save();
  };
  return (
    <form className="edit" onSubmit={save}>
      <textarea
        className="input"
        aria-label="Change the message"
        rows={2}
        maxLength={4000}
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span className="row">
        <button className="button slim main" disabled={!said}>Save</button>
        <button type="button" className="button slim" onClick={props.onDone}>Cancel</button>
      </span>
    </form>
  );
}
