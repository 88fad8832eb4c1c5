const DAY_MS = 86_400_000;

/** Yesterday at 14:30 UTC: pictures show the same times of day whenever they are made. */
export const PICTURE_END_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS + 52_200_000;
