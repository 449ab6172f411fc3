import { overEither } from "./over-either.js";

overEither("websocket");
