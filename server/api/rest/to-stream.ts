/** Bytes as a response's body: read only as fast as the client takes them. */
export function toStream(
  bytes: AsyncGenerator<Uint8Array, void, void>,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await bytes.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await bytes.return();
    },
  });
}
