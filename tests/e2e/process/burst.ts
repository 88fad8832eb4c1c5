/** Statements of a burst; thousands in `npm run test:long`. */
export const BURST = Number(process.env['BURST'] ?? '120');
