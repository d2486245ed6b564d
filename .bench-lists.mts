import { startTestPostgres } from "/work/main/server/embedded-postgres/start-test-database";
import { createTestDatabase } from "/work/main/db/testing";
import { listRuns } from "/work/main/server/runs/list-runs";
import { countRuns } from "/work/main/server/runs/count-runs";
import { getRun } from "/work/main/server/runs/get-run";
import { findRuns } from "/work/main/server/search/find-runs";
import { getOverview } from "/work/main/server/overview/get-overview";
import { listRepositories } from "/work/main/server/repositories/list-repositories";
import { listWorkflows } from "/work/main/server/workflows/list-workflows";
import { listWorkspaces } from "/work/main/server/workspace-records/list-workspaces";

const server = await startTestPostgres();
process.env.COPPICE_TEST_DATABASE_URL = server.url;
const t = await createTestDatabase();
const pool = t.db.$client;
const N = Number(process.env.N ?? 100_000);
const S = N / 5;
const q = (text: string) => pool.query(text);
await q(`insert into workers(name,host,home,slots,facts,started_at,heartbeat_at) values('w','h','/h',2,'{"version":"1","isolation":"none","isolationWhy":"","agents":[]}',now(),now())`);
await q(`insert into repositories(name,origin,default_branch,created_by) select 'repo'||i,'/srv/'||i,'main','x' from generate_series(1,20) i`);
await q(`insert into workflows(name) select 'wf'||i from generate_series(1,10) i`);
await q(`insert into workflow_versions(workflow_id,version,definition,created_by) select id,v,'{"agent":"shell","command":"true","description":"","workspace":"temporary","sandbox":"auto"}','x' from workflows, generate_series(1,3) v`);
const c = await pool.connect();
await c.query("begin");
await c.query(`create temp table s as select i, gen_random_uuid() sid, gen_random_uuid() wid, gen_random_uuid() aid, (select id from repositories where name='repo'||(1+ (i*i)%20)) rid from generate_series(1,${S}) i`);
await c.query(`insert into workspaces(id,repository_id,kind,session_id,state,worker_id,path,created_at) select wid,rid,'temporary',sid,'ready',(select id from workers),'/w/'||wid, now()-(${S}-i)*interval '1 minute' from s`);
await c.query(`insert into sessions(id,repository_id,workspace_id,branch,title,created_by) select sid,rid,wid,'b'||i,'t','x' from s`);
await c.query(`insert into agent_sessions(id,session_id,agent,native_id) select aid,sid,'shell',gen_random_uuid()::text from s`);
await c.query(`create temp table v as select id, row_number() over () - 1 as n from workflow_versions`);
await c.query(`insert into runs(id,repository_id,workflow_version_id,session_id,agent,agent_session_id,agent_native_id,message,created_by,created_at,status,end_reason,verdict,started_at,ended_at,fence,attempt_number,worker_id,pid,workspace_kind,workspace_id,workspace_path,branch,base_commit,head_commit)
 select gen_random_uuid(), s.rid, (select id from v where n=(i2*7)%30), s.sid,'shell',s.aid,(select native_id from agent_sessions a where a.id=s.aid), 'Please fix the flaky test number '||i2||repeat(' and some more words',10),'member:Ada', ts,
 st, case st when 'succeeded' then 'completed' when 'failed' then 'agent_error' when 'cancelled' then 'cancelled_by_operator' end, null,
 ts, case when st in ('succeeded','failed','cancelled') then ts+interval '1 minute' end,1,1,(select id from workers),(i2%30000),'temporary',s.wid,'/w/'||s.wid,'coppice/wf/'||i2,md5('b'||i2)||'00000000',md5('h'||i2)||'00000000'
 from (select i2, 1+(i2 % ${S}) as si, now()-(${N}-i2)*interval '20 seconds' ts, case when i2>${N}-30 then 'queued' when i2%50=0 then 'failed' when i2%77=0 then 'cancelled' else 'succeeded' end st from generate_series(1,${N}) i2) r join s on s.i=r.si order by i2`);
