import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  serverExternalPackages: ["pg", "pg-boss", "postgres"],
  allowedDevOrigins: ["127.0.0.1"],
  turbopack: { root: import.meta.dirname },
};

export default config;
