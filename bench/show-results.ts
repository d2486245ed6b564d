import type { Results } from "./run-bench";
import type { Comparison } from "./summarize";

const widths = [42, 16, 16, 8, 10];

/** Prints the figures for people: ratios first of all, for milliseconds are those of one machine. */
export function showResults(results: Results): void {
  const { machine, unchanged, changed, burst, idle, output, recovery } = results;
  console.log(
    `\n${machine.processors} × ${machine.processor}, ${machine.memoryGib} GiB, ${machine.system}, Node ${machine.node}; ${results.slots} slots`,
  );
  console.log(`somebody waited for a processor in ${percent(results.pressure)} of the time\n`);
  line("median (least)", "floor", "Coppice", "ratio", "of least");
  compare("trigger → process, ms", unchanged.triggerToProcess);
  compare("exit → end on the stream, ms", unchanged.exitToEnd);
  compare("the same with 10 new files, ms", changed.exitToEnd);
  line("", "", "", "", "");
  plain(`runs a minute, burst of ${burst.runs}`, burst.floor, burst.coppice, 0);
  plain(
    `${output.floor.mebibytes} MiB of output, MiB/s`,
    output.floor.mebibytesPerSecond,
    output.coppice.mebibytesPerSecond,
    0,
  );
  const growth = ({ workerRssMib: rss }: (typeof output)["floor"]) => rss.peak - rss.before;
  plain("worker's RSS on top meanwhile, MiB", growth(output.floor), growth(output.coppice), 0);
  plain("web + worker idle, RSS, MiB", idle.floor.together.rssMib, idle.coppice.together.rssMib, 0);
  plain("web + worker idle, PSS, MiB", idle.floor.together.pssMib, idle.coppice.together.pssMib, 0);
  console.log(
    `\nn = ${unchanged.exitToEnd.floor.n} pairs (${changed.exitToEnd.floor.n} with changes) after 2 warm-ups; second worst: trigger → process ${second(unchanged.triggerToProcess)}, exit → end ${second(unchanged.exitToEnd)} ms`,
  );
  console.log(
    `Coppice idle: web ${whole(idle.coppice.web.rssMib)} + worker ${whole(idle.coppice.worker.rssMib)} MiB RSS; output kept byte for byte: floor ${yes(output.floor.isKeptWhole)}, Coppice ${yes(output.coppice.isKeptWhole)}`,
  );
  console.log(
    `Worker killed under ${recovery.agents} agents: all in hand again after ${whole(recovery.heldAgainMs)} ms`,
  );
}

function compare(what: string, { floor, coppice, ratio, ratioOfMinima }: Comparison): void {
  const cell = ({ median, min }: Comparison["floor"]) => `${median.toFixed(1)} (${min.toFixed(1)})`;
  line(what, cell(floor), cell(coppice), ratio.toFixed(2), ratioOfMinima.toFixed(2));
}

function plain(what: string, floor: number, coppice: number, digits: number): void {
  const ratio = floor < 1 ? "" : (coppice / floor).toFixed(2);
  line(what, floor.toFixed(digits), coppice.toFixed(digits), ratio, "");
}

function line(first: string, ...rest: string[]): void {
  const cells = rest.map((text, index) => text.padStart(widths[index + 1] ?? 0));
  console.log(`${first.padEnd(widths[0] ?? 0)}${cells.join("")}`.trimEnd());
}

const second = ({ floor, coppice }: Comparison) =>
  `${floor.secondWorst.toFixed(1)} against ${coppice.secondWorst.toFixed(1)}`;
const whole = (value: number) => value.toFixed(0);
const yes = (is: boolean) => (is ? "yes" : "NO");
const percent = (share: number | null) =>
  share === null ? "an unknown part" : `${(share * 100).toFixed(0)} %`;
