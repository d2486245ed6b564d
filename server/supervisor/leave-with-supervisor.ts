/**
 * For a process that the supervisor started: calls `leave` when the supervisor is gone, however it
 * died, so that the next start finds ports and locks free. Does nothing for one started by hand.
 */
export function leaveWithSupervisor(leave: () => void): void {
  if (process.send === undefined) return;
  process.once("disconnect", leave);
  if (!process.connected) leave();
}
