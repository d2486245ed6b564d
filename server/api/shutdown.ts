// On globalThis: instrumentation and route handlers get module instances of their own in one process.
const holder = globalThis as { coppiceShutdown?: AbortController };
holder.coppiceShutdown ??= new AbortController();

/**
 * Fires when the web process is asked to leave. Every stream ends itself with an AbortError on it:
 * a stream that merely returns counts as finished, and the browser would never come back.
 */
export const shutdown: AbortController = holder.coppiceShutdown;
