/*
 * Loaded by mocha (`.mocharc.cjs`). For each connection the driver hands Node.js all root certificates, and those of
 * NODE_EXTRA_CA_CERTS, beside the one of the connection (`customCaCert`); to read them takes 60 ms of processor time and
 * more, which is a good part of what many tests take. No server of a test has its certificate from one of them, so a
 * connection of a test does without.
 */
'use strict';

const { readFileSync } = require('node:fs');
const tls = require('node:tls');

const { NODE_EXTRA_CA_CERTS: extra } = process.env;
const roots = new Set([...tls.rootCertificates, ...(extra ? [readFileSync(extra, 'utf8')] : [])]);
const { createSecureContext } = tls;

tls.createSecureContext = (options) => {
  const given = options?.ca;
  if (!Array.isArray(given)) return createSecureContext(options);
  const own = given.filter((certificate) => !roots.has(certificate));
  // A list of nothing else stays: to Node.js an empty one means all roots.
  return createSecureContext(own.length === 0 ? options : { ...options, ca: own });
};
