/** What a command may use of the world: its streams, settings and patience. */
export interface Terminal {
  /** Resolves when the reader is ready for more. */
  write(output: string | Uint8Array): Promise<void>;
  /** One line on stderr. */
  complain(line: string): void;
  readInput(): Promise<string>;
  /** Asks a person to agree; null: nobody is there to be asked. */
  confirm(question: string): Promise<boolean | null>;
  environment: Record<string, string | undefined>;
  folder: string;
  hasColours: boolean;
  columns: number;
  /** How long `--follow` waits between two looks. */
  pollMs: number;
}
