/** The pages of the menu, by the first part of their hash. */
export const PAGES = 'overview statements compare errors cloudfetch retries fleet configuration health'.split(' ');
