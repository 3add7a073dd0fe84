// Days as instants, in UTC: a calendar day has no time zone here.

export const DAY = 86_400_000;

export const instant = (day) => Date.parse(`${day}T00:00:00Z`);
