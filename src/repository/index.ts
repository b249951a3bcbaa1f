export type { Author, Commit } from "./commit-object.ts";
export type { GitAnswer, GitCall, RunGit } from "./git.ts";
export type { Files, PolicyFile } from "./objects.ts";
export { commitIdOf, openRepository, type Repository, type RepositoryDeps, type RepositorySettings } from "./open.ts";
export type { FileProblem } from "./paths.ts";
export type { NotSaved, Save, Saved } from "./save.ts";
export type { Changes } from "./write.ts";
