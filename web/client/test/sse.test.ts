import { overEither } from "./over-either.js";

overEither("sse");
