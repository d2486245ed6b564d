import type { MetadataRoute } from "next";

export default function manifest(): MetadataRoute.Manifest {
  return {
    name: "Coppice",
    short_name: "Coppice",
    start_url: "/",
    display: "standalone",
    background_color: "#fafbfa",
    theme_color: "#fafbfa",
    icons: [{ src: "/icon.svg", sizes: "any", type: "image/svg+xml" }],
  };
}
