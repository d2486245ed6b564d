import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claimPort } from "./claim-port";

describe("the web's port", () => {
  let server: Server;
  let port: number;

  beforeEach(async () => {
    server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });

  afterEach(() => void server.close());

  it("is refused at once when it is taken, with its number and the fix", async () => {
    await expect(claimPort("127.0.0.1", port, 0)).rejects.toMatchObject({
      message: expect.stringContaining(`Port ${port}`),
      hint: expect.stringContaining(`PORT=${port + 1}`),
    });
  });

  it("is waited for while the web of a dead supervisor leaves it", async () => {
    const claimed = claimPort("127.0.0.1", port, 10_000);
    server.close();
    await expect(claimed).resolves.toBeUndefined();
  });

  it("is refused when the address is not this machine's", async () => {
    await expect(claimPort("192.0.2.1", port, 0)).rejects.toThrow(/EADDRNOTAVAIL/);
  });
});
