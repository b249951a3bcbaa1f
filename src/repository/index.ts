export type { Changes } from "./draft.ts";
export type { GitCall, RunGit } from "./git.ts";
export { commitIdOf, openRepository, type Repository, type RepositoryDeps, type RepositorySettings } from "./open.ts";
export type { NotSaved } from "./save.ts";
