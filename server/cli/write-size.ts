/** “12.0 MiB”, “1.5 GiB”; nothing for what is not known. */
export function writeSize(bytes: number | null): string {
  if (bytes === null) return "";
  const mebibytes = bytes / 1024 ** 2;
  return mebibytes < 1024 ? `${mebibytes.toFixed(1)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`;
}
