// The kit's part that knows what is on the wire: lines, JSON, base64, addresses, and the errors
// that replies stand for.

const MAX_LINE = 1 << 20;
const OCTET_FIELDS = ['data', 'caller_data', 'callee_data'];
// As many octets as surely fit, in base64, on one line beside the rest of a reply.
export const MAX_OCTETS = 768_000;
// What buffers hold before a call, so that octets nobody wrote are recognised.
export const FILLER = 0xa5;

// The call reported failure: the error's name, and the out-parameters that it still had.
export class CallFailed extends Error {
  constructor(error, outParameters = {}) {
    super(error);
    this.reply = { error, ...outParameters };
  }
}

// The adapter does not know this value of a field.
export class Unsupported extends Error {}

// The request makes no sense: a fault of suite or adapter, never of the implementation.
export class AdapterError extends Error {}

// Takes "127.0.0.1:80" or "[::1]:80" apart.
export function parseAddress(text) {
  const parts = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  if (parts === null || Number(parts[3]) > 65535) {
    const shown = JSON.stringify(text);
    throw new AdapterError(`${shown} is not an address such as 127.0.0.1:80 or [::1]:80`);
  }
  return { host: parts[1] ?? parts[2], port: Number(parts[3]) };
}

export function formatAddress(host, port) {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

// Cuts input into lines. One beyond MAX_LINE comes out cut, but is read to its end.
export class Lines {
  constructor(online) {
    this.online = online;
    this.parts = [];
    this.length = 0;
  }

  get empty() {
    return this.length === 0;
  }

  add(chunk) {
    let start = 0;
    for (let end; (end = chunk.indexOf('\n', start)) >= 0; start = end + 1) {
      this.keep(chunk.subarray(start, end));
      const line = Buffer.concat(this.parts);
      this.parts = [];
      this.length = 0;
      this.online(line);
    }
    this.keep(chunk.subarray(start));
  }

  keep(part) {
    if (this.length <= MAX_LINE) this.parts.push(part);
    this.length += part.length;
  }
}

// One line as the message that it is.
export function parse(line) {
  if (line.length > MAX_LINE) throw new AdapterError(`a line is longer than ${MAX_LINE} octets`);
  let message;
  try {
    message = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
  } catch (problem) {
    throw new AdapterError(`a line is not JSON: ${problem.message}`);
  }
  if (typeof message !== 'object' || !Number.isInteger(message?.id)) {
    throw new AdapterError('a line is not an object with a number as its id');
  }
  return message;
}

// Replaces base64 by Buffers in the fields that carry octets.
export function decodeOctets(given) {
  const fields = { ...given };
  for (const field of OCTET_FIELDS) {
    if (typeof (fields[field] ?? null) === 'object') continue; // absent, or NULL
    const octets = Buffer.from(String(fields[field]), 'base64');
    if (octets.toString('base64') !== fields[field]) {
      throw new AdapterError(`${field} is not base64`);
    }
    fields[field] = octets;
  }
  return fields;
}

// A Buffer has a toJSON of its own, so `value` has been through that already.
function encodeOctets(key, value) {
  const original = this[key];
  return original instanceof Uint8Array ? Buffer.from(original).toString('base64') : value;
}

// The line that a message is, with its Buffers as base64.
export function serialize(message) {
  const line = `${JSON.stringify(message, encodeOctets)}\n`;
  if (Buffer.byteLength(line) <= MAX_LINE) return line;
  return `${JSON.stringify({ id: message.id, adapter_error: 'the reply is too long' })}\n`;
}
