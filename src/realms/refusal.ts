/** A request that Keycloak, or something before it, refused. */
export interface Refused {
  readonly status: number;
  /** Keycloak's one-line reason, or "". */
  readonly reason: string;
  /** Keycloak's code of the reason, such as `invalid_client_metadata`, or "". */
  readonly code: string;
  /** What was asked for: to look at something, to take it away, or to have it made or written. */
  readonly asked: "read" | "remove" | "write";
}

/** What a refusal means, and what is to be done. */
interface Meaning {
  readonly means: string;
  readonly remedy: string;
}

interface Row extends Meaning {
  readonly status: number | readonly number[];
  readonly reason?: RegExp;
  readonly code?: RegExp;
  readonly asked?: Refused["asked"];
}

const planAgain = "Make a new plan, which shows what stands there and whose it is";

/** The first row that fits counts: what Keycloak says narrows it down, and the status alone comes last. */
const rows: readonly Row[] = [
  {
    ...{ status: 409, reason: /^New flow alias name already exists/ },
    means: "a flow, or a flow within any flow of the realm, has this name already",
    remedy: "Give it another name in the realm file",
  },
  {
    ...{ status: 409, reason: /already exists|exists with same name|Conflicting policy|Duplicate resource/ },
    means: "something of this name is there, which the plan did not see: it was made since, or is of another kind",
    remedy: `${planAgain}; give yours another name if both are to stay`,
  },
  {
    ...{ status: 409 },
    means: "something that is there stands in its way, or somebody else was writing at the same moment",
    remedy: planAgain,
  },
  {
    ...{ status: 400, reason: /already linked to organization|already associated with a different organization/ },
    means:
      "a domain, and an identity provider, can belong to one organization of a realm, and this one has another already",
    remedy: "Take it from the other organization, or out of the file",
  },
  {
    ...{ status: [400, 404], reason: /provider not found|no such provider|No authentication provider|provider id \[/i },
    means: "this Keycloak has no such provider",
    remedy: "Install the extension that brings it, switch its feature on, or take it out of the file",
  },
  {
    ...{
      status: 400,
      reason: /Unrecognized field|Cannot parse the JSON|Invalid json representation|^unable to read contents/,
    },
    means: "this version of Keycloak does not know a field, or expects another type of value in it",
    remedy: "Correct what the file says under `raw`, or take it out",
  },
  {
    ...{ status: 400, code: /^invalid_(client_metadata|registration|request)$/ },
    means: "a client policy of this realm, or a rule of Keycloak's for all clients, refuses it as it is",
    remedy: "Change the client in the realm file, or the policy whose conditions it meets",
  },
  {
    ...{ status: 400, reason: /^Database operation failed/ },
    means: "Keycloak's database has no room for a text that is this long",
    remedy: "Make it shorter in the realm file",
  },
  {
    ...{ status: 400, reason: /^Failed to add mapper/ },
    means: "the identity provider has a mapper of this name already, or the mapper's configuration is wrong",
    remedy: `${planAgain}; else correct the mapper in the file`,
  },
  {
    ...{ status: 400 },
    means: "Keycloak does not take a value that it was given",
    remedy: "Correct it in the realm file",
  },
  {
    ...{ status: 401 },
    means: "Keycloak does not take its own fresh token: the account or its session was ended, or the clocks differ",
    remedy: "See that the account of the environment file is enabled, and run it again",
  },
  {
    ...{ status: 403, asked: "remove" },
    means: "the account lacks rights on this realm, or Keycloak protects this object from everybody",
    remedy: "Give the account the role realm-admin of this realm, or let the file keep the object",
  },
  {
    ...{ status: 403 },
    means: "the account lacks rights on this realm",
    remedy:
      "Give it the role realm-admin of this realm (in master: of the client named after it), and create-realm to make realms",
  },
  {
    ...{ status: 404 },
    means: "it, or something that it needs, is not there any more: somebody took it away since the plan was made",
    remedy: "Make a new plan",
  },
  {
    ...{ status: 431 },
    means: "the account's token is too large, since it names the account's roles of each realm there is",
    remedy: "Give the account roles of the realms it keeps only, or let its client use lightweight access tokens",
  },
  {
    ...{ status: 413 },
    means: "a proxy before Keycloak finds the request too large",
    remedy: "Let the proxy take larger requests to /admin",
  },
  {
    ...{ status: [408, 429, 502, 503, 504] },
    means: "Keycloak, or a proxy before it, is busy, starting or down",
    remedy: "Wait until it answers, and run it again",
  },
  {
    ...{ status: 500, asked: "remove" },
    means: "Keycloak failed, and says why in its own log only; most often something else still uses the object",
    remedy: "Look there for what uses it, take the use away, and make a new plan",
  },
  {
    ...{ status: 500, asked: "read" },
    means: "Keycloak failed, and says why in its own log only",
    remedy: "Look there, and run it again",
  },
  {
    ...{ status: 500, reason: /^Failed to update realm/ },
    means: "Keycloak failed at the settings; most often they name something that is not there, such as a flow",
    remedy: "Correct them in the realm file; Keycloak's own log says more",
  },
  {
    ...{ status: 500 },
    means:
      "Keycloak failed, and says why in its own log only; most often a text is too long for its database, something named is not there, or a client policy refuses it",
    remedy: "Look there, correct the object in the realm file, and make a new plan",
  },
];

/** What a refusal means and what to do, as two sentences without the last full stop. */
export function formatMeaning(refused: Refused): string {
  const row = rows.find((row) => fits(row, refused));
  if (row === undefined) {
    return "Keycloak, or a proxy before it, refuses the request. See what stands between, and run it again";
  }
  return `${row.means}. ${row.remedy}`;
}

const fits = ({ status, reason, code, asked }: Row, refused: Refused): boolean =>
  [status].flat().includes(refused.status) &&
  (reason?.test(refused.reason) ?? true) &&
  (code?.test(refused.code) ?? true) &&
  (asked === undefined || asked === refused.asked);
