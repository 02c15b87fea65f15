// Adapter: the operating system's TCP, through Node's net module.
//
// Node connects, accepts and reads by itself, and has no options to ask for: what it cannot be asked
// is not offered.

import net from 'node:net';
import { errorName, first, noFlags } from './emitters.mjs';
import { Adapter, CallFailed, Unsupported, formatAddress, parseAddress } from './ws2adapter.mjs';

// A socket of the suite: nothing but an address before it listens or connects.
class Endpoint {
  stream = null;
  server = null;
  bound = null;
  requests = []; // accepted by Node, and not yet by the suite
  waiting = []; // those who wait in accept
  closed = false;

  constructor(stream = null) {
    if (stream !== null) this.adopt(stream);
  }

  adopt(stream) {
    this.stream = stream;
    stream.on('error', (problem) => (this.failure = problem));
  }

  live() {
    if (this.closed) throw new CallFailed('WSAENOTSOCK');
    return this;
  }

  connected() {
    if (this.live().stream === null) throw new CallFailed('WSAENOTCONN');
    return this.stream;
  }
}

function close(endpoint) {
  endpoint.closed = true;
  for (const stream of endpoint.requests) stream.resetAndDestroy();
  for (const interrupt of endpoint.waiting.splice(0)) interrupt(null);
  endpoint.server?.close();
  endpoint.stream?.destroy();
}

const adapter = new Adapter({
  implementation: "the operating system's TCP",
  version: `${process.platform}, Node.js ${process.versions.node}`,
  providers: [
    {
      name: 'tcp',
      type: 'SOCK_STREAM',
      flags: ['XP1_GUARANTEED_DELIVERY', 'XP1_GUARANTEED_ORDER', 'XP1_GRACEFUL_CLOSE'],
      families: ['AF_INET', 'AF_INET6'],
      capabilities: ['half-close', 'relayable'],
    },
  ],
  only: { shutdown: { how: ['SD_SEND'] } },
  errorName,
  dispose: (endpoint) => {
    endpoint.stream?.resetAndDestroy();
    close(endpoint);
  },
});

adapter.operation('socket', 'as provider family?', ({ as }) => adapter.name(as, new Endpoint()));

adapter.operation('bind', 'socket addr', ({ socket, addr }) => {
  socket.live().bound = parseAddress(addr);
});

adapter.operation('listen', 'socket backlog', async ({ socket, backlog }) => {
  if (socket.live().bound === null) throw new CallFailed('WSAEINVAL');
  const server = (socket.server ??= net.createServer({ allowHalfOpen: true, pauseOnConnect: true }));
  server.listen({ ...socket.bound, backlog: typeof backlog === 'number' ? backlog : 511 });
  await first(server, 'listening');
  server.on('connection', (stream) => {
    if (socket.waiting.length > 0) socket.waiting.shift()(stream);
    else socket.requests.push(stream);
  });
});

adapter.operation('accept', 'socket as', async ({ socket, as }) => {
  if (socket.live().server === null) throw new CallFailed('WSAEINVAL');
  const stream =
    socket.requests.shift() ?? (await new Promise((resolve) => socket.waiting.push(resolve)));
  if (stream === null) throw new CallFailed('WSAEINTR'); // closed meanwhile
  const name = adapter.name(as, new Endpoint(stream));
  return { returns: name, addr: formatAddress(stream.remoteAddress, stream.remotePort) };
});

adapter.operation('connect', 'socket addr', async ({ socket, addr }) => {
  if (socket.live().stream !== null) throw new CallFailed('WSAEISCONN');
  const { host: localAddress, port: localPort } = socket.bound ?? {};
  const to = { ...parseAddress(addr), localAddress, localPort };
  const stream = net.connect({ ...to, allowHalfOpen: true, noDelay: true });
  await first(stream, 'connect');
  stream.pause();
  socket.adopt(stream);
});

adapter.operation('send', 'socket data flags?', async ({ socket, data, flags }) => {
  noFlags(flags);
  const stream = socket.connected();
  if (data === null) throw new Unsupported('data: null');
  await new Promise((resolve, reject) => {
    stream.write(data, (problem) => (problem ? reject(socket.failure ?? problem) : resolve()));
  });
  return data.length;
});

adapter.operation('recv', 'socket length flags?', async ({ socket, length, flags }) => {
  noFlags(flags);
  const stream = socket.connected();
  if (length === 0) throw new Unsupported('length: 0');
  while (stream.readableLength === 0) {
    if (socket.failure !== undefined) throw socket.failure;
    if (socket.closed) throw new CallFailed('WSAEINTR');
    if (stream.readableEnded) return { returns: 0, data: Buffer.alloc(0) };
    stream.read(0); // makes Node look at the connection
    await first(stream, 'readable', 'end', 'close');
    if (stream.readableLength === 0 && !stream.destroyed) stream.read();
  }
  const data = stream.read(Math.min(length, stream.readableLength));
  return { returns: data.length, data };
});

adapter.operation('shutdown', 'socket how', async ({ socket, how }) => {
  if (how !== 'SD_SEND') throw new Unsupported(String(how));
  await new Promise((resolve) => socket.connected().end(resolve));
});

adapter.operation('closesocket', 'socket', ({ socket }) => close(socket.live()));

adapter.operation('getsockname', 'socket', ({ socket }) => {
  const { server, stream } = socket.live();
  if (server === null && stream === null) throw new CallFailed('WSAEINVAL'); // nobody has bound it
  const { address, port } = (server ?? stream).address();
  return { returns: 0, addr: formatAddress(address, port) };
});

adapter.operation('getpeername', 'socket', ({ socket }) => {
  const { remoteAddress, remotePort } = socket.connected();
  if (remoteAddress === undefined) throw new CallFailed('WSAENOTCONN');
  return { returns: 0, addr: formatAddress(remoteAddress, remotePort) };
});

adapter.serve();
