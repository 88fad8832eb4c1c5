import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { codeOf, send, testGateway, type TestGateway } from './testGateway';

describe('a kept connection that the workspace closes just then', () => {
  let workspace: Server;
  let test: TestGateway;
  const seen: string[] = [];
  /** Answers the first request of each connection and cuts the second one off. */
  const serve = (socket: Socket): void => {
    let answered = false;
    socket.on('error', () => undefined);
    socket.on('data', (part) => {
      const line = part.toString().split(' HTTP', 1)[0] ?? '';
      if (!/^[A-Z]+ \//.test(line)) return;
      seen.push(line);
      if (answered) socket.destroy();
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      answered = true;
    });
  };
  beforeEach(async () => {
    seen.length = 0;
    workspace = createServer(serve);
    workspace.listen(0, '127.0.0.1');
    await once(workspace, 'listening');
    test = await testGateway({ upstream: `http://127.0.0.1:${(workspace.address() as AddressInfo).port}` });
    expect((await send(test.port, { path: '/first' })).status).to.equal(200);
  });
  afterEach(async () => {
    await test.gateway.close();
    workspace.close();
  });

  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
    it(`${method} without a body is sent again on another one`, async () => {
      const answer = await send(test.port, { method, path: '/second' });
      expect([answer.status, answer.body.toString()]).to.deep.equal([200, 'ok']);
      expect(seen).to.deep.equal(['GET /first', `${method} /second`, `${method} /second`]);
    });
  }

  for (const [method, body] of [
    ['POST', undefined],
    ['POST', 'a statement'],
    ['PUT', 'a file'],
  ] as const) {
    it(`${method} ${body === undefined ? 'without' : 'with'} a body is not: it may have been done`, async () => {
      const answer = await send(test.port, { method, path: '/second' }, body);
      expect([answer.status, codeOf(answer)]).to.deep.equal([502, 'upstream_unreachable']);
      expect(seen).to.deep.equal(['GET /first', `${method} /second`]);
      expect((await send(test.port, { path: '/third' })).status).to.equal(200);
    });
  }
});
