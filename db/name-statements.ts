import type pg from "pg";

/** Lists of changing length make endless texts; the ones that are sent again and again are far fewer. */
const most = 1_000;
const longestText = 20_000;
const names = new Map<string, string>();

/**
 * Lets a connection prepare each statement once and use its plan again: to parse and plan one anew
 * takes up to 1 ms, as long as many take to be carried out. Names are the same on all connections.
 */
export function nameStatements(client: pg.ClientBase): void {
  const send = client.query.bind(client) as (...parts: unknown[]) => unknown;
  const sendNamed = (...parts: unknown[]) => {
    const [config, values] = parts;
    const hasValues = Array.isArray(values) && values.length > 0;
    return hasValues && isUnnamed(config)
      ? send({ ...config, name: nameOf(config.text) }, ...parts.slice(1))
      : send(...parts);
  };
  client.query = sendNamed as typeof client.query;
}

function isUnnamed(config: unknown): config is pg.QueryConfig {
  if (typeof config !== "object" || config === null || "submit" in config) return false;
  return "text" in config && (config as pg.QueryConfig).name === undefined;
}

/** No name: sent as it is, planned for this once. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known || names.size >= most || text.length > longestText) return known;
  const name = `coppice_${names.size + 1}`;
  names.set(text, name);
  return name;
}
