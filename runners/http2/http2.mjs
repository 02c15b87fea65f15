// Adapter: HTTP/2 streams, through Node.js's own http2 module. One connection is one stream in a
// session of its own; connection.mjs says what corresponds to what.
import http2 from 'node:http2';

import {
  Adapter,
  AdapterError,
  CallFailed,
  FILLER,
  Unsupported,
  formatAddress,
  parseAddress,
} from '../node/ws2adapter.mjs';
import {
  CALLEE_DATA_MAX,
  CALLER_DATA_MAX,
  Caller,
  Changes,
  DISCONNECT_DATA_MAX,
  ERRORS,
  Request,
} from './connection.mjs';

const PROVIDER = {
  name: 'http2',
  type: 'SOCK_STREAM',
  flags: [
    'XP1_GUARANTEED_DELIVERY',
    'XP1_GUARANTEED_ORDER',
    'XP1_GRACEFUL_CLOSE',
    'XP1_CONNECT_DATA',
    'XP1_DISCONNECT_DATA',
  ],
  families: ['AF_INET', 'AF_INET6'],
  capabilities: ['conditional-accept', 'delayed-accept', 'half-close', 'relayable'],
  caller_data_max: CALLER_DATA_MAX,
  callee_data_max: CALLEE_DATA_MAX,
  disconnect_data_max: DISCONNECT_DATA_MAX,
  disconnect_reply_max: DISCONNECT_DATA_MAX,
};

// A stream is made by connecting or accepting, and a server binds when it listens: until then there
// is nothing to call anything on.
const CONNECTED = { state: ['connected'] };
const LISTENING = { state: ['listening'] };
const NO_ADDRESS = { no_addr: [], no_addrlen: [], addr_capacity: [] };
const ONLY = {
  bind: { state: ['fresh'] },
  listen: { state: ['bound'] },
  connect: { state: ['fresh', 'bound'], addr_length: [] },
  WSAConnect: { state: ['fresh', 'bound'], addr_length: [], sqos: [], gqos: [] },
  accept: { ...LISTENING, ...NO_ADDRESS },
  WSAAccept: { ...LISTENING, ...NO_ADDRESS, callback_data: [] },
  condition: { verdict: ['CF_ACCEPT', 'CF_REJECT', 'CF_DEFER'], altered_sqos: [], group: [] },
  send: { ...CONNECTED, flags: [] },
  recv: { ...CONNECTED, flags: [] },
  shutdown: { ...CONNECTED, how: ['SD_SEND'] },
  WSASendDisconnect: { state: ['connected', 'receiving-ended'] },
  WSARecvDisconnect: CONNECTED,
  closesocket: { state: ['fresh', 'bound', 'listening', 'connected', 'receiving-ended'] },
  setsockopt: {
    ...CONNECTED,
    level: [],
    data: [],
    option: ['SO_LINGER'],
    value: [{ onoff: 1, linger: 0 }],
  },
  ioctlsocket: { command: ['FIONBIO', 'FIONREAD'] },
  getsockname: { state: ['listening', 'connected'] },
  getpeername: CONNECTED,
};

class Listener {
  requests = [];
  changes = new Changes();
  server = http2.createServer();

  constructor() {
    this.server.on('sessionError', () => {}); // its streams tell
    this.server.on('stream', (stream, headers) => {
      this.requests.push(new Request(stream, headers));
      this.changes.tell();
    });
  }

  listen(addr, backlog) {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ ...addr, backlog, ipv6Only: true }, resolve);
    });
  }

  close() {
    this.server.close();
    for (const request of this.requests.splice(0)) request.refuse();
    this.changes.tell();
  }

  destroy() {
    this.server.close();
    for (const { connection } of this.requests) connection.destroy();
  }
}

// The object behind a name. Node has none that is not yet a listener or a connection.
class Socket {
  bound = null;
  listener = null;
  connection = null;
  nonblocking = false;
  hard = false; // closing is abortive
  closed = false;

  // The listener or connection that a call is about.
  part(name, call) {
    if (this.closed) throw new CallFailed('WSAENOTSOCK');
    if (this[name] === null) throw new Unsupported(`${call} of a socket without ${name}`);
    return this[name];
  }
}

const adapter = new Adapter({
  implementation: "Node.js's http2",
  version: `Node.js ${process.versions.node}, nghttp2 ${process.versions.nghttp2}`,
  providers: [PROVIDER],
  only: ONLY,
  errorName: (error) => ERRORS[error.code],
  dispose: (socket) => {
    socket.listener?.destroy();
    socket.connection?.destroy();
  },
});

adapter.operation('socket', 'as provider family?', ({ as, provider }) => {
  if (provider !== PROVIDER.name) throw new AdapterError(`no provider is called ${provider}`);
  return adapter.name(as, new Socket());
});

// Node binds where it listens.
adapter.operation('bind', 'socket addr', ({ socket, addr }) => {
  if (socket.closed) throw new CallFailed('WSAENOTSOCK');
  socket.bound = parseAddress(addr);
  return 0;
});

adapter.operation('listen', 'socket backlog', async ({ socket, backlog }) => {
  const addr = socket.part('bound', 'listen');
  socket.listener = new Listener();
  await socket.listener.listen(addr, backlog === 'SOMAXCONN' ? undefined : backlog);
  return 0;
});

