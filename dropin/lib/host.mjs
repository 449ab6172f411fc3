// Endpoints for as long as a program's tests run.
import { after } from "node:test";
import { app } from "./app.mjs";

const hosted = [];
after(() => hosted.forEach((one) => one.close()));

/** As `app`, closed when all tests are over. */
export async function host(routes) {
  const one = await app(routes);
  hosted.push(one);
  return one;
}
