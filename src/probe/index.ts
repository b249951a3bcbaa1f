export { type AddressRanges, addressRanges, isPublic } from "./addresses.ts";
export {
  type Fetched,
  type FetchRefusal,
  type FetchRules,
  type FetchWish,
  type GuardedFetch,
  makeGuardedFetch,
} from "./guarded-fetch.ts";
