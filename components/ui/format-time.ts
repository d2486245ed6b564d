/** “12 s”, “3 m 05 s”, “2 h 04 m”, “3 d 2 h”: two units at most. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${pad(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${pad(minutes % 60)} m`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** “now”, “5 min ago”, “3 h ago”, “2 d ago”; beyond a week the date (UTC, as the server writes it). */
export function formatAgo(at: Date, nowMilliseconds: number): string {
  const seconds = Math.floor((nowMilliseconds - at.getTime()) / 1000);
  if (seconds < -5) return `in ${formatDuration(-seconds * 1000)}`;
  if (seconds < 5) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 7 * 86_400) return `${Math.floor(seconds / 86_400)} d ago`;
  return at.toISOString().slice(0, 10);
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