async function connect({ socket, addr, caller_data: data = null, callee_capacity: capacity }) {
  if (socket.closed) throw new CallFailed('WSAENOTSOCK');
  parseAddress(addr);
  const caller = new Caller(addr, socket.bound, data);
  if (socket.nonblocking) {
    socket.connection = caller;
    throw new CallFailed('WSAEWOULDBLOCK');
  }
  await caller.changes.until(() => caller.outcome !== null);
  if (caller.outcome !== 'connected') {
    caller.destroy();
    throw new CallFailed(caller.outcome);
  }
  socket.connection = caller;
  return { returns: 0, ...calleeData(caller.calleeData ?? Buffer.alloc(0), capacity) };
}

function calleeData(data, capacity) {
  if (capacity == null) return { callee_len: 0, callee_data: null };
  if (data.length <= capacity) return { callee_len: data.length, callee_data: data };
  const untouched = { callee_len: capacity, callee_data: Buffer.alloc(capacity, FILLER) };
  throw new CallFailed('WSAEFAULT', untouched);
}

adapter.operation('connect', 'socket addr', connect);
adapter.operation('WSAConnect', 'socket addr caller_data? callee_capacity?', connect);

// The next request, still in its place.
async function firstRequest({ socket }) {
  const listener = socket.part('listener', 'accept');
  if (socket.nonblocking && listener.requests.length === 0) throw new CallFailed('WSAEWOULDBLOCK');
  await listener.changes.until(() => listener.requests.length > 0 || socket.closed);
  if (socket.closed) throw new CallFailed('WSAEINTR');
  return listener;
}

function accepted(as, connection) {
  const socket = new Socket();
  socket.connection = connection;
  return { returns: adapter.name(as, socket), addr: formatAddress(...connection.remote) };
}

adapter.operation('accept', 'socket as', async (fields) => {
  const listener = await firstRequest(fields);
  return accepted(fields.as, listener.requests.shift().accept(null));
});

adapter.operation('WSAAccept', 'socket as condition?', async (fields, { upcall }) => {
  const listener = await firstRequest(fields);
  const request = listener.requests.shift();
  if (!fields.condition) return accepted(fields.as, request.accept(null));
  const condition = {
    caller_id: formatAddress(...request.connection.remote),
    caller_data: request.callerData,
    sqos: null,
    gqos: null,
    callee_id: formatAddress(...request.connection.local),
    callee_capacity: CALLEE_DATA_MAX,
    same_thread: true,
  };
  let decision = { verdict: 'CF_REJECT' };
  try {
    decision = await upcall({ condition });
  } finally {
    if (decision.verdict === 'CF_REJECT') request.reject();
    if (decision.verdict === 'CF_DEFER') listener.requests.unshift(request);
  }
  if (decision.verdict === 'CF_REJECT') throw new CallFailed('WSAECONNREFUSED');
  if (decision.verdict === 'CF_DEFER') throw new CallFailed('WSATRY_AGAIN');
  if (decision.verdict !== 'CF_ACCEPT') throw new Unsupported(String(decision.verdict));
  return accepted(fields.as, request.accept(decision.callee_data ?? null));
});

adapter.operation('send', 'socket data', ({ socket, data }) =>
  socket.part('connection', 'send').send(data, socket.nonblocking),
);

adapter.operation('recv', 'socket length', async ({ socket, length }) => {
  const connection = socket.part('connection', 'recv');
  if (socket.nonblocking && !connection.readable) throw new CallFailed('WSAEWOULDBLOCK');
  await connection.changes.until(() => connection.readable || socket.closed);
  if (socket.closed) throw new CallFailed('WSAEINTR');
  return connection.receive(length);
});

adapter.operation('shutdown', 'socket how', ({ socket, how }) => {
  const connection = socket.part('connection', 'shutdown');
  if (how !== 'SD_SEND') throw new Unsupported(String(how));
  return connection.end(null);
});

adapter.operation('WSASendDisconnect', 'socket data?', ({ socket, data = null }) =>
  socket.part('connection', 'WSASendDisconnect').end(data),
);

adapter.operation('WSARecvDisconnect', 'socket capacity?', ({ socket, capacity }) =>
  socket.part('connection', 'WSARecvDisconnect').disconnectData(capacity),
);

adapter.operation('closesocket', 'socket', ({ socket }) => {
  if (socket.closed) throw new CallFailed('WSAENOTSOCK');
  socket.closed = true;
  socket.listener?.close();
  socket.connection?.close(socket.hard);
  socket.connection?.changes.tell();
  return 0;
});

adapter.operation('setsockopt', 'socket option value', ({ socket, option, value }) => {
  if (socket.closed) throw new CallFailed('WSAENOTSOCK');
  if (option !== 'SO_LINGER' || value.onoff !== 1 || value.linger !== 0) {
    throw new Unsupported(option);
  }
  socket.hard = true;
  return 0;
});

adapter.operation('ioctlsocket', 'socket command argument?', ({ socket, command, argument }) => {
  if (socket.closed) throw new CallFailed('WSAENOTSOCK');
  if (command === 'FIONREAD') {
    const { stream } = socket.part('connection', 'ioctlsocket');
    return { returns: 0, value: stream.readableLength };
  }
  if (command !== 'FIONBIO') throw new Unsupported(command);
  socket.nonblocking = argument !== 0;
  return { returns: 0, value: argument };
});

adapter.operation('getsockname', 'socket', ({ socket }) => {
  if (socket.closed) throw new CallFailed('WSAENOTSOCK');
  const { address, port } = socket.listener?.server.address() ?? {};
  const name = port === undefined ? socket.part('connection', 'getsockname').local : [address, port];
  return { returns: 0, addr: formatAddress(...name) };
});

adapter.operation('getpeername', 'socket', ({ socket }) => {
  const { remote } = socket.part('connection', 'getpeername');
  return { returns: 0, addr: formatAddress(...remote) };
});

adapter.serve();
