// An adapter that needs no network: every operation shows one thing that the kit does.
import { Adapter, CallFailed, Unsupported } from '../ws2adapter.mjs';

const waiting = [];

const adapter = new Adapter({
  implementation: 'sample',
  version: '7',
  providers: [{ name: 'none', type: 'SOCK_STREAM', flags: [], families: [] }],
  dispose: async () => console.log('disposed of'),
  errorName: (error) => (error.code === undefined ? undefined : `WSA${error.code}`),
});

adapter.operation('socket', 'as provider', ({ as }) => adapter.name(as, { thing: 'Thing' }));
adapter.operation('send', 'socket data flags?', ({ socket, data }) => {
  console.log('a stray line');
  return { returns: data.length, data: data.reverse(), thing: socket.thing };
});
adapter.operation('recv', 'socket length', ({ length }) => {
  throw new CallFailed('WSAENOTCONN', { len: length });
});
adapter.operation('connect', 'socket addr', ({ addr }) => {
  throw Object.assign(new Error('from the system'), { code: addr });
});
adapter.operation('listen', 'socket backlog', ({ backlog }) => backlog.nonsense());
adapter.operation('shutdown', 'socket how', ({ how }) => {
  throw new Unsupported(how);
});
adapter.operation('accept', 'socket as', () => new Promise((resolve) => waiting.push(resolve)));
adapter.operation('closesocket', 'socket', () => {
  waiting.shift()('at last');
  return 0;
});
adapter.operation('WSAAccept', 'socket as condition?', async (fields, { upcall }) => {
  const decision = await upcall({ condition: { caller_data: Buffer.from('hi') } });
  return { returns: decision.verdict, data: decision.callee_data };
});
adapter.operation('WSAWaitForMultipleEvents', 'events', ({ events }) => events.length);
adapter.operation('getsockname', 'socket', () => 'x'.repeat(1 << 20));

adapter.serve();
