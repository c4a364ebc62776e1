// What the examples of a seed need around them: the seed's blocks, a browser's WebSocket, fetch and document, and the
// names of the seed's own server, whose calls become requests of our HTTP API (PROTOCOLS 2-14).
'use strict';

const assert = require('assert');
const fs = require('fs');
const http = require('http');
const NodeSocket = require('ws');

class Page {
  /// A page at `localhost:port`, where the seed says `localhost:seedPort`; `headers` go with every request.
  constructor({ port, seed, seedPort = 3000, headers = {} }) {
    this.port = port;
    this.seedPort = seedPort;
    this.headers = headers;
    this.logged = [];
    this.elements = new Map();
    this.sockets = [];
    this.text = fs.readFileSync(seed, 'utf8');
    this.blocks = [...this.text.matchAll(/```(\w+)\n([^]*?)```/g)].map(([, language, code]) => ({ language, code }));
    const page = this;

    /// A browser's WebSocket, but that what is sent too early waits for the connection: some examples rely on it.
    this.WebSocket = class WebSocket {
      constructor(url) {
        this.waiting = [];
        this.heard = [];
        page.sockets.push(this);
        this.socket = new NodeSocket(page.here(url));
        this.socket.on('open', () => {
          this.waiting.splice(0).forEach((text) => this.socket.send(text));
          this.onopen?.();
        });
        this.socket.on('message', (data) => {
          this.heard.push(JSON.parse(data.toString()));
          this.onmessage?.({ data: data.toString() });
        });
        this.socket.on('error', (error) => this.onerror?.(error));
        this.socket.on('close', (code, reason) => {
          this.closeCode = code;
          this.onclose?.({ code, reason: reason.toString() });
        });
      }

      send(text) {
        if (this.socket.readyState === NodeSocket.CONNECTING) this.waiting.push(text); else this.socket.send(text);
      }

      close() { this.socket.close(1000); }
    };
    this.document = { getElementById: (id) => this.element(id) };
    this.console = { log: (...values) => this.logged.push(values), error: (...values) => this.logged.push(values) };
    this.fetch = async (path) => {
      const reply = await this.request('GET', path);
      return { json: async () => reply.body };
    };
  }

  /// The seed's URL with the port that the service has here.
  here(url) { return url.replace(`localhost:${this.seedPort}`, `localhost:${this.port}`); }

  element(id) {
    if (!this.elements.has(id)) this.elements.set(id, { style: {} });
    return this.elements.get(id);
  }

  /// The one block of a language that contains a text.
  block(language, part) {
    const found = this.blocks.filter((block) => block.language === language && block.code.includes(part));
    assert.strictEqual(found.length, 1, `${found.length} ${language} blocks contain ${part}`);
    return found[0].code;
  }

  /// Runs a block word for word with the page's names and further ones, but for those that are `undefined`, which the
  /// block declares itself; `result` is what it evaluates to.
  run(code, names = {}, result = 'undefined') {
    const all = {
      WebSocket: this.WebSocket, document: this.document, console: this.console, fetch: this.fetch, ...names,
    };
    const known = Object.keys(all).filter((name) => all[name] !== undefined);
    return new Function(...known, `${code}\n;return ${result};`)(...known.map((name) => all[name]));
  }

  /// The objects that a block lists one after the other, with comments between them.
  objects(code) {
    const objects = code.split(/^(?=\{)/m).filter((part) => part.startsWith('{'));
    return objects.map((part) => new Function(`return (${part.slice(0, part.lastIndexOf('\n}') + 2)});`)());
  }

  /// A request of our HTTP API.
  request(method, path, body, headers = {}) {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const options = { method, path, host: '127.0.0.1', port: this.port, headers: { ...this.headers, ...headers } };
    if (text !== undefined) options.headers['Content-Length'] = Buffer.byteLength(text);
    return new Promise((resolve, reject) => {
      const request = http.request(options, (response) => {
        let received = '';
        response.on('data', (chunk) => { received += chunk; });
        response.on('end', () => {
          const isJSON = (response.headers['content-type'] || '').includes('json');
          resolve({ status: response.statusCode, body: isJSON ? JSON.parse(received) : received });
        });
      });
      request.on('error', reject);
      request.end(text);
    });
  }

  /// Opens a socket of its own and collects what it hears.
  async open(path) {
    const socket = new this.WebSocket(`ws://localhost:${this.seedPort}${path}`);
    await until(() => socket.heard.length > 0, `a greeting at ${path}`);
    return socket;
  }

  closeAll() { for (const socket of this.sockets) socket.socket.terminate(); }
}

/// Waits until something holds; `what` says it, or makes the words when they are needed.
async function until(holds, what) {
  for (let round = 0; round < 1000; round += 1) {
    if (await holds()) return;
    await new Promise((resume) => setTimeout(resume, 10));
  }
  throw new Error(`never: ${typeof what === 'function' ? what() : what}`);
}

/// The first message of a type that a socket hears, or has heard.
async function heard(socket, type, where = () => true) {
  const find = () => socket.heard.find((message) => message.type === type && where(message));
  await until(find, () => `a ${type}; heard ${JSON.stringify(socket.heard)}`);
  return find();
}

/// Records what it is called with.
function spy() {
  const calls = [];
  return Object.assign((...values) => { calls.push(values); }, { calls });
}

/// Runs tests one after the other, names what failed, and leaves with 1 where one did.
///
/// After each its sockets go; the next begins when the service has `remaining` none of them.
async function runAll(tests, page, remaining) {
  let failures = 0;
  for (const [name, test] of Object.entries(tests)) {
    let limit;
    const tooLong = new Promise((_, reject) => { limit = setTimeout(() => reject(new Error('took 20 s')), 20000); });
    try { await Promise.race([test(), tooLong]); } catch (error) {
      failures += 1;
      console.error(`${name}: ${error.stack}`);
    }
    clearTimeout(limit);
    page.closeAll();
    await until(async () => await remaining() === 0, 'the service sees that all have left');
  }
  console.log(`${Object.keys(tests).length - failures} of ${Object.keys(tests).length}`);
  process.exit(failures === 0 ? 0 : 1);
}

module.exports = { Page, until, heard, spy, runAll };
