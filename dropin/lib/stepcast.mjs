// Where the Stepcast under test is; the build starts one and says so in the environment.
const { STEPCAST_URL = "http://127.0.0.1:8080", REDIS_REST_TOKEN = "local", QSTASH_TOKEN } =
  process.env;

export const stepcastUrl = STEPCAST_URL;

export const redisOptions = {
  url: `${STEPCAST_URL}/redis`,
  token: REDIS_REST_TOKEN,
  enableTelemetry: false,
};

export const qstashOptions = { baseUrl: STEPCAST_URL, token: QSTASH_TOKEN };

/** Resolves with what `ask` answers once that is truthy; asks again every few ms, for `ms`. */
export async function until(ask, ms = 20_000) {
  for (const end = Date.now() + ms; ;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`still not so after ${ms} ms: ${ask}`);
    await new Promise((later) => setTimeout(later, 20));
  }
}
