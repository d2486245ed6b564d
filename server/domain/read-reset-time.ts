/**
 * When a usage limit resets, from the words that agents end with; null when they do not say.
 * Known: “…usage limit reached|1762952400”, “resets 10pm (America/New_York)”,
 * “resets Jan 30, 11:30am (Asia/Calcutta)”, “try again in 5 days 22 hours 11 minutes”,
 * “try again at 7:58 PM”, “retry after 30 seconds”.
 */
export function readResetTime(words: string, now: Date): Date | null {
  return readEpoch(words) ?? readDuration(words, now) ?? readClock(words, now);
}

function readEpoch(words: string): Date | null {
  const seconds = /\|(\d{10})\b/.exec(words)?.[1];
  return seconds ? new Date(Number(seconds) * 1000) : null;
}

const unitSeconds: Record<string, number> = { d: 86_400, h: 3600, m: 60, s: 1 };

function readDuration(words: string, now: Date): Date | null {
  const told =
    /(?:again|retry|resets?)(?:[ -]+(?:in|after))[: ]+((?:(?:about )?[\d.]+ ?[a-z]+[, ]*(?:and )?)+)/i.exec(
      words,
    )?.[1];
  if (!told) return null;
  let seconds = 0;
  for (const [, count, unit] of told.matchAll(
    /([\d.]+) ?(ms|d|h|m|s)(?:ays?|ours?|rs?|in(?:ute)?s?|ec(?:ond)?s?)?\b/gi,
  )) {
    const of = unit?.toLowerCase() ?? "";
    seconds += of === "ms" ? Number(count) / 1000 : Number(count) * (unitSeconds[of] ?? 0);
  }
  return seconds > 0 ? new Date(now.getTime() + Math.round(seconds * 1000)) : null;
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** A time of day, perhaps with its date and its time zone; without a date it is the next such time. */
function readClock(words: string, now: Date): Date | null {
  const found =
    /(?:resets?|again)(?: at| on)? (?:([a-z]{3})[a-z]* (\d{1,2})(?:st|nd|rd|th)?(?:, (\d{4}))?,? (?:at )?)?(\d{1,2})(?::(\d{2}))? ?([ap])m\b(?: \(([\w/+-]+)\))?/i.exec(
      words,
    );
  if (!found) return null;
  const [, monthName, day, year, hour, minute, half, zone] = found;
  const timeOfDay = {
    hour: (Number(hour) % 12) + (half?.toLowerCase() === "p" ? 12 : 0),
    minute: Number(minute ?? 0),
  };
  const today = clockIn(zone, now);
  if (!today) return null;
  const month = monthName ? months.indexOf(monthName.toLowerCase()) : -1;
  if (monthName && month < 0) return null;
  const date = monthName
    ? { year: Number(year ?? today.year), month, day: Number(day) }
    : { year: today.year, month: today.month, day: today.day };
  const at = instantOf({ ...date, ...timeOfDay }, zone);
  if (at > now) return at;
  if (!monthName) return instantOf({ ...date, ...timeOfDay, day: date.day + 1 }, zone);
  // In December a January is told without its year.
  return year || today.month - month < 6
    ? at
    : instantOf({ ...date, ...timeOfDay, year: date.year + 1 }, zone);
}

interface Clock {
  year: number;
  /** 0 is January. */
  month: number;
  day: number;
  hour: number;
  minute: number;
}

/** What the clocks of a time zone show; of ours where none is named, null where it is unknown. */
function clockIn(zone: string | undefined, at: Date): Clock | null {
  try {
    const parts = new Intl.DateTimeFormat("en-US", {
      ...(zone ? { timeZone: zone } : {}),
      ...{ year: "numeric", month: "numeric", day: "numeric" },
      ...{ hour: "numeric", minute: "numeric", hourCycle: "h23" },
    }).formatToParts(at);
    const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
    return {
      ...{ year: of("year"), month: of("month") - 1, day: of("day") },
      ...{ hour: of("hour"), minute: of("minute") },
    };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The instant at which a time zone's clocks show this. */
function instantOf({ year, month, day, hour, minute }: Clock, zone: string | undefined): Date {
  const wanted = Date.UTC(year, month, day, hour, minute);
  let at = wanted;
  // Twice: the first guess may lie on the other side of a change of summer time.
  for (const _ of [1, 2]) {
    const shown = clockIn(zone, new Date(at));
    if (!shown) break;
    at += wanted - Date.UTC(shown.year, shown.month, shown.day, shown.hour, shown.minute);
  }
  return new Date(at);
}
