import { formatBytes } from "@/components/ui/format-number";
import type { DiskView } from "@/server/domain/cleanup-views";

export function describeForecast({ forecast }: DiskView): string {
  if (!forecast) return "no forecast yet: it needs six hours of watching";
  const { bytesPerDay, daysLeft } = forecast;
  if (daysLeft === null) {
    return bytesPerDay < 0 ? `${formatBytes(-bytesPerDay)} less a day` : "not growing";
  }
  const days = daysLeft < 1 ? "less than a day" : `about ${Math.round(daysLeft)} days`;
  return `${formatBytes(bytesPerDay)} more a day, full in ${daysLeft > 1000 ? "years" : days}`;
}

export function describeShortage({ of, free, wanted }: NonNullable<DiskView["shortage"]>): string {
  const [has, needs] =
    of === "bytes"
      ? [formatBytes(free), formatBytes(wanted)]
      : [`${free} inodes`, `${wanted} inodes`];
  return `${has} free, ${needs} must stay free. Queued runs go on by themselves when there is room.`;
}
