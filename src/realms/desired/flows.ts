import type { Plain, PlainMap } from "../../reconcile/index.ts";
import type { StepEntry } from "../format/flows.ts";
import { builtInFlows } from "../format/known.ts";
import type { RealmSpec } from "../format/model.ts";
import type { RealmResource } from "../identity.ts";
import { browserFlow, firstLoginFlow, membersFlow } from "../markers.ts";
import { defined, merge } from "./fields.ts";
import { firstLoginSteps } from "./first-login.ts";

/** Flows of the file, ours for first logins where an identity provider uses it, and required actions. */
export function desiredFlows(spec: RealmSpec): RealmResource[] {
  const uses = spec.upstreams.some(
    (u) => u.flows.firstLogin === firstLoginFlow || (u.flows.firstLogin === undefined && u.template !== "custom"),
  );
  return [
    ...(spec.flows[firstLoginFlow] === undefined && (spec.broker !== undefined || uses) ? [ours] : []),
    ...(usesOwnBrowserFlow(spec) ? [hasMembers(spec) ? browserWithMembers : browser] : []),
    ...Object.entries(spec.flows).map(
      ([alias, flow]): RealmResource => ({
        // What comes with every realm is there already, and stays.
        kind: builtInFlows.includes(alias) ? "builtin-flow" : "authentication-flow",
        key: alias,
        fields: {
          description: flow.description,
          providerId: `${flow.type}-flow`,
          steps: flow.steps.map(stepOf),
        },
      }),
    ),
  ];
}

/** Whether somebody lives in the realm who has no identity provider and signs in all the same. */
export const hasMembers = ({ broker, organizations }: RealmSpec): boolean =>
  broker !== undefined && organizations.some(({ members }) => members !== undefined);

/** A file that binds a browser flow of its own means it for the broker, too. */
export const usesOwnBrowserFlow = ({ broker, bindings }: RealmSpec): boolean =>
  broker !== undefined && bindings?.browser === undefined;

/**
 * Nothing but the session and the way to the identity provider that the broker names. The built-in flow goes on to a form for
 * a password, which nobody has who comes to the broker: after an error of the provider people would be left there. This one
 * ends on Keycloak's error page, which leads back to the broker (`baseUrl` of its client).
 */
const browser: RealmResource = {
  kind: "authentication-flow",
  key: browserFlow,
  fields: {
    description: "How people come to cloudpass: through the identity provider of their organization.",
    providerId: "basic-flow",
    steps: [
      { does: "auth-cookie", requirement: "ALTERNATIVE" },
      { does: "identity-provider-redirector", requirement: "ALTERNATIVE" },
    ],
  },
};

/**
 * The same, and for who comes with the scope of an organization a form: password, then the second factor. Nobody else sees it, so
 * an error of an identity provider still ends on the page that leads back.
 */
const browserWithMembers: RealmResource = {
  kind: "authentication-flow",
  key: membersFlow,
  fields: {
    description: "How people come to cloudpass: through an identity provider, or as members of their organization.",
    providerId: "basic-flow",
    steps: [
      { does: "auth-cookie", requirement: "ALTERNATIVE" },
      { does: "identity-provider-redirector", requirement: "ALTERNATIVE" },
      {
        flow: `${membersFlow} member`,
        requirement: "ALTERNATIVE",
        steps: [
          {
            flow: `${membersFlow} form`,
            requirement: "CONDITIONAL",
            steps: [
              {
                does: "conditional-client-scope",
                requirement: "REQUIRED",
                config: { alias: `${membersFlow} scope`, config: { client_scope: "organization" } },
              },
              { does: "auth-username-password-form", requirement: "REQUIRED" },
              {
                flow: `${membersFlow} second factor`,
                requirement: "CONDITIONAL",
                steps: [
                  { does: "conditional-user-configured", requirement: "REQUIRED" },
                  { does: "auth-otp-form", requirement: "REQUIRED" },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
};

const ours: RealmResource = {
  kind: "authentication-flow",
  key: firstLoginFlow,
  fields: {
    description: "First login of a person: never links to an account that exists.",
    providerId: "basic-flow",
    steps: firstLoginSteps,
  },
};

function stepOf(step: StepEntry): Plain {
  const requirement = step.requirement.toUpperCase();
  if ("flow" in step) {
    const { flow, description, form } = step;
    return {
      ...defined({ flow, requirement, description: description === "" ? undefined : description }),
      ...(form !== undefined && { type: "form-flow", provider: form }),
      steps: step.steps.map(stepOf),
    };
  }
  const config = step.config && { alias: step.config.alias, config: step.config.settings };
  return defined({ does: step.does, requirement, config });
}

/** What people may be asked to do after a login. */
export const desiredActions = (spec: RealmSpec): RealmResource[] =>
  Object.entries(spec.requiredActions).map(([alias, action]) => {
    const { name, enabled, everybody, priority } = action;
    const fields: PlainMap = defined({ name, enabled, defaultAction: everybody, priority });
    return { kind: "required-action", key: alias, fields: merge(fields, action.raw) };
  });
