import type { Metadata } from "next";
import { NotificationForm } from "@/components/conversation/notification-form";

export const metadata: Metadata = { title: "Notifications" };

export default function NotificationsPage() {
  return <NotificationForm />;
}
