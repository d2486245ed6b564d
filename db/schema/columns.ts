import { customType, timestamp } from "drizzle-orm/pg-core";

/** Milliseconds, so that a JavaScript Date holds the whole value and cursors lose nothing. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({
  dataType: () => "bytea",
});
