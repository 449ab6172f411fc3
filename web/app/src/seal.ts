/**
 * End-to-end encryption of a room, format e1 of docs/ROOMS.md: AES-256-GCM, the key in the link's
 * fragment, bound to the room, the author and a counter. The server sees none of it.
 */
const BLOCK = 64;
const END = 1;

/** A sealed text, taken apart. */
interface Sealed {
  counter: number;
  iv: Uint8Array<ArrayBuffer>;
  box: Uint8Array<ArrayBuffer>;
}

/** Browsers encrypt only on https and on this machine. */
export const canSeal = globalThis.crypto?.subtle !== undefined;

/** A new key, as it stands behind `#k=`. */
export function newKey(): string {
  return toText(crypto.getRandomValues(new Uint8Array(32)));
}

export async function readKey(text: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", fromText(text), "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** @param iv never the same twice with one key; drawn unless a test gives it */
export async function seal(
  key: CryptoKey,
  { roomId, member, counter }: { roomId: string; member: string; counter: number },
  text: string,
  iv = crypto.getRandomValues(new Uint8Array(12)),
): Promise<string> {
  const bytes = new TextEncoder().encode(text.normalize("NFC"));
  const padded = new Uint8Array(Math.ceil((bytes.length + 1) / BLOCK) * BLOCK);
  padded.set(bytes);
  padded[bytes.length] = END;
  const box = await crypto.subtle.encrypt(options(iv, roomId, member, counter), key, padded);
  return `e1.${counter}.${toText(iv)}.${toText(new Uint8Array(box))}`;
}

/** The text and its counter; undefined when it is not of this key, room, author and form. */
export async function unseal(
  key: CryptoKey,
  { roomId, member }: { roomId: string; member: string },
  text: string,
): Promise<{ counter: number; text: string } | undefined> {
  const sealed = takeApart(text);
  if (!sealed) return undefined;
  try {
    const how = options(sealed.iv, roomId, member, sealed.counter);
    const bytes = new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.box));
    const end = bytes.findLastIndex((byte) => byte !== 0);
    if (bytes[end] !== END) return undefined;
    const plain = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end));
    return { counter: sealed.counter, text: plain };
  } catch {
    return undefined;
  }
}

/** The counter that a text claims, before anything is proven. */
export function counterOf(text: string): number {
  return takeApart(text)?.counter ?? 0;
}

function takeApart(text: string): Sealed | undefined {
  const [, counter, iv, box] = /^e1\.([1-9]\d{0,14})\.([\w-]{16})\.([\w-]+)$/.exec(text) ?? [];
  if (!counter || !iv || !box) return undefined;
  return { counter: Number(counter), iv: fromText(iv), box: fromText(box) };
}

function options(iv: Uint8Array<ArrayBuffer>, roomId: string, member: string, counter: number) {
  const additionalData = new TextEncoder().encode(`stepcast-room-v1|${roomId}|${member}|${counter}`);
  return { name: "AES-GCM", iv, additionalData };
}

function toText(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromText(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
