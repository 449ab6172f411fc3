// A wire between the browser and Stepcast that can be cut, and that then refuses for a while.
import { connect, createServer } from "node:net";

/** @param {string} base where Stepcast is */
export async function wire(base) {
  const target = new URL(base);
  const open = new Set();
  let refusing = false;
  const server = createServer((near) => {
    if (refusing) return near.destroy();
    const far = connect(Number(target.port || 80), target.hostname);
    for (const [one, other] of [[near, far], [far, near]]) {
      open.add(one);
      one.pipe(other);
      one.on("error", () => {});
      one.on("close", () => (open.delete(one), other.destroy()));
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cut,
    /** Cuts everything and takes nothing new, as a server that restarts. */
    down() {
      refusing = true;
      cut();
    },
    up() {
      refusing = false;
    },
    close() {
      cut();
      server.close();
    },
  };
}
