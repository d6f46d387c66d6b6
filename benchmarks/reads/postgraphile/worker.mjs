// PostGraphile's worker: the same lines of JSON in and out as `benchmarks/reads/worker.py`.
//
// A request is given to PostGraphile's server in this process, as a server for Node gives it, and its time ends when
// the answer's bytes are there: HTTP itself is nobody's cost. Nothing is read from the next line before a line is
// answered.

import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import pg from "pg";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { GrafservBase } from "postgraphile/grafserv";
import { preset } from "./preset.mjs";

const counted = { statements: 0, rows: 0 };

/** Count statements for as long as `ask` runs; the client is PostGraphile's own at all other times. */
async function counting(ask) {
  const { query } = pg.Client.prototype;
  Object.assign(counted, { statements: 0, rows: 0 });
  pg.Client.prototype.query = async function (...given) {
    const result = await query.apply(this, given);
    counted.statements += 1;
    counted.rows += result.rowCount ?? 0;
    return result;
  };
  try {
    await ask();
  } finally {
    pg.Client.prototype.query = query;
  }
  return [counted.statements, counted.rows];
}

/** What a server for Node makes of a request. */
function digest(request) {
  const body = Buffer.from(request.body, "utf8");
  return {
    method: "POST",
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    isSecure: false,
    path: request.path,
    headers: {
      host: "127.0.0.1:8000",
      accept: "application/json",
      "user-agent": "benchmark",
      "content-type": "application/json",
      "content-length": String(body.length),
      ...Object.fromEntries(request.headers),
    },
    getQueryParams: () => ({}),
    getBody: () => ({ type: "buffer", buffer: body }),
    requestContext: {},
  };
}

function versions(packages) {
  const found = {};
  for (const name of packages) {
    try {
      const file = new URL(`./node_modules/${name}/package.json`, import.meta.url);
      found[name] = name === "node" ? process.versions.node : JSON.parse(readFileSync(file)).version;
    } catch {
      // What is not installed has no version.
    }
  }
  return found;
}

const pool = new pg.Pool({ connectionString: process.env.PRODEV_BENCH_ADDRESS, max: 1, idleTimeoutMillis: 0 });
const pgl = postgraphile({
  extends: [preset],
  pgServices: [makePgService({ pool, schemas: ["public"] })],
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false, outputDataAsString: true },
});
const server = pgl.createServ((config) => new GrafservBase(config));
await server.ready();

const ask = (request) => server.processRequest(request);

async function time(requests, times) {
  const digests = Array.from({ length: times }, () => requests.map(digest)).flat();
  const took = [];
  for (const each of digests) {
    const begun = process.hrtime.bigint();
    await ask(each);
    took.push(Number(process.hrtime.bigint() - begun) / 1e9);
  }
  return took;
}

async function answer(request) {
  const { statusCode, headers, buffer, error } = await ask(digest(request));
  if (error) throw error;
  return { status: String(statusCode), headers: Object.entries(headers), body: buffer.toString("base64") };
}

async function run({ do: what, requests, ...more }) {
  switch (what) {
    case "answer":
      return answer(requests[0]);
    case "statements":
      return counting(() => ask(digest(requests[0])));
    case "versions":
      return versions(more.packages);
    default:
      globalThis.gc?.();
      return time(requests, more.times ?? 1);
  }
}

const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

const { rows } = await pool.query("SELECT pg_backend_pid() AS pid");
say({ backend: rows[0].pid });
for await (const line of createInterface({ input: process.stdin })) {
  say(await run(JSON.parse(line)));
}
await pgl.release();
await pool.end();
