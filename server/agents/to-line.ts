/** A message as one line for an agent's stdin. */
export const toLine = (message: unknown): string => `${JSON.stringify(message)}\n`;
