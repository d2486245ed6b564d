/** “member:Ada” as “Ada”, with what kind of actor it is on hover. */
export function ActorName({ actor }: { actor: string }) {
  const [kind, ...rest] = actor.split(":");
  const name = rest.join(":") || actor;
  return <span title={actor}>{kind === "token" ? `${name} (token)` : name}</span>;
}
