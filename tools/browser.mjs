import { accessSync, constants } from 'node:fs';

/** Where Chromium and its kin are usually installed. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The browser that BROWSER names, else one that is installed; undefined when there is none. */
export function findBrowser() {
  const named = process.env.BROWSER;
  return (named === undefined ? PLACES : [named]).find(isExecutable);
}
