import type { AnyRoute } from "./request.ts";

/** The audit, as far as an answer depends on it. */
interface Auditing {
  /** Throws `Fault` when an entry could not be written now. */
  check(): void;
  /** Resolves when every entry so far is written; rejects with `Fault` when one cannot be. */
  written(): Promise<void>;
}

/**
 * Nothing is begun that could not be written down, and nothing answered before it is (S-68). What anybody may read, keys
 * and metadata, is there anyhow.
 */
export const audited = ({ check, written }: Auditing, route: AnyRoute): AnyRoute =>
  route.public
    ? route
    : {
        ...route,
        handle: async (request) => {
          check();
          try {
            return await route.handle(request);
          } finally {
            await written();
          }
        },
      };
