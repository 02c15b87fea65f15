// The kit for writing a ws2conform adapter in JavaScript (Node.js 18 or newer, nothing else).
//
//     import { Adapter, parseAddress } from './ws2adapter.mjs';
//
//     const adapter = new Adapter({
//       implementation: 'my stack',
//       version: '1.0',
//       providers: [{ name: 'tcp', type: 'SOCK_STREAM', flags: [...], families: ['AF_INET'] }],
//       dispose: (handle) => handle.abort(),
//     });
//     adapter.operation('recv', 'socket length flags?', async ({ socket, length, flags = [] }) => {
//       const data = await socket.receive(length);
//       return { returns: data.length, data };
//     });
//     adapter.serve();
//
// The second argument of operation() names the fields that the request may have, "?" after those
// that may be absent. `socket` and `event` (and each of `events`) arrive as the object that the
// adapter gave that name with name(); octet fields arrive as a Buffer, or null for NULL.
//
// What a function gives, at once or by a promise: the call's return value (0 for nothing), or an
// object with "returns" and the out-parameters. A Buffer becomes base64. A call that failed throws CallFailed
// (an error that errorName() has a name for is one too); a value that the adapter does not know
// throws Unsupported, a senseless request AdapterError, and so does, in effect, anything else, with
// its stack on standard error.
//
// A call that waits holds up no other, whatever their `lanes`, and calls can be made while a condition function is
// open (`nested`): an operation's second argument has upcall(fields), a promise of the decision.

import {
  AdapterError,
  CallFailed,
  Lines,
  Unsupported,
  decodeOctets,
  parse,
  serialize,
} from './messages.mjs';

export { FILLER, MAX_OCTETS, formatAddress, parseAddress } from './messages.mjs';
export { AdapterError, CallFailed, Unsupported };

const PROTOCOL_VERSION = 1;
const LANES = 16;

export class Adapter {
  // errorName(error, fields) gives the name of the error that an exception of a call stands for, or
  // undefined. dispose(handle) ends a socket or event object for `reset`, abortively where need be;
  // it may be given one that is closed already, and may return a promise.
  constructor({ dispose, errorName = () => undefined, ...description }) {
    this.description = description; // the hello's implementation, version, providers, only
    this.dispose = dispose;
    this.errorName = errorName;
    this.operations = new Map();
    this.handles = new Map();
    this.decisions = new Map(); // the id of a request whose condition function is open -> resolvers
    this.operation('reset', '', () => this.reset());
  }

  operation(name, fields, call) {
    const known = fields.split(' ').filter((field) => field !== '');
    this.operations.set(name, {
      call,
      known: new Set(known.map((field) => field.replace('?', ''))),
      needed: known.filter((field) => !field.endsWith('?')),
    });
  }

  // Gives a handle its name, for the life of the process or until reset. Returns the name, as
  // `socket` and its kin do.
  name(name, handle) {
    this.handles.set(name, handle);
    return name;
  }

  async reset() {
    const handles = [...this.handles.values()];
    this.handles.clear();
    await Promise.all(handles.map((handle) => this.dispose(handle)));
    return 0;
  }

  hello() {
    return {
      hello: PROTOCOL_VERSION,
      lanes: LANES,
      nested: true,
      operations: [...this.operations.keys()].sort(),
      ...this.description,
    };
  }

  // Says hello and answers requests until standard input ends.
  serve() {
    const write = process.stdout.write.bind(process.stdout);
    // A stray console.log() lands on standard error.
    process.stdout.write = process.stderr.write.bind(process.stderr);
    process.stdout.on('error', () => process.exit(0));
    this.output = (line) => write(line);
    this.write(this.hello());
    const lines = new Lines((line) => this.handleLine(line));
    process.stdin.on('data', (chunk) => lines.add(chunk));
    process.stdin.on('end', () => {
      if (!lines.empty) console.error('standard input ended in the middle of a line');
      process.exit(0);
    });
  }

  // Answers one request, or hands on one decision.
  async handleLine(line) {
    let message;
    try {
      message = parse(line);
      delete message.lane; // every call is a promise: none holds up another
    } catch (problem) {
      // Without an id there is nothing to answer to, but silence would look like a hang.
      this.write({ id: null, adapter_error: problem.message });
      return;
    }
    if (this.decisions.size > 0 && !('op' in message)) {
      this.decide(message);
    } else {
      this.write({ id: message.id, ...(await this.result(message)) });
    }
  }

  // What is neither a request nor the decision of an open condition function ends them all.
  decide(message) {
    const open = this.decisions.get(message.id);
    try {
      if (open === undefined) {
        throw new AdapterError(`a condition function waits for its decision, got ${message.id}`);
      }
      open.resolve(decodeOctets(message));
    } catch (problem) {
      const ended = open === undefined ? [...this.decisions.values()] : [open];
      for (const { reject } of ended) reject(problem);
    }
  }

  async result({ id, op, announce, ...given }) {
    let fields = {};
    try {
      if (typeof op !== 'string') throw new AdapterError('a request needs an op');
      const operation = this.operations.get(op);
      if (operation === undefined) throw new Unsupported(op);
      fields = this.fields(op, operation, given);
      if (announce) this.write({ id, started: true });
      const upcall = (upward) => this.upcall(id, upward);
      const result = await operation.call(fields, { upcall });
      return typeof result === 'object' && result !== null ? result : { returns: result ?? 0 };
    } catch (problem) {
      if (problem instanceof CallFailed) return problem.reply;
      if (problem instanceof Unsupported) return { unsupported: problem.message };
      if (problem instanceof AdapterError) return { adapter_error: problem.message };
      const error = this.errorName(problem, fields);
      if (error !== undefined) return { error };
      console.error(problem);
      return { adapter_error: String(problem) };
    }
  }

  // Sends a message while the call `id` is pending, and gives the suite's decision. Where that is
  // none, it throws: the call is to be rejected, and the exception handed on.
  async upcall(id, fields) {
    try {
      return await new Promise((resolve, reject) => {
        this.decisions.set(id, { resolve, reject });
        this.write({ id, ...fields });
      });
    } finally {
      this.decisions.delete(id);
    }
  }

  // Checks the fields of a request and converts them.
  fields(op, { known, needed }, given) {
    const fields = decodeOctets(given);
    for (const [field, value] of Object.entries(fields)) {
      if (!known.has(field)) throw new Unsupported(`${op}.${field}`);
      if (field === 'socket' || (field === 'event' && value !== null)) {
        fields[field] = this.handle(field === 'event' ? 'event object' : field, value);
      } else if (field === 'events') {
        fields[field] = value.map((name) => this.handle('event object', name));
      } else if (field === 'as' && (typeof value !== 'string' || this.handles.has(value))) {
        throw new AdapterError(`the name ${JSON.stringify(value)} is taken or no name`);
      }
    }
    const absent = needed.find((field) => !(field in fields));
    if (absent !== undefined) throw new AdapterError(`${op} needs the field "${absent}"`);
    return fields;
  }

  handle(kind, name) {
    if (this.handles.has(name)) return this.handles.get(name);
    throw new AdapterError(`no ${kind} is called ${JSON.stringify(name)}`);
  }

  write(message) {
    this.output(serialize(message));
  }
}
