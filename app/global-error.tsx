"use client";

/** Stands in for the whole document when not even the root layout could be drawn. */
export default function GlobalError({ reset }: { reset: () => void }) {
  return (
    <html lang="en">
      <body style={{ fontFamily: "system-ui, sans-serif", padding: "4rem 2rem" }}>
        <h1 style={{ fontSize: 16 }}>Coppice could not show this page.</h1>
        <p style={{ fontSize: 14 }}>No run is affected. The server's log tells more.</p>
        <button type="button" onClick={reset}>
          Try again
        </button>
      </body>
    </html>
  );
}
