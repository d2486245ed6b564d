import http from "node:http";
import { wallClockMs } from "./clock";

const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });

export interface HttpCall {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends one request over a kept connection. @throws Error for any status but 2xx, with the answer. */
export async function callHttp(call: HttpCall): Promise<{ text: string; sentAtMs: number }> {
  const { response, sentAtMs } = await openHttp(call);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  const status = response.statusCode ?? 0;
  if (status >= 300) throw new Error(`${call.method ?? "GET"} ${call.url}: ${status} ${text}`);
  return { text, sentAtMs };
}

/** The answer's head has come; its body is the caller's to read. */
export function openHttp({ url, method = "GET", headers, body }: HttpCall) {
  return new Promise<{ response: http.IncomingMessage; sentAtMs: number }>((resolve, reject) => {
    const sentAtMs = wallClockMs();
    http
      .request(url, { agent, method, headers }, (response) => resolve({ response, sentAtMs }))
      .on("error", reject)
      .end(body);
  });
}

/** Calls back for each message of a server-sent stream; resolves when it is open. */
export async function followStream(
  call: HttpCall,
  onData: (data: string) => void,
): Promise<{ close(): void }> {
  const { response } = await openHttp({
    ...call,
    headers: { ...call.headers, accept: "text/event-stream" },
  });
  if (response.statusCode !== 200) throw new Error(`${call.url}: ${response.statusCode}`);
  let rest = "";
  response.setEncoding("utf8");
  await new Promise<void>((resolve, reject) => {
    response.once("error", reject);
    response.on("data", (text: string) => {
      resolve();
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        // A stream's sign of life has no data.
        if (line.startsWith("data: ") && line.length > 6) onData(line.slice(6));
      }
    });
  });
  // Closing it ourselves is no error.
  response.on("error", () => undefined);
  return { close: () => response.destroy() };
}

export function closeConnections(): void {
  agent.destroy();
}
