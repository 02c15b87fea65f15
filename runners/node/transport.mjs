// What adapters of transports without sockets of their own share, on the kit of ws2adapter.mjs: the
// operations, on connections of Node's kind. http2/http2.mjs and rhea/rhea.mjs are on it.
//
// A library has, each with `changes` (below) that tells whatever may matter to those who wait:
//
//     Connection   local, remote ([host, port]); gone (falsy, or that it broke); readable,
//                  readableLength; receive(length); send(data, nonblocking); end(data);
//                  disconnectData(); close(abortively); destroy()
//     Caller       a Connection made of (addr, the address bound or null, caller data), with its
//                  outcome ('connected', or the name of the error that it was not) and calleeData
//     Request      connection, callerData; accept(calleeData) gives the connection, or throws; reject()
//     Listener     requests, address(); listen(addr, backlog), a promise; close(); destroy()

import {
  Adapter,
  AdapterError,
  CallFailed,
  FILLER,
  Unsupported,
  formatAddress,
  parseAddress,
} from './ws2adapter.mjs';

// Lets calls wait for whatever happens next.
export class Changes {
  waiting = [];

  tell() {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  async until(holds) {
    while (!holds()) await new Promise((resolve) => this.waiting.push(resolve));
  }
}

// A Listener on a server as Node's net and http2 have it, but for its end, which is each library's own.
export class ServerListener {
  requests = [];
  changes = new Changes();

  constructor(server) {
    this.server = server;
  }

  listen(addr, backlog) {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ ...addr, backlog, ipv6Only: true }, resolve);
    });
  }

  address() {
    return this.server.address();
  }
}

// A connection is made by connecting or accepting, and a server binds when it listens: until then
// there is nothing to call anything on.
const CONNECTED = { state: ['connected'] };
const LISTENING = { state: ['listening'] };
const NOT_OVERLAPPED = { flags: [], overlapped: [], event: [] };
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
  WSASend: { ...CONNECTED, ...NOT_OVERLAPPED },
  recv: { ...CONNECTED, flags: [] },
  WSARecv: { ...CONNECTED, ...NOT_OVERLAPPED },
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

// The next request, still in its place.
async function firstRequest({ socket }) {
  const listener = socket.part('listener', 'accept');
  if (socket.nonblocking && listener.requests.length === 0) throw new CallFailed('WSAEWOULDBLOCK');
  await listener.changes.until(() => listener.requests.length > 0 || socket.closed);
  if (socket.closed) throw new CallFailed('WSAEINTR');
  return listener;
}

// What a call has for a buffer that the suite offers. A library has handed over all of it, so it is
// still there for a larger buffer.
function into(octets, capacity, length, data) {
  if (capacity == null) return { returns: 0, [length]: 0, [data]: null };
  const whole = octets ?? Buffer.alloc(0);
  if (whole.length <= capacity) return { returns: 0, [length]: whole.length, [data]: whole };
  throw new CallFailed('WSAEFAULT', { [length]: capacity, [data]: Buffer.alloc(capacity, FILLER) });
}

// The adapter of a library, whose classes are named above; `errors` are the names of its codes.
export function transportAdapter({ provider, errors, Caller, Listener, ...description }) {
  const adapter = new Adapter({
    ...description,
    providers: [provider],
    only: ONLY,
    errorName: (error) => errors[error.code],
    dispose: (socket) => {
      socket.listener?.destroy();
      socket.connection?.destroy();
    },
  });

  adapter.operation('socket', 'as provider family?', ({ as, provider: name }) => {
    if (name !== provider.name) throw new AdapterError(`no provider is called ${name}`);
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
    return into(caller.calleeData, capacity, 'callee_len', 'callee_data');
  }

  adapter.operation('connect', 'socket addr', connect);
  adapter.operation('WSAConnect', 'socket addr caller_data? callee_capacity?', connect);

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
    // Nobody is asked about a request that was withdrawn.
    if (!fields.condition || request.connection.gone) {
      return accepted(fields.as, request.accept(null));
    }
    const condition = {
      caller_id: formatAddress(...request.connection.remote),
      caller_data: request.callerData,
      sqos: null,
      gqos: null,
      callee_id: formatAddress(...request.connection.local),
      callee_capacity: provider.callee_data_max,
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

  for (const name of ['send', 'WSASend']) {
    adapter.operation(name, 'socket data', ({ socket, data }) =>
      socket.part('connection', name).send(data, socket.nonblocking),
    );
  }

  async function receive({ socket, length }) {
    const connection = socket.part('connection', 'recv');
    if (socket.nonblocking && !connection.readable) throw new CallFailed('WSAEWOULDBLOCK');
    await connection.changes.until(() => connection.readable || socket.closed);
    if (socket.closed) throw new CallFailed('WSAEINTR');
    return connection.receive(length);
  }

  adapter.operation('recv', 'socket length', receive);
  adapter.operation('WSARecv', 'socket length', async (fields) => ({
    ...(await receive(fields)),
    left_flags: [],
  }));

  adapter.operation('shutdown', 'socket how', ({ socket, how }) => {
    const connection = socket.part('connection', 'shutdown');
    if (how !== 'SD_SEND') throw new Unsupported(String(how));
    return connection.end(null);
  });

  adapter.operation('WSASendDisconnect', 'socket data?', ({ socket, data = null }) =>
    socket.part('connection', 'WSASendDisconnect').end(data),
  );

  adapter.operation('WSARecvDisconnect', 'socket capacity?', ({ socket, capacity }) =>
    into(socket.part('connection', 'WSARecvDisconnect').disconnectData(), capacity, 'len', 'data'),
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
      const { readableLength } = socket.part('connection', 'ioctlsocket');
      return { returns: 0, value: readableLength };
    }
    if (command !== 'FIONBIO') throw new Unsupported(command);
    socket.nonblocking = argument !== 0;
    return { returns: 0, value: argument };
  });

  adapter.operation('getsockname', 'socket', ({ socket }) => {
    if (socket.closed) throw new CallFailed('WSAENOTSOCK');
    const { address, port } = socket.listener?.address() ?? {};
    const name =
      port === undefined ? socket.part('connection', 'getsockname').local : [address, port];
    return { returns: 0, addr: formatAddress(...name) };
  });

  adapter.operation('getpeername', 'socket', ({ socket }) => {
    const { remote } = socket.part('connection', 'getpeername');
    return { returns: 0, addr: formatAddress(...remote) };
  });

  return adapter;
}
