import { readError } from "@/components/live/read-error";

/** Tells the result of an action. The toasts are loaded when the first one is needed. */
export const notify = {
  async success(message: string) {
    const { toast } = await import("sonner");
    toast.success(message);
  },
  async failure(error: unknown) {
    const { message, hint } = readError(error);
    const { toast } = await import("sonner");
    toast.error(message, { description: hint, duration: 10_000 });
  },
};
