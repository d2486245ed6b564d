/** A file name that git gave as raw bytes (in a latin1 string), for people and for JSON. */
export function printableName(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8").replaceAll("\0", "\uFFFD");
}
