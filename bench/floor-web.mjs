// The floor's web process: a trigger is one statement that stores the run and wakes the worker; the
// end of a run goes from NOTIFY to SSE. Arguments: PORT. DATABASE_URL is the floor's own database.
import http from "node:http";
import postgres from "postgres";

const [port] = process.argv.slice(2);
const sql = postgres(process.env.DATABASE_URL, { max: 4, onnotice() {} });
const readers = new Set();

process.on("disconnect", () => process.exit());
await sql.listen("floor_event", (payload) => {
  for (const reader of readers) reader.write(`data: ${payload}\n\n`);
});
http
  .createServer(async (request, response) => {
    if (request.url === "/stream") return openStream(response);
    let command = "";
    for await (const part of request) command += part;
    const [run] = await sql`
      with run as (insert into floor_runs (command) values (${command}) returning id)
      select id, pg_notify('floor_job', '') from run`;
    response.end(String(run.id));
  })
  .listen(Number(port), "127.0.0.1", () => process.send("ready"));

function openStream(response) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(": open\n\n");
  readers.add(response);
  response.on("close", () => readers.delete(response));
}
