/** What a secret's encryption is bound to: moved to another row, it cannot be read. */
export function placeOf(
  { repositoryId, workflowId }: { repositoryId?: string | null; workflowId?: string | null },
  name: string,
): string {
  const scope = repositoryId ? `repository:${repositoryId}` : `workflow:${workflowId}`;
  return `coppice-secret:1:${scope}:${name}`;
}
