export { GET } from "@/app/api/health/route";

export const dynamic = "force-dynamic";
