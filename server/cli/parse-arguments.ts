import { type ParseArgsConfig, parseArgs } from "node:util";

/** The command was called in a way that does not exist. */
export class UsageError extends Error {
  override name = "UsageError";
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/**
 * Reads a command's options and its positional arguments.
 * @throws UsageError for an unknown option, a missing value, or too few or too many arguments.
 */
export function parseArguments<const Given extends Options>(
  args: string[],
  options: Given,
  { least = 0, most = least }: { least?: number; most?: number } = {},
) {
  const parsed = readArguments(args, options);
  const { length } = parsed.positionals;
  if (length < least) throw new UsageError("An argument is missing.");
  if (length > most)
    throw new UsageError(`“${parsed.positionals[most]}” is one argument too many.`);
  return parsed;
}

function readArguments<const Given extends Options>(args: string[], options: Given) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    if (
      error instanceof TypeError &&
      String((error as { code?: string }).code).startsWith("ERR_PARSE_ARGS")
    ) {
      throw new UsageError(error.message, { cause: error });
    }
    throw error;
  }
}

/** @throws UsageError when the text is not a number. */
export function parseNumber(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() !== "" && Number.isFinite(number)) return number;
  throw new UsageError(`--${option} takes a number, not “${text}”.`);
}
