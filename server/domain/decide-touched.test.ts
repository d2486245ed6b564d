import { expect, test } from "vitest";
import { decideTouched } from "./decide-touched";

const patch = `diff --git a/a.ts b/a.ts
index 1..2 100644
--- a/a.ts
+++ b/a.ts
@@ -3,7 +3,8 @@ x
 three
 four
-five
+FIVE
 six
 seven
+put in
 eight
 nine
diff --git a/old.ts b/new.ts
similarity index 90%
rename from old.ts
rename to new.ts
--- a/old.ts
+++ b/new.ts
@@ -1,2 +1 @@
-one
 two
diff --git a/gone.ts b/gone.ts
deleted file mode 100644
--- a/gone.ts
+++ /dev/null
@@ -1 +0,0 @@
-all
`;
const files = [
  { path: "a.ts", previousPath: null },
  { path: "new.ts", previousPath: "old.ts" },
  { path: "gone.ts", previousPath: null },
  { path: "huge.ts", previousPath: null },
];
const isTouched = (path: string, line: number, endLine = line, side: "old" | "new" = "new") =>
  decideTouched({ path, side, line, endLine }, { patch, files });

test("tells which commented lines were changed since", () => {
  expect(isTouched("a.ts", 5)).toBe(true);
  expect(isTouched("a.ts", 1, 5)).toBe(true);
  expect(isTouched("a.ts", 4)).toBe(false);
  expect(isTouched("a.ts", 6)).toBe(false); // the line before was replaced, nothing put in
  expect(isTouched("a.ts", 3)).toBe(false);
  expect(isTouched("a.ts", 100)).toBe(false);
  expect(isTouched("other.ts", 5)).toBe(false);
});

test("counts lines put in among or right beside the commented ones", () => {
  expect(isTouched("a.ts", 7)).toBe(true);
  expect(isTouched("a.ts", 8)).toBe(true);
  expect(isTouched("a.ts", 7, 8)).toBe(true);
  expect(isTouched("a.ts", 9)).toBe(false);
});

test("follows a renamed file; one that is gone or not shown was changed", () => {
  expect(isTouched("old.ts", 1)).toBe(true);
  expect(isTouched("old.ts", 2)).toBe(false);
  expect(isTouched("new.ts", 1)).toBe(false);
  expect(isTouched("gone.ts", 40)).toBe(true);
  expect(isTouched("huge.ts", 1)).toBe(true);
  expect(isTouched("a.ts", 3, 3, "old")).toBe(true);
});
