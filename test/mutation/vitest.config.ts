import { defineConfig } from "vitest/config";
import { mutatedRooms } from "./rooms.ts";

// The mutation run starts one process a room and tells it which by the environment: Stryker passes no include list on.
const room = process.env["CLOUDPASS_MUTATED_ROOM"] ?? "";

export default defineConfig({
  test: { include: [...(mutatedRooms[room]?.tests ?? [])], testTimeout: 20_000, hookTimeout: 60_000, isolate: false },
});
