// The client's own types: the events and the HTTP messages, as the schemas folder has them now.
import { fileURLToPath } from "node:url";
import { generate, schemaFiles } from "../client/bin/generate.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const schemas = at("../../schemas");
const http = schemaFiles(schemas).filter((file) => /^(answers|requests|parts)[/\\]/.test(file));

await generate({ folder: `${schemas}/events`, name: "StepcastEvents", out: at("../client/src/generated/events.ts") });
await generate({ folder: schemas, files: http, name: "StepcastHttp", out: at("../client/src/generated/http.ts") });
