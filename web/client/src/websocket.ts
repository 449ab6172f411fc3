import { frames, type Ears, type Wire } from "./wire.js";

/** Opens a WebSocket; what is sent before it is open waits for that. */
export function openWebSocket(url: string, ears: Ears): Wire {
  const socket = new WebSocket(url.replace(/^http/, "ws"));
  const early: string[] = [];
  let live = true;
  socket.onopen = () => {
    for (const text of early.splice(0)) socket.send(text);
  };
  socket.onmessage = ({ data }) => {
    if (live && typeof data === "string") frames(data, ears);
  };
  socket.onerror = () => {}; // `onclose` follows; the "ws" package throws where nobody listens
  socket.onclose = ({ code }) => {
    if (live) ears.ended({ code: code >= 4000 ? code : 0 });
    live = false;
  };
  return {
    send(frame) {
      const text = JSON.stringify(frame);
      if (socket.readyState === 0) early.push(text);
      else if (socket.readyState === 1) socket.send(text);
    },
    close() {
      live = false;
      socket.close();
    },
  };
}