await c.query(`insert into attempts(id,run_id,number,worker_id,control_path,started_at,pid) select gen_random_uuid(),id,1,worker_id,'/x',now(),pid from runs`);
await c.query(`insert into commits(run_id,sha,position,parents,author_name,author_email,message,at,additions,deletions,files,origin,whereabouts) select id, head_commit,0,'[]','a','a@b','m',now(),1,1,1,'agent','only_here' from runs`);
await c.query("commit");
c.release();
await q("vacuum analyze");
const actor = { kind: "system", name: "bench" } as const;
async function time(name: string, f: () => Promise<any>) {
  const ms: number[] = []; let out: any;
  for (let i = 0; i < 7; i++) { const a = performance.now(); out = await f(); ms.push(performance.now() - a); }
  ms.sort((a, b) => a - b);
  console.log(name.padEnd(44), "median", ms[3]!.toFixed(1), "max", ms[6]!.toFixed(1), "n=", out.items?.length ?? "");
  return out;
}
const first = await time("list, first page", () => listRuns(t.db, {}, actor));
await time("list, second page", () => listRuns(t.db, { cursor: first.nextCursor }, actor));
const deep = Buffer.from(JSON.stringify([new Date(Date.now() - N * 0.9 * 20_000).toISOString(), first.items[0].id])).toString("base64url");
await time("list, at 90 % depth", () => listRuns(t.db, { cursor: deep }, actor));
await time("list, status failed", () => listRuns(t.db, { status: ["failed"] }, actor));
await time("list, status failed deep", () => listRuns(t.db, { status: ["failed"], cursor: deep }, actor));
await time("list, status failed+cancelled", () => listRuns(t.db, { status: ["failed", "cancelled"] }, actor));
await time("list, status running (none)", () => listRuns(t.db, { status: ["running"] }, actor));
await time("list, live statuses (30)", () => listRuns(t.db, { status: ["queued", "preparing", "running", "waiting", "finishing"] }, actor));
await time("list, repository", () => listRuns(t.db, { repository: "repo2" }, actor));
await time("list, repository rare", () => listRuns(t.db, { repository: "repo11" }, actor));
await time("list, repository unknown", () => listRuns(t.db, { repository: "nope" }, actor));
await time("list, workflow", () => listRuns(t.db, { workflow: "wf3" }, actor));
await time("list, workflow unknown", () => listRuns(t.db, { workflow: "none" }, actor));
await time("list, workflow+failed+repo", () => listRuns(t.db, { workflow: "wf3", status: ["failed"], repository: "repo2" }, actor));
await time("list, createdBy none", () => listRuns(t.db, { createdBy: "member:Zoe" }, actor));
await time("list, q common", () => listRuns(t.db, { q: "flaky" }, actor));
await time("list, q rare (none)", () => listRuns(t.db, { q: "zebra" }, actor));
const view = await getRun(t.db, { id: first.items[40].id }, actor);
await time("list, session", () => listRuns(t.db, { session: view.sessionId }, actor));
await time("get run", () => getRun(t.db, { id: view.id }, actor));
await time("counts", () => countRuns(t.db));
await time("overview", () => getOverview(t.db, actor, new Date()));
await time("search run id", () => findRuns(t.db, { q: view.id }));
await time("search session id", () => findRuns(t.db, { q: view.sessionId }));
await time("search sha prefix (head)", () => findRuns(t.db, { q: view.workspace.headCommit!.slice(0, 8) }));
await time("search base sha", () => findRuns(t.db, { q: view.workspace.baseCommit! }));
await time("search branch", () => findRuns(t.db, { q: view.workspace.branch! }));
await time("search path", () => findRuns(t.db, { q: view.workspace.path! }));
await time("search number/pid", () => findRuns(t.db, { q: "4242" }));
await time("search word (none)", () => findRuns(t.db, { q: "zebra" }));
await time("repositories", () => listRepositories(t.db, {}));
await time("workflows", () => listWorkflows(t.db, {}));
await time("workspaces", () => listWorkspaces(t.db, {}));
if (process.env.EXPLAIN) {
  const log: string[] = [];
  const orig = pool.query.bind(pool);
  (pool as any).query = async (a: any, b: any) => { log.push(JSON.stringify([a.text ?? a, b ?? a.values])); return orig(a, b); };
  const show = async (name: string, f: () => Promise<any>) => {
    log.length = 0; await f();
    for (const entry of log.slice()) { const [text, values] = JSON.parse(entry);
      const r = await orig({ text: "explain (analyze, costs off, timing off, summary on) " + text, values });
      console.log("\n== " + name + " (" + log.length + " statements)\n" + r.rows.map((x: any) => x["QUERY PLAN"]).join("\n")); }
  };
  await show("list first", () => listRuns(t.db, {}, actor));
  await show("list cursor", () => listRuns(t.db, { cursor: deep }, actor));
  await show("failed+cancelled", () => listRuns(t.db, { status: ["failed", "cancelled"] }, actor));
  await show("repository", () => listRuns(t.db, { repository: "repo2" }, actor));
  await show("workflow", () => listRuns(t.db, { workflow: "wf3" }, actor));
  await show("overview", () => getOverview(t.db, actor, new Date()));
  await show("search session", () => findRuns(t.db, { q: view.sessionId }));
}
await t.drop();
await server.stop();
