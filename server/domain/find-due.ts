/** A time of day in UTC: “03:00”. */
export const timeOfDayPattern = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** The newest moment at which a daily duty was due. @param at `HH:MM`, UTC. */
export function findDue(at: string, now: Date): Date {
  const [hours = 0, minutes = 0] = at.split(":").map(Number);
  const today = new Date(now);
  today.setUTCHours(hours, minutes, 0, 0);
  return today <= now ? today : new Date(today.getTime() - 24 * 3600 * 1000);
}
