import { err, ok, type Result } from "../core/index.ts";
import { parseXml, type XmlElement } from "./xml.ts";

/** Where a SAML service is, and how it is spoken to. */
interface SamlService {
  readonly binding: string;
  readonly location: string;
}

/** What SAML 2.0 metadata says of an identity provider, as far as brokering needs it. */
export interface SamlMetadata {
  readonly entityId: string;
  /** As written: the element's own and those of what is around it; the earliest counts. */
  readonly validUntil: readonly string[];
  readonly protocols: string;
  readonly wantsSignedRequests: boolean;
  /** Base64, of keys for signatures; a key without a use is for both. */
  readonly signingCertificates: readonly string[];
  readonly nameIdFormats: readonly string[];
  readonly singleSignOn: readonly SamlService[];
  readonly singleLogout: readonly SamlService[];
}

const md = "urn:oasis:names:tc:SAML:2.0:metadata";
const ds = "http://www.w3.org/2000/09/xmldsig#";

/** Start of the names of the bindings; the rest is `HTTP-POST` or `HTTP-Redirect`. */
export const bindingPrefix = "urn:oasis:names:tc:SAML:2.0:bindings:";

/** Reads metadata of one identity provider (SAML 2.0 Metadata section 2.4.3); says in a sentence why it is not one. */
export function readSamlMetadata(text: string): Result<SamlMetadata, string> {
  const parsed = parseXml(text);
  if (!parsed.ok) return parsed;
  const entities = descendants(parsed.value, md, "EntityDescriptor");
  const entitiesOfIdentityProviders = entities.filter(
    (entity) => childrenOf(entity, md, "IDPSSODescriptor").length > 0,
  );
  const [entity] = entitiesOfIdentityProviders;
  if (entity === undefined) return err("it describes no SAML identity provider (IDPSSODescriptor)");
  if (entitiesOfIdentityProviders.length > 1)
    return err(`it describes ${entitiesOfIdentityProviders.length} identity providers; one is expected`);
  const role = childrenOf(entity, md, "IDPSSODescriptor")[0] as XmlElement;
  const services = (name: string) => childrenOf(role, md, name).map(serviceOf);
  return ok({
    entityId: entity.attributes["entityID"] ?? "",
    validUntil: [...new Set([parsed.value, entity, role])].flatMap((e) => e.attributes["validUntil"] ?? []),
    protocols: role.attributes["protocolSupportEnumeration"] ?? "",
    wantsSignedRequests: /^(?:true|1)$/.test(role.attributes["WantAuthnRequestsSigned"] ?? ""),
    signingCertificates: childrenOf(role, md, "KeyDescriptor")
      .filter((key) => key.attributes["use"] !== "encryption")
      .flatMap((key) => descendants(key, ds, "X509Certificate").map((it) => it.text.replace(/\s/g, ""))),
    nameIdFormats: childrenOf(role, md, "NameIDFormat").map((it) => it.text.trim()),
    singleSignOn: services("SingleSignOnService"),
    singleLogout: services("SingleLogoutService"),
  });
}

const serviceOf = ({ attributes }: XmlElement): SamlService => ({
  binding: attributes["Binding"] ?? "",
  location: attributes["Location"] ?? "",
});

const is = (element: XmlElement, namespace: string, name: string): boolean =>
  element.namespace === namespace && element.name === name;

const childrenOf = (element: XmlElement, namespace: string, name: string): readonly XmlElement[] =>
  element.children.filter((child) => is(child, namespace, name));

/** The element itself, or what is in it, of this name. */
function descendants(element: XmlElement, namespace: string, name: string): XmlElement[] {
  if (is(element, namespace, name)) return [element];
  return element.children.flatMap((child) => descendants(child, namespace, name));
}
