// Adapter: AMQP 1.0 connections, through rhea; connection.mjs says what corresponds to what.
// usage: rhea.mjs NODE_MODULES, the folder that has rhea
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { resolve } from 'node:path';

import { ServerListener, transportAdapter } from '../node/transport.mjs';
import { parseAddress } from '../node/ws2adapter.mjs';
import { Caller, LARGEST, Request } from './connection.mjs';

const folder = resolve(process.argv[2], 'rhea');
const rhea = createRequire(import.meta.url)(folder);
const { version } = JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8'));

// Node's codes, where they are more than that the connection broke.
const ERRORS = {
  EADDRINUSE: 'WSAEADDRINUSE',
  EADDRNOTAVAIL: 'WSAEADDRNOTAVAIL',
  ECONNREFUSED: 'WSAECONNREFUSED',
};

class Listener extends ServerListener {
  unasked = new Set(); // connected, and no open has come

  constructor() {
    super(net.createServer({ allowHalfOpen: true, noDelay: true }));
    this.server.on('connection', (socket) => {
      const request = new Request(rhea, socket, () => {
        this.unasked.delete(request);
        this.requests.push(request);
        this.changes.tell();
      });
      this.unasked.add(request);
    });
  }

  close() {
    this.server.close();
    for (const request of this.requests.splice(0)) request.reject();
    for (const { connection } of this.unasked) connection.destroy();
    this.changes.tell();
  }

  destroy() {
    this.server.close();
    for (const { connection } of [...this.requests, ...this.unasked]) connection.destroy();
  }
}

transportAdapter({
  implementation: 'rhea',
  version: `${version}, Node.js ${process.versions.node}`,
  provider: {
    name: 'amqp',
    type: 'SOCK_SEQPACKET',
    flags: [
      'XP1_GUARANTEED_DELIVERY',
      'XP1_GUARANTEED_ORDER',
      'XP1_MESSAGE_ORIENTED',
      'XP1_GRACEFUL_CLOSE',
      'XP1_CONNECT_DATA',
      'XP1_DISCONNECT_DATA',
    ],
    families: ['AF_INET', 'AF_INET6'],
    capabilities: ['conditional-accept', 'delayed-accept', 'half-close', 'relayable'],
    caller_data_max: LARGEST,
    callee_data_max: LARGEST,
    disconnect_data_max: LARGEST,
    disconnect_reply_max: LARGEST,
  },
  errors: ERRORS,
  Caller: class extends Caller {
    constructor(addr, bound, callerData) {
      super(rhea, ERRORS, parseAddress(addr), bound, callerData);
    }
  },
  Listener,
}).serve();
