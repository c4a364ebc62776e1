// What scripts that talk to a board need: tokens, sockets that remember what they heard, and a backend.
'use strict';

const assert = require('assert');
const crypto = require('crypto');
const http = require('http');
const NodeSocket = require('ws');
const { until } = require('./seed-page.js');

const base64url = (value) => Buffer.from(value).toString('base64url');
const sign = (text, secret) => crypto.createHmac('sha256', secret).update(text).digest('base64url');

/// A token as the seed's backend makes it: HS256 over `userId`, `roomId` and whatever else is asked for.
function token(secret, claims) {
  const now = Math.floor(Date.now() / 1000);
  const payload = { iat: now, exp: now + 3600, ...claims };
  const text = `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url(JSON.stringify(payload))}`;
  return `${text}.${sign(text, secret)}`;
}

/// The claims of a token, whose signature must be good.
function claims(text, secret) {
  const [head, payload, signature] = text.split('.');
  assert.strictEqual(signature, sign(`${head}.${payload}`, secret), 'the signature of a token');
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}

/// A client of a board that remembers all it heard.
class Client {
  constructor(url, options = {}) {
    this.heard = [];
    this.socket = new NodeSocket(url, options.protocols || [], { origin: options.origin });
    this.socket.on('message', (data) => this.heard.push(JSON.parse(data.toString())));
    this.socket.on('open', () => { this.isOpen = true; });
    this.socket.on('close', (code, reason) => { this.end = { code, reason: reason.toString() }; });
    this.socket.on('unexpected-response', (request, response) => {
      let text = '';
      response.on('data', (chunk) => { text += chunk; });
      response.on('end', () => {
        this.refusal = { status: response.statusCode, fields: response.headers, body: JSON.parse(text) };
      });
    });
    this.socket.on('error', (error) => { this.error = error; });
  }

  send(message) { this.socket.send(typeof message === 'string' ? message : JSON.stringify(message)); }

  get last() { return this.heard.at(-1); }

  /// Waits until the last message is as wanted, and returns it.
  async sees(what, holds) {
    await until(() => this.last && holds(this.last), () => `${what}; last heard ${JSON.stringify(this.last)}`);
    return this.last;
  }

  /// Waits for a message that is as wanted, and returns it.
  async hears(what, holds) {
    const find = () => this.heard.find(holds);
    await until(find, () => `${what}; heard ${JSON.stringify(this.heard)}`);
    return find();
  }

  /// Waits for the answer to a message of version 2.
  reply(id) { return this.hears(`an answer to ${id}`, (message) => message.id === id); }

  /// Waits for the end of the connection, and returns the code.
  async code() {
    await until(() => this.end, () => `a close; heard ${JSON.stringify(this.heard)}`);
    return this.end.code;
  }

  /// Waits until the handshake was refused, and returns how.
  async refused() {
    await until(() => this.refusal || this.isOpen, 'a refusal');
    assert.ok(this.refusal, 'let in');
    return this.refusal;
  }

  async close() {
    this.socket.close(1000);
    await this.code();
  }
}

/// A backend of boards, as PROTOCOLS §5.4 has it, that remembers all it was asked.
class Backend {
  constructor(port) {
    this.boards = new Map();
    this.asked = [];
    this.stored = [];
    this.server = http.createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => { text += chunk; });
      request.on('end', () => this.answer(request, text, response));
    });
    this.server.listen(port, '127.0.0.1');
  }

  answer(request, text, response) {
    const [, room] = request.url.match(/^\/api\/rooms\/([^/]+)\/board$/) || [];
    if (request.method === 'GET') {
      this.asked.push({ room, fields: request.headers });
      const board = this.boards.get(room);
      response.writeHead(board ? 200 : 404, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(board || { error: 'NOT_FOUND' }));
    } else {
      const body = JSON.parse(text);
      this.stored.push({ room, body, fields: request.headers, at: Date.now() });
      this.boards.set(room, { shapes: body.shapes, version: body.version });
      response.writeHead(204);
      response.end();
    }
  }

  storesOf(room) { return this.stored.filter((store) => store.room === room); }
  loadsOf(room) { return this.asked.filter((load) => load.room === room); }
}

/// Runs tests one after the other, names what failed, and leaves with 1 where one did.
async function runTests(tests) {
  let failures = 0;
  for (const [name, test] of Object.entries(tests)) {
    let limit;
    const tooLong = new Promise((_, reject) => { limit = setTimeout(() => reject(new Error('took 30 s')), 30000); });
    try { await Promise.race([test(), tooLong]); } catch (error) {
      failures += 1;
      console.error(`${name}: ${error.stack}`);
    }
    clearTimeout(limit);
  }
  console.log(`${Object.keys(tests).length - failures} of ${Object.keys(tests).length}`);
  process.exit(failures === 0 ? 0 : 1);
}

const pause = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));

module.exports = { token, claims, Client, Backend, runTests, pause };
