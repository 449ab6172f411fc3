// Shows /asyncapi.json: each channel, what may come on it, and the fields of each event from its schema.
const SCHEMAS = "https://stepcast.dev/schemas/";
const main = document.getElementById("docs");

/** An element with attributes and children; texts are never markup. */
function el(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

async function load(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

/** Inside one document: "#/components/messages/note". */
const follow = (api, { $ref }) => $ref.slice(2).split("/").reduce((at, key) => at[key], api);

/** A schema, or what it refers to, with the place that its own references start from. */
async function schemaAt(schema, base) {
  if (!schema.$ref) return { schema, base };
  const path = new URL(schema.$ref, base).href.replace(SCHEMAS, `${location.origin}/schemas/`);
  const found = await load(path);
  return { schema: found, base: found.$id ?? path };
}

function typeOf({ type, enum: values, const: only, items, $ref }) {
  if (only !== undefined) return JSON.stringify(only);
  if (values) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (type === "array") return `${items ? typeOf(items) : "anything"}[]`;
  return $ref ? $ref.replace(/.*\/|\.json$/g, "") : [type ?? "anything"].flat().join(" | ");
}

async function fields(schema, base, prefix = "") {
  const rows = [];
  for (const [name, raw] of Object.entries(schema.properties ?? {})) {
    const at = await schemaAt(raw, base);
    const must = schema.required?.includes(name);
    const description = raw.description ?? at.schema.description ?? "";
    rows.push(
      el(
        "tr",
        {},
        el("th", { scope: "row" }, el("code", {}, prefix + name), must ? "" : el("span", { class: "soft" }, " optional")),
        el("td", {}, el("code", {}, typeOf(at.schema))),
        el("td", {}, description),
      ),
    );
    if (at.schema.properties) rows.push(...(await fields(at.schema, at.base, `${prefix}${name}.`)));
    const of = at.schema.items && (await schemaAt(at.schema.items, at.base));
    if (of?.schema.properties) rows.push(...(await fields(of.schema, of.base, `${prefix}${name}[].`)));
  }
  return rows;
}

async function event({ name, payload }) {
  const { schema, base } = await schemaAt(payload.schema, `${location.origin}/`);
  const rows = await fields(schema, base);
  const head = ["Field of data", "Type", "What it is"].map((text) => el("th", { scope: "col" }, text));
  const table = el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows));
  const scroll = { class: "scroll", tabindex: "0", role: "group", "aria-label": `Fields of ${name}` };
  return el(
    "details",
    { "data-event": name },
    el("summary", {}, el("code", {}, name), " ", el("span", { class: "soft" }, schema.description ?? "")),
    rows.length ? el("div", scroll, table) : el("p", { class: "soft" }, "No fields."),
  );
}

async function channel(api, [key, { address, description, messages }]) {
  const events = Object.values(messages).map((message) => event(follow(api, message)));
  return el(
    "section",
    { "aria-labelledby": `channel-${key}`, "data-channel": key },
    el("h2", { id: `channel-${key}` }, el("code", {}, address)),
    el("p", { class: "soft" }, description ?? ""),
    ...(await Promise.all(events)),
  );
}

try {
  const api = await load("/asyncapi.json");
  const sections = await Promise.all(Object.entries(api.channels).map((one) => channel(api, one)));
  const intro = el("p", {}, api.info.description);
  main.replaceChildren(el("h1", {}, "Channels and their events"), intro, ...sections);
} catch (fault) {
  main.replaceChildren(el("h1", {}, "Channels and their events"), el("p", { role: "alert" }, `They cannot be shown: ${fault.message}`));
}
