/** “3 s”, “12 min”, “2 h 5 min”, “4 d”: as exact as a reader needs. */
export function writeDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.floor(hours / 24)} d`;
}

/** How long ago a moment of the server's answer was. */
export function writeAge(moment: string, now: Date): string {
  return `${writeDuration(now.getTime() - Date.parse(moment))} ago`;
}
