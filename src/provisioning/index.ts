export { addGroup, changeGroup, findGroup, listGroups, removeGroup } from "./group.ts";
export { isActive, openProvisioned } from "./provisioned.ts";
export type { Attributes, ProvisioningDeps, Resource } from "./resource.ts";
export { comparedAs, openSources, type Source, type Sources, signInTag } from "./source.ts";
export { addToken, listTokens, removeToken, type ScimToken, tokenOf } from "./token.ts";
export { addUser, changeUser, findUser, listUsers, noteEnded, removeUser, userUnder } from "./user.ts";
