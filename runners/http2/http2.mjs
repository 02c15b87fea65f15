// Adapter: HTTP/2 streams, through Node.js's own http2 module. One connection is one stream in a
// session of its own; connection.mjs says what corresponds to what.
import http2 from 'node:http2';

import { ServerListener, transportAdapter } from '../node/transport.mjs';
import {
  CALLEE_DATA_MAX,
  CALLER_DATA_MAX,
  Caller,
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

class Listener extends ServerListener {
  constructor() {
    super(http2.createServer());
    this.server.on('sessionError', () => {}); // its streams tell
    this.server.on('stream', (stream, headers) => {
      this.requests.push(new Request(stream, headers));
      this.changes.tell();
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

transportAdapter({
  implementation: "Node.js's http2",
  version: `Node.js ${process.versions.node}, nghttp2 ${process.versions.nghttp2}`,
  provider: PROVIDER,
  errors: ERRORS,
  Caller,
  Listener,
}).serve();
