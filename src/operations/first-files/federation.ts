import { isLoopback } from "../../core/index.ts";
import { OperationRefused } from "../refused.ts";

/** A cloud or a cluster that is there: its name in the policy and its address. */
export interface FoundTarget {
  readonly name: string;
  readonly address: string;
}

/** A customer with an identity provider that is there. */
export interface FoundCustomer {
  readonly name: string;
  /** E-mail domain of its people. */
  readonly domain: string;
  /** Of its identity provider. */
  readonly issuer: string;
}

/** What a new broker is told of the world around it: all that nobody but the operator knows, each fact once. */
export interface Federation {
  /** Address of the broker, as everybody knows it. */
  readonly issuer: string;
  /** PEM files with which the broker serves https itself, by absolute paths; absent: a proxy ends TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** PEM file of a private certificate authority, by its absolute path. */
  readonly caFile?: string;
  /** Address of the Keycloak server. */
  readonly keycloak: string;
  /** An administrator's name there. */
  readonly keycloakUser: string;
  /** Realm that is made there. */
  readonly realm: string;
  readonly clouds: readonly FoundTarget[];
  readonly clusters: readonly FoundTarget[];
  readonly customers: readonly FoundCustomer[];
}

// Not what YAML takes for no text, nor names of the broker's own: its console, its command, the policy file of targets.
const slug = /^(?!(?:null|true|false|console|cloudpass|targets)$)[a-z](?:[a-z0-9-]{0,46}[a-z0-9])?$/;
const domain = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

/** A name of a cloud, cluster, customer or realm; refuses what files could not hold. */
export function checkName(name: string, what: string): string {
  if (slug.test(name) || (what === "realm" && name === "cloudpass")) return name;
  throw new OperationRefused(`"${name}" is no name for a ${what}`, {
    meaning: "A name is of small letters, digits and dashes, begins with a letter, and is none of the broker's own.",
    remedy: what === "customer" ? "give one such as acme" : "give one such as gx1",
  });
}

/** An address of https, or of http on this machine, as the files have it: without a slash at the end. */
export function checkAddress(address: string, what: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isWeb = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  const isBare =
    url !== undefined && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (isWeb && isBare && !/[\s"'`$\\]/.test(address)) return address.replace(/\/+$/, "");
  throw new OperationRefused(`"${address}" is no address of ${what}`, {
    meaning: "It is https, or http on this machine, without user, query and fragment.",
    remedy: "give one like https://login.example",
  });
}

/** An e-mail domain in plain form. */
function checkDomain(name: string): string {
  if (domain.test(name)) return name;
  throw new OperationRefused(`"${name}" is no e-mail domain`, {
    remedy: "give one in small letters, such as acme.example",
  });
}

/** `name=address`, as it is typed for a cloud or a cluster. */
export function readTarget(typed: string, what: "cloud" | "cluster"): FoundTarget {
  const [name, address] = halves(typed, "=");
  const example = what === "cloud" ? "gx1=https://api.gx1.example:5000/v3" : "prod1=https://k8s.prod1.example:6443";
  if (name === undefined || address === undefined) {
    throw new OperationRefused(`"${typed}" is not a name and an address of a ${what}`, { remedy: `give ${example}` });
  }
  const checked = checkAddress(address, `a ${what}`);
  if (what === "cloud" && !/\/v3$/.test(checked)) {
    throw new OperationRefused(`the address of the cloud "${name}" does not end in /v3`, {
      meaning: "It is the address of Keystone, version 3, with its path.",
      remedy: `give ${example}`,
    });
  }
  return { name: checkName(name, what), address: checked };
}

/** `name=domain,issuer`, as it is typed for a customer. */
export function readCustomer(typed: string): FoundCustomer {
  const [name, rest = ""] = halves(typed, "=");
  const [ofPeople, issuer] = halves(rest, ",");
  if (name === undefined || ofPeople === undefined || issuer === undefined) {
    throw new OperationRefused(`"${typed}" is not a customer's name, e-mail domain and identity provider`, {
      remedy: "give acme=acme.example,https://idp.acme.example/realms/people",
    });
  }
  return {
    name: checkName(name, "customer"),
    domain: checkDomain(ofPeople),
    issuer: checkAddress(issuer, `the identity provider of ${name}`),
  };
}

function halves(text: string, sign: string): [string, string] | [undefined, undefined] {
  const at = text.indexOf(sign);
  return at < 1 || at === text.length - 1
    ? [undefined, undefined]
    : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** Refuses names that stand for two things, and a federation in which nobody would get anything. */
export function checkFederation(federation: Federation): Federation {
  const { clouds, clusters, customers } = federation;
  for (const [what, names] of [
    ["a cloud or cluster", [...clouds, ...clusters].map((t) => t.name)],
    ["a customer", customers.map((c) => c.name)],
    ["an e-mail domain", customers.map((c) => c.domain)],
  ] as const) {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined)
      throw new OperationRefused(`"${twice}" is ${what} twice`, { remedy: "give each one name" });
  }
  for (const [list, what] of [
    [[...clouds, ...clusters], "cloud or cluster"],
    [customers, "customer"],
  ] as const) {
    if (list.length === 0) {
      throw new OperationRefused(`there is no ${what}`, {
        remedy: "name at least one: without it nobody gets anything",
      });
    }
  }
  return federation;
}
