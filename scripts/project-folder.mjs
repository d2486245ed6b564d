import path from "node:path";

/** Where package.json lies. */
export const projectFolder = path.resolve(import.meta.dirname, "..");

/** Logs and locks of the scripts; git ignores it. */
export const scratchFolder = path.join(projectFolder, ".coppice");
