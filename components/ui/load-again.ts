const pauseMs = 1_000;

/**
 * Loads a part of a page that is open. While the web is away that fails, and the page must not fall
 * for it: it is tried again until it comes.
 */
export async function loadAgain<Part>(load: () => Promise<Part>): Promise<Part> {
  for (;;) {
    try {
      return await load();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "ChunkLoadError") throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
