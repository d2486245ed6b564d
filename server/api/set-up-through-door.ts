import { findAddress } from "@/server/auth/find-address";
import type { MemberView } from "@/server/domain/views";
import {
  type SetUpInput,
  SetUpRefused,
  setUpFirstMember,
} from "@/server/members/set-up-first-member";
import type { Context } from "./context";

/** Makes the first account, counting wrong tokens against the address they come from. */
export async function setUpThroughDoor(context: Context, input: SetUpInput): Promise<MemberView> {
  const { badSetUps } = context.door;
  const address = findAddress(context.headers);
  badSetUps.check(address, context.now);
  try {
    return await setUpFirstMember(context, input);
  } catch (error) {
    if (error instanceof SetUpRefused) badSetUps.fail(address, context.now);
    throw error;
  }
}
