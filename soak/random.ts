/** Numbers from 0 to below 1 that are the same for the same seed. */
export type Random = () => number;

/** Mulberry32: enough for choosing, and the same on every machine. */
export function seedRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const between = (random: Random, least: number, most: number) =>
  least + random() * (most - least);

/** One of the choices, each as likely as its weight. */
export function chooseWeighted<Choice extends string>(
  random: Random,
  weights: Record<Choice, number>,
): Choice {
  const choices = Object.entries(weights) as [Choice, number][];
  const total = choices.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random() * total;
  for (const [choice, weight] of choices) {
    left -= weight;
    if (left < 0) return choice;
  }
  return (choices.at(-1) as [Choice, number])[0];
}
