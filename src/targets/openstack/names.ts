import type { Random } from "../../core/index.ts";

/** What checks make for a moment begins so: no tenant's name begins with a hyphen, so it is never taken for a tenant's. */
export const checkPrefix = "cloudpass--check-";

/** True for the id of a federation object that stands for a tenant. */
export const isOurId = (id: string): boolean => id.startsWith("cloudpass-") && !id.startsWith(checkPrefix);

/** A name for what a check makes for a moment. */
export const newCheckId = (random: Random): string => `${checkPrefix}${random.bytes(4).toString("hex")}`;
