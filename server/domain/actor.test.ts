import { describe, expect, it } from "vitest";
import { type Actor, mayAct, nameActor, roles } from "./actor";

const member = (role: (typeof roles)[number]): Actor => ({
  kind: "member",
  id: "m1",
  name: "Ada",
  role,
});

describe("an actor", () => {
  it("may do what its role allows and everything below it, and nothing above", () => {
    const table = roles.map((role) => roles.map((needed) => mayAct(member(role), needed)));

    expect(table).toEqual([
      [true, false, false],
      [true, true, false],
      [true, true, true],
    ]);
  });

  it("may do the same by a token of the same role", () => {
    const token: Actor = { kind: "token", id: "t1", name: "ci", role: "operator" };

    expect(mayAct(token, "operator")).toBe(true);
    expect(mayAct(token, "admin")).toBe(false);
  });

  it("that is a worker may do nothing a person does", () => {
    const worker: Actor = { kind: "worker", id: "w1", name: "one" };

    expect(roles.filter((role) => mayAct(worker, role))).toEqual([]);
  });

  it("stands in rows with its kind and name", () => {
    expect(nameActor(member("admin"))).toBe("member:Ada");
    expect(nameActor({ kind: "system", name: "starter" })).toBe("system:starter");
  });
});
