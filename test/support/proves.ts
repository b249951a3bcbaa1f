import { beforeEach } from "vitest";
import type { MatrixClient } from "./clients-page.ts";

declare module "vitest" {
  interface TaskMeta {
    client?: MatrixClient;
  }
}

/** Every test of the file proves something of this client. */
export function proves(client: () => MatrixClient | Promise<MatrixClient>): void {
  beforeEach(async ({ task }) => {
    task.meta.client = await client();
  });
}
