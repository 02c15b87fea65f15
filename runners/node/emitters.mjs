// The kit's part for implementations that are Node's own kind: emitters of events, whose errors have
// Node's codes.

import { Unsupported } from './messages.mjs';

// One condition in both worlds. All others are called alike, with WSA before.
const RENAMED = {
  EPIPE: 'WSAECONNRESET',
  ERR_STREAM_DESTROYED: 'WSAENOTSOCK',
  ERR_STREAM_WRITE_AFTER_END: 'WSAESHUTDOWN',
  ERR_SERVER_ALREADY_LISTEN: 'WSAEINVAL',
  ERR_SERVER_NOT_RUNNING: 'WSAENOTSOCK',
};

// Winsock's name of a condition that Node tells; undefined for what is no condition of a socket.
export function errorName({ code }) {
  return RENAMED[code] ?? (/^E[A-Z]+$/.test(code) ? `WSA${code}` : undefined);
}

// Waits for one of an emitter's events; throws for 'error'.
export function first(emitter, ...events) {
  return new Promise((resolve, reject) => {
    const settle = (how, event) => (value) => {
      for (const [name, listener] of listeners) emitter.off(name, listener);
      how(event === 'error' ? value : event);
    };
    const listeners = events.map((event) => [event, settle(resolve, event)]);
    listeners.push(['error', settle(reject, 'error')]);
    for (const [name, listener] of listeners) emitter.on(name, listener);
  });
}

// Of calls that have none to pass on.
export function noFlags(flags) {
  if (flags !== undefined && flags.length > 0) throw new Unsupported(String(flags));
}
