// AMQP 1.0 connections as rhea has them, under the names on the wire of amqp/amqp.py:
//
//   caller data       a property of the caller's open    it waits for the acceptor's open
//   callee data       a property of the acceptor's open
//   data              messages of one data section each, on a link for each direction
//   rejection         open that says so (amqp:connection-establishment-failed), and close
//   graceful end      close; the disconnect data is in its error condition
//   abortive end      the transport's end without a close
//
// rhea answers an open and a close by itself, in the same turn. Here the two methods that it calls
// for that, open() and close(), do nothing until the application has decided: what goes out then is
// what rhea writes.
import net from 'node:net';

import { Changes } from '../node/transport.mjs';
import { CallFailed } from '../node/ws2adapter.mjs';

export const LARGEST = 60_000; // octets: rhea has no limit, and these are the largest that were tried
const CREDIT = 100; // messages on their way

const CALLER_DATA = 'ws2conform:caller-data';
const CALLEE_DATA = 'ws2conform:callee-data';
const DISCONNECT = 'ws2conform:disconnect';
// The convention of AMQP 1.0 brokers for an open that is followed by a close.
const FAILED = 'amqp:connection-establishment-failed';

const OPTIONS = {
  container_id: 'ws2conform',
  reconnect: false,
  disable_sasl: true,
  receiver_options: { credit_window: 0 }, // credit is given as messages are read
  sender_options: { snd_settle_mode: 1 }, // sent is settled
};

const limited = (data) => {
  if ((data?.length ?? 0) > LARGEST) throw new CallFailed('WSAEFAULT');
  return data;
};
const propertyOf = (name, data) => (data === null ? {} : { [name]: data });

// What both ends do with a connection.
export class Connection {
  changes = new Changes();
  messages = []; // received, and not read
  sender = null;
  receiver = null;
  ended = false; // the peer closed
  gone = false; // the transport ended, or rhea took it for that
  peerData = null; // what the peer's close carried
  local = [];
  remote = [];

  constructor(rhea, options) {
    this.rhea = rhea;
    const tell = (action) => (context) => {
      action(context);
      this.changes.tell();
    };
    const amqp = rhea.create_connection({ ...OPTIONS, ...options });
    this.amqp = amqp;
    amqp.on(
      'message',
      tell(({ message }) => this.messages.push(message.body.content)),
    );
    amqp.on(
      'connection_close',
      tell(() => {
        this.ended = true;
        this.peerData = amqp.error?.info?.data ?? null;
      }),
    );
    amqp.on('connection_error', () => {}); // 'connection_close' comes too
    const lose = tell(() => (this.gone = true));
    for (const event of ['disconnected', 'protocol_error', 'error']) amqp.on(event, lose);
    // What rhea does by itself.
    this.answerOpen = amqp.open.bind(amqp);
    this.answerClose = amqp.close.bind(amqp);
    amqp.close = () => {};
  }

  // `socket` is connected.
  use(socket) {
    this.socket = socket;
    this.local = [socket.localAddress, socket.localPort];
    this.remote = [socket.remoteAddress, socket.remotePort];
    // Credit, for one, is told by an event only while both ends are open.
    socket.on('data', () => this.changes.tell());
    socket.on('close', () => {
      this.gone ||= !this.ended;
      this.changes.tell();
    });
  }

  get readable() {
    return this.messages.length > 0 || this.ended || this.gone;
  }

  get readableLength() {
    return this.messages[0]?.length ?? 0;
  }

  receive(length) {
    if (this.messages.length === 0)
      throw new CallFailed(this.ended ? 'WSAEDISCON' : 'WSAECONNRESET');
    const message = this.messages.shift();
    this.receiver.add_credit(1);
    const data = message.subarray(0, length);
    if (message.length > length) throw new CallFailed('WSAEMSGSIZE', { data });
    return { returns: data.length, data };
  }

  async send(data, nonblocking) {
    const writable = () => this.sender?.sendable() ?? false;
    if (nonblocking && !this.gone && !writable()) throw new CallFailed('WSAEWOULDBLOCK');
    await this.changes.until(() => writable() || this.gone);
    if (this.gone) throw new CallFailed('WSAECONNRESET');
    this.sender.send({ body: this.rhea.message.data_section(data) });
    return data.length;
  }

  end(data) {
    limited(data);
    if (this.gone) throw new CallFailed('WSAECONNRESET');
    this.answerClose(data === null ? undefined : { condition: DISCONNECT, info: { data } });
    return 0;
  }

  disconnectData() {
    if (this.gone && !this.ended) throw new CallFailed('WSAECONNRESET');
    return this.peerData;
  }

  close(abortively) {
    if (abortively) this.destroy();
    else if (!this.gone) this.end(null);
  }

  destroy() {
    this.gone = true;
    this.socket?.resetAndDestroy();
    this.changes.tell();
  }
}

// Asks for a connection.
export class Caller extends Connection {
  calleeData = null;
  outcome = null; // 'connected', or the name of the error that it was not

  constructor(rhea, errors, addr, bound, callerData) {
    const { host: localAddress, port: localPort } = bound ?? {};
    const connect = (port, host, options, connected) => {
      const socket = net.connect({ ...addr, localAddress, localPort, allowHalfOpen: true });
      this.socket = socket;
      socket.on('error', ({ code }) => this.decided(errors[code] ?? 'WSAECONNRESET'));
      socket.on('close', () => this.decided('WSAECONNRESET'));
      socket.on('connect', () => {
        this.use(socket);
        connected();
      });
      return socket;
    };
    super(rhea, {
      properties: propertyOf(CALLER_DATA, limited(callerData)),
      connection_details: () => ({ connect, options: {} }),
    });
    this.amqp.on('connection_open', () => {
      const properties = this.amqp.properties ?? {};
      if (properties[FAILED]) return; // and a close follows
      this.calleeData = properties[CALLEE_DATA] ?? null;
      this.sender = this.amqp.open_sender('to the acceptor');
      this.receiver = this.amqp.open_receiver('to the caller');
      this.receiver.add_credit(CREDIT);
      this.decided('connected');
    });
    this.amqp.on('connection_close', () => this.decided('WSAECONNREFUSED'));
    this.amqp.connect();
  }

  decided(outcome) {
    this.outcome ??= outcome;
    this.changes.tell();
  }
}

// What came to a listener: a request as soon as its open is there, which `asked` is told.
export class Request {
  callerData = null;

  constructor(rhea, socket, asked) {
    this.connection = new Connection(rhea, {});
    const { amqp } = this.connection;
    amqp.open = () => {};
    amqp.on('connection_open', () => {
      this.callerData = amqp.properties?.[CALLER_DATA] ?? null;
      asked(this);
    });
    amqp.on('sender_open', ({ sender }) => (this.connection.sender = sender));
    amqp.on('receiver_open', ({ receiver }) => {
      this.connection.receiver = receiver;
      receiver.add_credit(CREDIT);
    });
    this.connection.use(socket);
    amqp.accept(socket);
  }

  accept(calleeData) {
    if (this.connection.gone) throw new CallFailed('WSAECONNRESET');
    this.open(propertyOf(CALLEE_DATA, calleeData));
    return this.connection;
  }

  reject() {
    if (this.connection.gone) return;
    this.open({ [FAILED]: true });
    this.connection.end(null);
  }

  open(properties) {
    this.connection.amqp.local.open.properties = properties;
    this.connection.answerOpen();
  }
}
