export { commitIdOf } from "./commit-object.ts";
export type { Changes } from "./draft.ts";
export type { GitCall, RunGit } from "./git.ts";
export { openRepository, type Repository, type RepositoryDeps, type RepositorySettings } from "./open.ts";
export type { NotSaved } from "./save.ts";
