import { describe, expect, it } from "vitest";
import { isoTime, isZone, parseZonedTime } from "../../../src/core/index.ts";

const read = (text: string, zone: string) => {
  const time = parseZonedTime(text, zone);
  return "at" in time ? isoTime(time.at) : time.not;
};

describe("a time as the clocks of a zone show it", () => {
  it.each([
    ["2027-01-31T18:00", "Europe/Berlin", "2027-01-31T17:00:00Z"],
    ["2027-07-31T18:00:30", "Europe/Berlin", "2027-07-31T16:00:30Z"],
    ["2027-07-01", "America/New_York", "2027-07-01T04:00:00Z"],
    ["2027-07-01T00:00", "Pacific/Kiritimati", "2027-06-30T10:00:00Z"],
    ["2027-07-01T12:00", "Asia/Kathmandu", "2027-07-01T06:15:00Z"],
    ["2027-07-01T12:00", "UTC", "2027-07-01T12:00:00Z"],
    // Each side of both changes of 2027.
    ["2027-03-28T01:59:59", "Europe/Berlin", "2027-03-28T00:59:59Z"],
    ["2027-03-28T03:00", "Europe/Berlin", "2027-03-28T01:00:00Z"],
    ["2027-10-31T01:59:59", "Europe/Berlin", "2027-10-30T23:59:59Z"],
    ["2027-10-31T03:00", "Europe/Berlin", "2027-10-31T02:00:00Z"],
  ])("%s in %s is %s", (text, zone, moment) => {
    expect(read(text, zone)).toBe(moment);
  });

  it("the hour that summer time leaves out is none, the one that comes twice is not guessed", () => {
    expect(read("2027-03-28T02:30", "Europe/Berlin")).toBe("gap");
    expect(read("2027-10-31T02:30", "Europe/Berlin")).toBe("twice");
    // Lord Howe Island moves its clocks by half an hour; Samoa left out a whole day.
    expect(read("2027-04-04T01:45", "Australia/Lord_Howe")).toBe("twice");
    expect(read("2011-12-30T12:00", "Pacific/Apia")).toBe("gap");
  });

  it.each(["2027-02-30T10:00", "2027-01-01T24:00", "2027-01-01T10:00Z", "10:00", ""])("%j is no time", (text) => {
    expect(read(text, "Europe/Berlin")).toBe("none");
  });

  it("a zone is a name of the database, no offset and no invention", () => {
    expect(["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5"].map(isZone)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(["Europe/Bonn", "+01:00", "", "Europe/", "../etc"].map(isZone)).toEqual([false, false, false, false, false]);
  });
});
