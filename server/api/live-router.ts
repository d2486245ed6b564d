import { tracked } from "@trpc/server";
import { z } from "zod";
import { findPosition } from "@/server/runs/find-position";
import { processEventBus } from "@/server/runs/process-event-bus";
import { streamEvents } from "@/server/runs/stream-events";
import { watchSignIn } from "./live/watch-sign-in";
import { shutdown } from "./shutdown";
import { router, viewerProcedure } from "./trpc";

const recheckSeconds = 30;

const streamInputSchema = z
  .strictObject({ lastEventId: z.coerce.number<string | number>().int().min(0).nullish() })
  .optional();

/** The browser's one stream: which runs to look at again. */
export const liveRouter = router({
  position: viewerProcedure
    .output(z.object({ lastEventId: z.number().int() }))
    .query(({ ctx }) => findPosition(ctx.db)),

  stream: viewerProcedure.input(streamInputSchema).subscription(async function* ({
    ctx,
    input,
    signal,
  }) {
    const watch = watchSignIn(ctx, recheckSeconds);
    const left = signal ?? new AbortController().signal;
    const ending = [shutdown.signal, watch.signal];
    const after = input?.lastEventId ?? null;
    try {
      const batches = streamEvents(ctx.db, processEventBus(ctx.db), { after, left, ending });
      for await (const { lastEventId, wakes } of batches) yield tracked(`${lastEventId}`, wakes);
    } finally {
      watch.stop();
    }
  }),
});
