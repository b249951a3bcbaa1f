import { formatTime } from "../format-time.ts";
import { noticeKind } from "./kind.ts";

/** What is told of grants. */
export const grantNotices = {
  /** A grant with a window ends tomorrow; to who holds it, and to who gave it. */
  "grant-ending": noticeKind<{
    readonly tenant: string;
    readonly grant: string;
    /** The name of who holds it, and of what is given. */
    readonly person: string;
    readonly what: string;
    /** RFC 3339. */
    readonly ends: string;
  }>()({
    webhook: ["grant", "what", "ends"],
    page: ({ tenant, grant }) => ["console", tenant, "grants", grant],
    texts: {
      en: ({ person, what, ends, tenant }) => ({
        subject: `A right ends soon: ${what}`,
        paragraphs: [
          `The right "${what}" of ${person} at ${tenant} ends on ${formatTime("en", ends)}.`,
          "If it is still needed then, ask for it again, or give it again.",
        ],
      }),
      de: ({ person, what, ends, tenant }) => ({
        subject: `Ein Recht endet bald: ${what}`,
        paragraphs: [
          `Das Recht „${what}“ von ${person} bei ${tenant} endet am ${formatTime("de", ends)}.`,
          "Wird es dann noch gebraucht, beantragen Sie es neu oder geben Sie es neu.",
        ],
      }),
    },
  }),
} as const;
