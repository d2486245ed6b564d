export interface Trailer {
  name: string;
  value: string;
}

/** The trailers at the end of a commit's message, as git knows them: a last paragraph of `Name: value`. */
export function readTrailers(message: string): Trailer[] {
  const [, ...paragraphs] = message.trimEnd().split(/\n[ \t]*\n/);
  const lines = paragraphs.at(-1)?.split("\n") ?? [];
  const trailers = lines.map((line) => /^([A-Za-z0-9-]+): (.+)$/.exec(line));
  if (trailers.some((match) => match === null)) return [];
  return trailers.map((match) => ({ name: match?.[1] ?? "", value: match?.[2] ?? "" }));
}
