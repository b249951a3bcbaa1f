/**
 * Every audit event, with the fields that are safe to keep, as the file names them. What is not listed is never written (S-54).
 * Subjects are the broker's own ids; addresses are kept for abuse handling.
 */
export const auditEvents = {
  "broker.started": ["issuer", "store", "policy"],
  "login.started": ["tenant", "upstream", "address"],
  "login.succeeded": ["sub", "tenant", "upstream", "address"],
  "login.refused": ["tenant", "upstream", "address", "code", "because"],
  "client.refused": ["client", "method", "address", "because"],
  "device.started": ["client", "flow", "address"],
  "device.unknown_code": ["sub", "address"],
  "device.shown": ["client", "flow", "sub", "address"],
  "device.challenged": ["client", "flow", "sub", "asker", "address"],
  "device.wrong_tail": ["client", "flow", "sub", "address"],
  "device.approved": ["client", "flow", "sub", "tenant", "address", "groups"],
  "device.denied": ["client", "flow", "sub", "address", "because"],
  "device.disowned": ["client", "flow", "family", "sub", "address"],
  "login.disowned": ["client", "family", "sub", "address"],
  "device.burnt": ["client", "flow", "presentedBy", "address"],
  "authorization.approved": ["client", "flow", "sub", "tenant", "address", "groups", "because"],
  "authorization.denied": ["client", "flow", "sub", "address", "because"],
  "authorization.burnt": ["client", "sub", "presentedBy", "asker", "address", "because"],
  "token.issued": ["client", "sub", "tenant", "audience", "family", "grant", "groups", "address"],
  "token.revoked": ["client", "sub", "family", "audience"],
  "token.refused": ["client", "family", "sub", "code", "because", "address"],
  "refresh.replayed": ["client", "family", "sub", "address"],
  "family.revoked": ["family", "sub", "client", "because"],
  "people.revoked": ["sub", "sessions", "families", "because"],
  "change.failed": ["change", "client", "flow", "family", "sub", "target", "project", "because"],
  "keys.created": ["kids", "because"],
  "keys.rotated": ["kids", "because"],
  "keys.retired": ["kids", "because"],
  "keys.replaced": ["kids", "dropped", "because"],
  "keys.tried": ["audience", "because"],
  "chain.started": ["by"],
  "chain.resumed": ["by", "after", "torn", "lost"],
  "chain.touched": ["by", "after", "others", "aside"],
  "chain.closed": ["by"],
  "upstream.stage_changed": ["upstream", "stage", "before"],
  "access.requested": ["request", "tenant", "sub", "set", "targets", "because"],
  "access.approved": ["request", "tenant", "sub", "by", "set", "targets", "until", "commit"],
  "access.denied": ["request", "tenant", "sub", "by", "because"],
  "access.withdrawn": ["request", "tenant", "sub"],
  "access.expired": ["request", "tenant", "sub"],
  "access.ending": ["request", "tenant", "sub", "by", "until"],
  "member.invited": ["tenant", "sub", "member", "because"],
  "member.disabled": ["tenant", "sub", "member"],
  "member.enabled": ["tenant", "sub", "member"],
  "member.removed": ["tenant", "sub", "member"],
  "member.groups_changed": ["tenant", "sub", "member", "groups"],
  "member.second_factor_reset": ["tenant", "sub", "member"],
  "policy.saved": ["tenant", "sub", "commit", "because"],
  "review.started": ["tenant", "sub", "review", "grants"],
  "review.decided": ["tenant", "sub", "review", "grants", "outcome", "commit"],
  "review.told": ["tenant", "review", "outcome", "grants", "because"],
  "review.closed": ["tenant", "sub", "review", "commit", "because"],
  "scim.user_pushed": ["tenant", "upstream", "user", "change", "by"],
  "scim.group_pushed": ["tenant", "upstream", "group", "change", "by"],
  "scim.token_made": ["tenant", "upstream", "id", "sub", "expires"],
  "scim.token_revoked": ["tenant", "upstream", "id", "sub"],
  "scim.refused": ["address", "because"],
  "project.created": ["tenant", "sub", "target", "project"],
  "project.changed": ["tenant", "sub", "target", "project", "because"],
  "policy.proposed": ["tenant", "sub", "commit", "because"],
  "policy.changed": ["policy", "before"],
  "realm.drifted": ["realm", "differences"],
  "target.drifted": ["target", "steps", "because"],
  "target.reconciled": ["target", "steps", "outcome"],
  "rights.pushed": ["target", "sub", "tenant", "groups", "outcome"],
  "notice.delivered": ["notice", "tenant", "via"],
  "notice.given_up": ["notice", "tenant", "via", "because"],
  "notice.refused": ["notice", "tenant", "because"],
  "session.ended": ["sub", "tenant", "address"],
} as const satisfies Record<string, readonly string[]>;

/** Name of an audit event. */
export type AuditEvent = keyof typeof auditEvents;

/** Our names of fields that the file has under a name of release 0.1.0. What reads the file finds it unchanged. */
export const writtenNames = { login: "family", logins: "families", detail: "because", authorization: "flow" } as const;

/** A field's name in the file, and ours for it. */
type Ours<Written extends string> =
  | {
      readonly [N in keyof typeof writtenNames]: (typeof writtenNames)[N] extends Written ? N : never;
    }[keyof typeof writtenNames]
  | Exclude<Written, (typeof writtenNames)[keyof typeof writtenNames]>;

/** What may be said with an event. */
export type AuditFields<E extends AuditEvent> = {
  readonly [F in Ours<(typeof auditEvents)[E][number]>]?: string | readonly string[] | undefined;
};
