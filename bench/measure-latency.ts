import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { setClock } from "./clock";
import type { Contender } from "./contender";
import { type Comparison, comparePairs } from "./summarize";

export interface Latencies {
  /** From sending the trigger to the first thing that the agent's process does. */
  triggerToProcess: Comparison;
  /** From the last thing that the process does to its end on the live stream. */
  exitToEnd: Comparison;
}

export interface MeasureLatency {
  floor: Contender;
  coppice: Contender;
  /** For the marks that runs leave. */
  folder: string;
  pairs: number;
  /** Done by the run between its two marks. */
  work: string;
}

const warmUps = 2;
/** Lets what follows an end, such as the stream's pace, be over before the next trigger. */
const restMs = 200;

/** Runs one after the other, floor and Coppice in turn, so that what disturbs one disturbs both. */
export async function measureLatency(input: MeasureLatency): Promise<Latencies> {
  const measured = { floor: [] as Sample[], coppice: [] as Sample[] };
  for (let pair = 0; pair < warmUps + input.pairs; pair += 1) {
    for (const contender of [input.floor, input.coppice]) {
      const sample = await timeRun(contender, input, pair);
      if (pair >= warmUps) measured[contender.name].push(sample);
      await delay(restMs);
    }
  }
  const compare = (field: keyof Sample) =>
    comparePairs(
      measured.floor.map((sample) => sample[field]),
      measured.coppice.map((sample) => sample[field]),
    );
  return { triggerToProcess: compare("triggerToProcess"), exitToEnd: compare("exitToEnd") };
}

interface Sample {
  triggerToProcess: number;
  exitToEnd: number;
}

async function timeRun(
  contender: Contender,
  { folder, work }: MeasureLatency,
  pair: number,
): Promise<Sample> {
  const mark = path.join(folder, `${contender.name}-${pair}`);
  const command = `date +%s%N > ${mark}.start; ${work}; date +%s%N > ${mark}.end`;
  setClock();
  const { sentAtMs, endedAtMs } = await contender.trigger(command);
  const endedAt = await endedAtMs;
  return {
    triggerToProcess: readMark(`${mark}.start`) - sentAtMs,
    exitToEnd: endedAt - readMark(`${mark}.end`),
  };
}

function readMark(file: string): number {
  return Number(BigInt(readFileSync(file, "utf8").trim()) / 1000n) / 1000;
}
