import type { AuditEvent } from "./events.ts";

/** What each event says happened, in words. */
export const auditMeanings: Readonly<Record<AuditEvent, string>> = {
  "broker.started": "an instance of the broker listens",
  "login.started": "somebody was sent to an identity provider to sign in",
  "login.succeeded": "a person came back signed in; a browser session began",
  "login.refused": "somebody came back and was not let in",
  "client.refused": "a client could not prove who it is",
  "device.started": "a terminal asked for a device login",
  "device.unknown_code": "a signed-in person entered a code that no login waits for",
  "device.shown": "a person saw the confirmation page of a device login",
  "device.challenged": "a device login was opened from another network than it was started from",
  "device.wrong_tail": "the end of the code was typed wrongly",
  "device.approved": "a person confirmed a device login",
  "device.denied": "a person refused a device login, or had no right to anything it asked for",
  "device.disowned": "a person said of a confirmed device login: this was not me",
  "login.disowned": "a person said of a login in their list: this was not me",
  "device.burnt": "a device login was ended because somebody else presented its code",
  "authorization.approved": "a person let a client log in through the browser",
  "authorization.denied": "a person refused to let a client log in through the browser",
  "authorization.burnt":
    "a code that a person confirmed was presented by another client, or from another network than the browser's: nobody gets it",
  "token.issued": "tokens for one audience were issued",
  "token.revoked": "one access token was ended before its time by its client; its login goes on",
  "token.refused": "tokens were asked for and refused by the policy",
  "refresh.replayed": "a refresh token was used again when it could not be a repetition: somebody has a copy",
  "family.revoked": "a login and everything derived from it was ended",
  "people.revoked": "an operator ended all logins and sessions of a person",
  "change.failed":
    "what an entry just before it announced (`change`, of the same login, person or project) does not stand; `because` says why",
  "keys.created": "the first signing keys were made or restored",
  "keys.rotated": "a new signing key was published, which signs when everybody can know it",
  "keys.retired": "a key that does not sign is no longer published",
  "keys.replaced": "in an emergency, keys were dropped and new ones sign at once",
  "keys.tried": "tokens that give nobody anything were signed for a minute, to try a target's door",
  "chain.started": "an audit file was begun",
  "chain.resumed":
    "an audit file is written again; `torn` = bytes of an unfinished line that were cut off, `lost` = what was missing",
  "chain.touched":
    "somebody else wrote to the audit file while this broker used it; `others` = entries of another broker that left, behind which it goes on; `aside` = the file that was kept, after which it goes on in a new one",
  "chain.closed": "the writer left in an orderly way",
  "upstream.stage_changed":
    "the realm files say something else of a customer's identity provider; closed, it lets nobody in, and nobody stay",
  "access.requested": "somebody asked for a permission set for a time",
  "access.approved": "an access request was approved; its grant has the request's id",
  "access.denied": "an access request was denied",
  "access.withdrawn": "whoever asked does not ask any more",
  "access.expired": "nobody decided an access request in time",
  "access.ending": "what was given on request ends within a day",
  "member.invited":
    "somebody (`sub`) made an account at Keycloak for `member`, a person without an identity provider; `because` says whether by a mail or with a password for one sign-in",
  "member.disabled": "somebody (`sub`) disabled the account of `member` at Keycloak",
  "member.enabled": "somebody (`sub`) enabled it again",
  "member.removed": "somebody (`sub`) took `member` out of the tenant, or an invitation back",
  "member.groups_changed":
    "somebody (`sub`) put `member` into groups of the organization or out of them; `groups` are those of now",
  "member.second_factor_reset": "somebody (`sub`) had `member` set up another second factor",
  "policy.saved":
    "somebody changed a tenant's policy in the console; `commit` is the change in the tenants' repository",
  "policy.proposed":
    "a manager proposed a change of the tenant's policy; it counts when somebody merges it at the remote",
  "review.started":
    "a review of all grants of a tenant began; without `sub` the broker began it, as the tenant's policy says",
  "review.decided":
    "grants of a review were confirmed, shortened or taken back; what changed a policy has its `commit`; without `sub` nobody decided in time",
  "review.told":
    "people were told of a review in which `grants` are left: its managers were reminded, or told that it is overdue, or the operators were told; `too-large`: one that is due does not begin, because there are more grants than its result holds",
  "review.closed": "a review is over; its result is in `commit`, in the tenant's folder of the repository",
  "scim.user_pushed":
    "a customer's directory said something of a user; `by` is its token, `user` the id here, which names nobody",
  "scim.group_pushed": "a customer's directory said something of a group; `by` is its token",
  "scim.token_made":
    "somebody made a token by which a customer's directory pushes its people; `id` is what `by` says later, `expires` its end",
  "scim.token_revoked": "somebody ended such a token",
  "scim.refused": "somebody came to SCIM's endpoints with a token that is none, is over, or is for something else",
  "project.created": "somebody made a project on a cloud through the console, with the rights that they have there",
  "project.changed":
    "somebody described, disabled or enabled a project on a cloud through the console, with the rights that they have there; `because` says which",
  "policy.changed": "the policy files say something else; from now on they are what is decided by",
  "realm.drifted":
    "objects of a Keycloak realm are not as its file says; each with who was last at it, as far as Keycloak knows",
  "target.drifted": "a cloud or cluster is not as the policy says, and is left so",
  "target.reconciled": "a cloud or cluster was made as the policy says, as far as `outcome` tells",
  "rights.pushed":
    "a cloud was told, by a login in the person's name, what is left of the person's rights; `outcome` says whether it took it",
  "notice.delivered":
    "a mail server, or a webhook (`via` is its name), took a notice; whom it was for is not kept here",
  "notice.given_up": "a notice could not be told: it was refused for good, or tried for three days",
  "notice.refused": "a notice was not taken: too many wait for the tenant, or go to one address; once an hour",
  "session.ended": "a browser session was ended",
};
