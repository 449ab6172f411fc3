import { useEffect, useRef, useState } from "react";
import { encode } from "uqr";
import { CopyLink } from "./basics";
import { Qr } from "./icons";

const QUIET = 4;

/** The link to this room, to copy, or to be taken off the screen by somebody's camera. */
export function Share({ path }: { path: string }) {
  const [open, setOpen] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <>
      <CopyLink path={path} />
      <button type="button" className="button slim" onClick={() => setOpen(true)} aria-label="QR code" title="QR code">
        <Qr />
      </button>
      <dialog ref={dialog} className="share" onClose={() => setOpen(false)} aria-labelledby="share-title">
        <h2 id="share-title">Scan to join</h2>
        {open && <Code text={location.origin + path} />}
        <p className="small soft">Whoever has this link can take a free seat{path.includes("#") && " and read what is said"}.</p>
        <div className="row">
          <button type="button" className="button" onClick={() => setOpen(false)}>Close</button>
        </div>
      </dialog>
    </>
  );
}

/** Always dark on light, whatever the page's colours: cameras expect it. */
function Code({ text }: { text: string }) {
  const { data, size } = encode(text, { ecc: "M", border: QUIET });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label="QR code of the link to this room">
      <path d={path} fill="currentColor" shapeRendering="crispEdges" />
    </svg>
  );
}
