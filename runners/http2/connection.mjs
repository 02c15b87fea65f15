// One HTTP/2 stream as a connection, as Node.js's http2 module shows it:
//
//   caller data       a request header, in base64       the request waits for the response: HTTP/2's
//   callee data       a response header, in base64      own way of deciding before the caller goes on
//   data              DATA frames, both ways
//   graceful end      END_STREAM, 'end' at the peer     with trailers: the disconnect data, base64
//   abortive end      RST_STREAM or a lost session      'aborted', 'error' or a code other than 0
import http2 from 'node:http2';

import { Changes } from '../node/transport.mjs';
import { CallFailed } from '../node/ws2adapter.mjs';

const { NGHTTP2_CANCEL, NGHTTP2_REFUSED_STREAM } = http2.constants;

const CALLER_DATA = 'x-caller-data';
const CALLEE_DATA = 'x-callee-data';
const DISCONNECT_DATA = 'x-disconnect-data';
// nghttp2 sends 65,536 octets of a header block at most (Node's maxSendHeaderBlockLength), and
// counts the other fields too: this much base64 beside those that are sent here was found to fit,
// and four characters more were not.
export const CALLER_DATA_MAX = 49_047;
export const CALLEE_DATA_MAX = 49_068;
export const DISCONNECT_DATA_MAX = 49_116;
// The name in a request counts too, so it does not depend on the address.
const AUTHORITY = 'ws2conform';

// Node's codes, where they are more than that the connection broke.
export const ERRORS = {
  EADDRINUSE: 'WSAEADDRINUSE',
  EADDRNOTAVAIL: 'WSAEADDRNOTAVAIL',
  ECONNREFUSED: 'WSAECONNREFUSED',
  ERR_HTTP2_INVALID_STREAM: 'WSAECONNRESET',
  ERR_STREAM_DESTROYED: 'WSAECONNRESET',
  ERR_STREAM_WRITE_AFTER_END: 'WSAESHUTDOWN',
};

// A stream whose session failed has that as its cause.
const nameOf = (error) => ERRORS[(error.cause ?? error).code] ?? 'WSAECONNRESET';

const CONNECTED = 200;
const REJECTED = 403;

const octetsOf = (headers, name) =>
  headers[name] === undefined ? null : Buffer.from(headers[name], 'base64');
const headersOf = (name, octets) => (octets === null ? {} : { [name]: octets.toString('base64') });

// What both ends do with a stream.
export class Connection {
  changes = new Changes();
  trailers = {};
  peerData = null; // what the peer's trailers carried
  gone = null; // the error's name, once the connection broke
  ended = false; // the peer ended gracefully, and everything it sent was read
  local = '';
  remote = '';

  constructor(stream) {
    this.stream = stream;
    stream.on('readable', () => {
      if (stream.readableLength === 0) stream.read(); // otherwise there is no 'end'
      this.changes.tell();
    });
    stream.on('trailers', (headers) => (this.peerData = octetsOf(headers, DISCONNECT_DATA)));
    stream.on('wantTrailers', () => stream.sendTrailers(this.trailers));
    stream.on('aborted', () => this.broke('WSAECONNRESET'));
    stream.on('frameError', () => this.broke('WSAEFAULT')); // a frame too large to be sent
    stream.on('error', (error) => this.broke(nameOf(error)));
    // 'end' comes after an abort too.
    stream.on('end', () => this.gone ?? this.change(() => (this.ended = true)));
    stream.on('close', () => {
      if (!this.ended) this.broke('WSAECONNRESET');
    });
    stream.on('drain', () => this.changes.tell());
  }

  change(action) {
    action();
    this.changes.tell();
  }

  // 'error' comes after 'aborted' and may know a better name.
  broke(error) {
    const known = this.gone !== null && (error === 'WSAECONNRESET' || this.gone === 'WSAEFAULT');
    if (!known) this.change(() => (this.gone = error));
  }

  get readable() {
    return this.stream.readableLength > 0 || this.ended || this.gone !== null;
  }

  get readableLength() {
    return this.stream.readableLength;
  }

