/** PEM material. */
export interface Identity {
  cert: string;
  key: string;
}

export interface Authority extends Identity {
  /** A certificate for servers under every name that a local client might use. */
  issueServer(): Promise<Identity>;
  issueClient(commonName: string): Promise<Identity>;
}

const DAY_MS = 86_400_000;
const NAMES = ['localhost', 'workspace.test', '*.workspace.test', 'local.cloud.databricks.com'];
const ADDRESSES = ['127.0.0.1', '::1', '0.0.0.0'];

/** A certificate authority that lives as long as the process. What makes it is loaded then: it takes longer than to make it. */
export async function createAuthority(): Promise<Authority> {
  const { generate } = await import('selfsigned');
  const common = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;
  const validity = { notBeforeDate: new Date(Date.now() - DAY_MS), notAfterDate: new Date(Date.now() + 365 * DAY_MS) };
  const root = await generate([{ name: 'commonName', value: 'Local workspace CA' }], {
    ...common,
    ...validity,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const ca = { key: root.private, cert: root.cert };
  const leaf = async (commonName: string, usage: 'server' | 'client'): Promise<Identity> => {
    const pem = await generate([{ name: 'commonName', value: commonName }], {
      ...common,
      ...validity,
      ca,
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
        usage === 'server' ? { name: 'extKeyUsage', serverAuth: true } : { name: 'extKeyUsage', clientAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            ...NAMES.map((value) => ({ type: 2 as const, value })),
            ...ADDRESSES.map((ip) => ({ type: 7 as const, ip })),
          ],
        },
      ],
    });
    return { cert: pem.cert, key: pem.private };
  };
  return {
    cert: root.cert,
    key: root.private,
    issueServer: () => leaf('localhost', 'server'),
    issueClient: (commonName) => leaf(commonName, 'client'),
  };
}
