/** Next calls this once when the web process starts. Node's own API may stand in the other file only. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") await import("./instrumentation.node");
}
