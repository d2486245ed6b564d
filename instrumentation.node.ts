import { shutdown } from "@/server/api/shutdown";
import { leaveWithSupervisor } from "@/server/supervisor/leave-with-supervisor";

// Browsers reconnect over their kept-alive connections, so a closing server never becomes idle by
// itself; this much time is left to requests in flight, less than the supervisor waits.
const farewellMilliseconds = 2_000;

function leave(exitCode: number): void {
  shutdown.abort(new DOMException("The server is shutting down.", "AbortError"));
  setTimeout(() => process.exit(exitCode), farewellMilliseconds).unref();
}

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => leave(0));

// Next would log it and live on with broken parts; the supervisor starts a sound process instead.
process.on("uncaughtException", (error) => {
  console.error("The web process ends on an uncaught error:", error);
  process.exit(1);
});

leaveWithSupervisor(() => process.exit(1));
