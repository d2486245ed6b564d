import { setTimeout as delay } from "node:timers/promises";
import { DomainError } from "@/server/domain/errors";
import { readTrimHeader, trimHeader, writeTrimMarker } from "@/server/domain/output-trim";
import { isTerminal } from "@/server/domain/run-status";
import type { RunEventView, RunView, TranscriptEntryView } from "@/server/domain/run-view";
import type { Json, RestClient } from "./open-rest-client";

/** How long to wait between two looks. */
export const followPollMs = 300;
const longestPauseMs = 5_000;
/** A web that is gone for longer than this is not being restarted. */
const patienceMs = 5 * 60_000;

/** What a follower wants to hear; nothing is asked for that nobody takes. */
export interface Follower {
  onEvent?: (event: Json<RunEventView>) => Promise<void>;
  onOutput?: (bytes: Uint8Array, attempt: number) => Promise<void>;
  onEntry?: (entry: Json<TranscriptEntryView>) => Promise<void>;
  /** Said once per interruption. */
  onTrouble: (message: string) => void;
  pollMs: number;
}

/** How far a run was read. It only moves on after the follower took what it stands for. */
interface Position {
  seq: number;
  entry: number;
  attempt: number;
  bytes: number;
}

/**
 * Hands a run's events and output to a follower, each once and in order, until the run has ended.
 * Survives a web that restarts.
 * @throws NotFound and the like; Unavailable when nobody answered for five minutes.
 */
export async function followRun(
  client: RestClient,
  runId: string,
  follower: Follower,
): Promise<Json<RunView>> {
  const position: Position = { seq: 0, entry: 0, attempt: 0, bytes: 0 };
  let firstTroubleAtMs: number | null = null;
  let pauseMs = follower.pollMs;
  for (;;) {
    try {
      const run = await readNews(client, runId, follower, position);
      if (isTerminal(run.status)) return run;
      firstTroubleAtMs = null;
      pauseMs = follower.pollMs;
    } catch (error) {
      if (!mayPass(error)) throw error;
      if (firstTroubleAtMs === null) follower.onTrouble(`${error.message} Trying again …`);
      firstTroubleAtMs ??= performance.now();
      if (performance.now() - firstTroubleAtMs > patienceMs) throw error;
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
    await delay(pauseMs);
  }
}

/** What a restart of the web or of the database looks like from here. */
function mayPass(error: unknown): error is DomainError {
  const passing = ["unavailable", "internal", "too_many_requests"];
  return error instanceof DomainError && passing.includes(error.code);
}

/** The run is read first: what it says is there can then be read, and an ended run to its very end. */
async function readNews(
  client: RestClient,
  runId: string,
  follower: Follower,
  position: Position,
): Promise<Json<RunView>> {
  const run = await client.get<Json<RunView>>(`/runs/${runId}`);
  if (follower.onEvent) await readEvents(client, run, follower.onEvent, position);
  if (follower.onEntry) await readEntries(client, run, follower.onEntry, position);
  if (follower.onOutput) await readOutput(client, run, follower.onOutput, position);
  return run;
}

interface News<Item> {
  items: Item[];
  nextCursor: string | null;
}

async function readEvents(
  client: RestClient,
  run: Json<RunView>,
  onEvent: NonNullable<Follower["onEvent"]>,
  position: Position,
): Promise<void> {
  for (;;) {
    const news = await client.get<News<Json<RunEventView>>>(`/runs/${run.id}/events`, {
      after: position.seq,
    });
    for (const event of news.items) {
      await onEvent(event);
      position.seq = event.seq;
    }
    if (news.nextCursor === null) return;
  }
}

async function readEntries(
  client: RestClient,
  run: Json<RunView>,
  onEntry: NonNullable<Follower["onEntry"]>,
  position: Position,
): Promise<void> {
  while (position.entry < run.transcriptEntries) {
    const news = await client.get<News<Json<TranscriptEntryView>>>(`/runs/${run.id}/transcript`, {
      after: position.entry,
      limit: 500,
    });
    if (news.items.length === 0) return;
    for (const entry of news.items) {
      await onEntry(entry);
      position.entry = entry.seq;
    }
  }
}

/** Every attempt's output to its end, one attempt after the other. */
async function readOutput(
  client: RestClient,
  run: Json<RunView>,
  onOutput: NonNullable<Follower["onOutput"]>,
  position: Position,
): Promise<void> {
  if (run.attemptId === null) return;
  position.attempt ||= 1;
  for (;;) {
    const isLatest = position.attempt >= run.attempt;
    if (!isLatest || run.outputBytes > position.bytes) {
      await readAttempt(client, run.id, onOutput, position);
    }
    if (isLatest) return;
    position.attempt += 1;
    position.bytes = 0;
  }
}

async function readAttempt(
  client: RestClient,
  runId: string,
  onOutput: NonNullable<Follower["onOutput"]>,
  position: Position,
): Promise<void> {
  const { attempt, bytes: from } = position;
  const response = await client.open(`/runs/${runId}/output`, { attempt, from, marker: "false" });
  const trim = readTrimHeader(response.headers.get(trimHeader));
  if (trim && from >= trim.from && from < trim.to) {
    await onOutput(Buffer.from(writeTrimMarker(trim)), attempt);
    position.bytes = trim.to;
  }
  for await (const bytes of readBody(response)) {
    await onOutput(bytes, attempt);
    position.bytes += bytes.length;
  }
  if (trim && position.bytes === trim.from) await readAttempt(client, runId, onOutput, position);
}

/** The bytes of an answer. @throws DomainError `unavailable` when they break off. */
export async function* readBody(response: Response): AsyncGenerator<Uint8Array, void, void> {
  if (!response.body) return;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new DomainError("unavailable", "The output broke off.", { cause });
    });
    if (done) return;
    yield value;
  }
}
