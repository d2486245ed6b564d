/** What is said of a set of values: never a mean, which one disturbance ruins. */
export interface Summary {
  median: number;
  min: number;
  /** Of 25 values this is what others call p95. */
  secondWorst: number;
  n: number;
}

export interface Comparison {
  floor: Summary;
  coppice: Summary;
  /** The median of the ratios of the pairs. */
  ratio: number;
  /** Ratio of the two minima: the better figure on a machine that others use too. */
  ratioOfMinima: number;
}

export function comparePairs(floor: number[], coppice: number[]): Comparison {
  const ratios = coppice.map((value, index) => value / (floor[index] ?? Number.NaN));
  const [ofFloor, ofCoppice] = [summarize(floor), summarize(coppice)];
  return {
    floor: ofFloor,
    coppice: ofCoppice,
    ratio: summarize(ratios).median,
    ratioOfMinima: ofCoppice.min / ofFloor.min,
  };
}

export function summarize(values: number[]): Summary {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  return {
    median: at(Math.floor(sorted.length / 2)),
    min: at(0),
    secondWorst: at(Math.max(0, sorted.length - 2)),
    n: sorted.length,
  };
}
