export { createDelivery } from "./deliver.ts";
export type { NoticeDeps } from "./deps.ts";
export { tryMailServer } from "./mail.ts";
export type { Notices } from "./notice.ts";
export { openNotices } from "./outbox.ts";
export { createWebhookCall } from "./webhook.ts";
