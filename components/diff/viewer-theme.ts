import type { CSSProperties } from "react";

/** The highlighter's colours of code; `diffCss` makes them readable. */
export const theme = { light: "pierre-light", dark: "pierre-dark" } as const;

/**
 * The theme's colours of code are too pale on the grounds of changed lines. Their hue is kept, their
 * lightness is bounded so that all of them have a contrast of 4.5 there and on changed words.
 */
export const diffCss = `
[data-line] span, [data-edit-prediction-suffix] span {
  color: light-dark(
    oklch(from var(--diffs-token-light, var(--diffs-light)) min(l, 0.45) c h),
    oklch(from var(--diffs-token-dark, var(--diffs-dark)) max(l, 0.8) c h)
  );
}
[data-no-newline] span { opacity: 1; }
[data-utility-button] { background-color: var(--ink); color: var(--canvas); }
[data-separator-wrapper], [data-separator-content] { color: var(--faint); }
`;

/** The page's own colours and letters, which go through into the viewer. */
export const diffStyle = {
  "--diffs-addition-color-override": "var(--good)",
  "--diffs-deletion-color-override": "var(--bad)",
  "--diffs-modified-color-override": "var(--live)",
  "--diffs-light-bg": "var(--surface)",
  "--diffs-dark-bg": "var(--surface)",
  "--diffs-font-family": "var(--font-geist-mono), ui-monospace, monospace",
  "--diffs-header-font-family": "var(--font-geist-sans), ui-sans-serif, system-ui, sans-serif",
  "--diffs-font-size": "12px",
  "--diffs-line-height": "20px",
} as CSSProperties;