  receive(length) {
    const size = Math.min(length, this.stream.readableLength);
    if (size > 0) {
      const data = this.stream.read(size);
      // Without this there is no 'end' after the last octet.
      if (this.stream.readableLength === 0) this.stream.read(0);
      return { returns: data.length, data };
    }
    if (this.ended || length === 0) return { returns: 0, data: Buffer.alloc(0) };
    throw new CallFailed(this.gone);
  }

  // Node takes all of it, and asks the caller to wait for 'drain' before it gives more.
  async send(data, nonblocking) {
    if (nonblocking && this.stream.writableNeedDrain) throw new CallFailed('WSAEWOULDBLOCK');
    await this.changes.until(() => this.gone !== null || !this.stream.writableNeedDrain);
    if (this.gone !== null) throw new CallFailed(this.gone);
    // A write that cannot be made says so by its callback, soon; otherwise that comes when the octets
    // have gone, which nobody waits for.
    let failure = null;
    this.stream.write(data, (error) => (failure ??= error ?? null));
    await new Promise(setImmediate);
    if (failure !== null) throw failure;
    return data.length;
  }

  end(data) {
    if (this.gone !== null) throw new CallFailed(this.gone);
    if (!this.stream.writableEnded) this.trailers = headersOf(DISCONNECT_DATA, data);
    this.stream.end();
    return 0;
  }

  disconnectData() {
    if (this.gone !== null) throw new CallFailed(this.gone);
    return this.peerData;
  }

  // What is still to be read is of no interest any more.
  close(abortively) {
    if (abortively) {
      this.stream.close(NGHTTP2_CANCEL);
    } else {
      if (!this.stream.writableEnded) this.stream.end();
      this.stream.removeAllListeners('readable');
      this.stream.resume();
    }
    this.session.close();
  }

  destroy() {
    this.session.destroy();
  }

  get session() {
    return this.ownSession ?? this.stream.session ?? { close() {}, destroy() {} };
  }

  named(socket) {
    this.local = [socket.localAddress, socket.localPort];
    this.remote = [socket.remoteAddress, socket.remotePort];
    return this;
  }
}

// Asks for a connection. Its outcome is awaited with `connected`.
export class Caller extends Connection {
  calleeData = null;
  outcome = null; // 'connected', or the name of the error that it was not

  // `bound` is the address to call from, or null.
  constructor(addr, bound, callerData) {
    const { host: localAddress, port: localPort } = bound ?? {};
    const session = http2.connect(`http://${addr}`, { localAddress, localPort });
    const headers = { ':method': 'POST', ':authority': AUTHORITY };
    super(
      session.request(
        { ...headers, ...headersOf(CALLER_DATA, callerData) },
        { endStream: false, waitForTrailers: true },
      ),
    );
    this.ownSession = session;
    session.on('connect', () => this.named(session.socket));
    session.on('error', (error) => this.decided(nameOf(error)));
    this.stream.on('response', (headers) => {
      this.calleeData = octetsOf(headers, CALLEE_DATA);
      this.decided(headers[':status'] === CONNECTED ? 'connected' : 'WSAECONNREFUSED');
    });
    this.stream.on('close', () => {
      const refused = this.stream.rstCode === NGHTTP2_REFUSED_STREAM && this.gone !== 'WSAEFAULT';
      this.decided(refused ? 'WSAECONNREFUSED' : this.gone);
    });
  }

  decided(outcome) {
    this.change(() => (this.outcome ??= outcome));
  }
}

// A request that came to a listener.
export class Request {
  constructor(stream, headers) {
    this.connection = new Connection(stream).named(stream.session.socket);
    this.callerData = octetsOf(headers, CALLER_DATA);
  }

  accept(calleeData) {
    if (this.connection.gone !== null) throw new CallFailed(this.connection.gone);
    const headers = { ':status': CONNECTED, ...headersOf(CALLEE_DATA, calleeData) };
    this.connection.stream.respond(headers, { waitForTrailers: true });
    return this.connection;
  }

  // The caller may have gone in the meantime.
  reject() {
    if (this.connection.gone !== null) return;
    this.connection.stream.respond({ ':status': REJECTED }, { endStream: true });
    this.connection.close(false);
  }

  // Nobody looked at it.
  refuse() {
    this.connection.stream.close(NGHTTP2_REFUSED_STREAM);
  }
}
