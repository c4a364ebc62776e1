// Two windows of one user against a running awareness service, by node-ws: a WebSocket implementation that is not ours.
//
// usage: node two-windows.js URL [deflate]      The service must have -m 8 and, for wss, may have any certificate.
// Exits with 0 when everything was heard as the protocol says; otherwise with 1 and what was different.
'use strict';

const assert = require('assert');
const WebSocket = require('ws');
const [url, mode] = process.argv.slice(2);
const isCompressed = mode === 'deflate';

class Window {
  constructor(path = '') {
    this.heard = [];
    this.waiting = null;
    this.socket = new WebSocket(url + path, {
      perMessageDeflate: isCompressed ? { threshold: 0 } : false,
      rejectUnauthorized: false,
    });
    this.socket.on('message', (data, isBinary) => {
      assert.ok(!isBinary, 'a binary message');
      this.hear(JSON.parse(data.toString()));
    });
    this.socket.on('error', (error) => { console.error(String(error)); process.exit(1); });
    this.closed = new Promise((resolve) => this.socket.on('close', (code, reason) => resolve([code, String(reason)])));
    this.opened = new Promise((resolve) => this.socket.on('open', () => {
      assert.strictEqual(this.socket.extensions.includes('permessage-deflate'), isCompressed);
      resolve(this);
    }));
  }

  hear(message) {
    if (this.waiting) {
      const waiting = this.waiting;
      this.waiting = null;
      waiting(message);
    } else {
      this.heard.push(message);
    }
  }

  next() { return this.heard.length ? Promise.resolve(this.heard.shift()) : new Promise((take) => { this.waiting = take; }); }

  say(type, payload) { this.socket.send(JSON.stringify(payload === undefined ? { type } : { type, payload })); }

  register(windowId, caseId, userId = 'user-12345') { this.say('register', { userId, windowId, caseId }); }

  async expect(type, payload) {
    const message = await this.next();
    assert.deepStrictEqual(message, { type, payload });
  }

  async expectError(code) {
    const message = await this.next();
    assert.strictEqual(message.type, 'error');
    assert.strictEqual(message.payload.code, code);
    assert.strictEqual(typeof message.payload.message, 'string');
  }

  // Nothing was said: the next thing heard is the answer to a ping.
  async expectSilence() {
    this.say('ping');
    const message = await this.next();
    assert.strictEqual(message.type, 'pong');
    assert.match(message.payload.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  }
}

const entry = (caseId, windowId) => ({ caseId, windowId });
const multiCase = (...cases) => ({ type: 'multi-case', cases, message: 'Multiple cases are open in this session' });
const mismatch = (old, now) => ({
  type: 'case-mismatch',
  cases: [old, now],
  message: `Case ${now.caseId} was opened in another window while ${old.caseId} was being viewed`,
});

async function main() {
  const first = await new Window().opened;
  const second = await new Window('/any/path').opened;
  await first.expectSilence();
  first.register('window-abc', 'CASE-001');
  await first.expect('registered', { windowId: 'window-abc', caseId: 'CASE-001' });
  second.register('window-xyz', 'CASE-002');
  await second.expect('registered', { windowId: 'window-xyz', caseId: 'CASE-002' });
  const both = multiCase(entry('CASE-001', 'window-abc'), entry('CASE-002', 'window-xyz'));
  await second.expect('warning', both);
  await first.expect('warning', both);
  await first.expect('warning', mismatch(entry('CASE-001', 'window-abc'), entry('CASE-002', 'window-xyz')));
  await first.expectSilence();
  await second.expectSilence();

  // The same case again: confirmed, and nothing else.
  second.register('window-xyz', 'CASE-002');
  await second.expect('registered', { windowId: 'window-xyz', caseId: 'CASE-002' });
  await second.expectSilence();
  await first.expectSilence();

  // Heartbeat and focus are silent for our own window, and refused for another socket's.
  first.say('heartbeat', { userId: 'user-12345', windowId: 'window-abc' });
  first.say('focus', { userId: 'user-12345', windowId: 'window-abc' });
  await first.expectSilence();
  first.say('focus', { userId: 'user-12345', windowId: 'window-xyz' });
  await first.expectError('NOT_REGISTERED');
  first.register('window-abc', 'CASE-001', 'user-9');
  await first.expectError('USER_MISMATCH');

  // A newer socket takes the window over; the old one reads 4409.
  const third = await new Window().opened;
  third.register('window-xyz', 'CASE-002');
  await third.expect('registered', { windowId: 'window-xyz', caseId: 'CASE-002' });
  await third.expect('warning', both);
  const [code, reason] = await second.closed;
  assert.strictEqual(code, 4409);
  assert.match(reason, /^superseded/);

  // Gone windows end the warning; a new one starts it again.
  third.say('deregister', { userId: 'user-12345', windowId: 'window-xyz' });
  await third.expectSilence();
  third.say('deregister', { userId: 'user-12345', windowId: 'window-xyz' });
  await third.expectError('NOT_REGISTERED');

  // Long ids make messages of more than 512 bytes, which are compressed where that was agreed.
  const long = 'C'.repeat(120);
  for (let number = 1; number < 8; number += 1) third.register(`window-${number}`, `${long}-${number}`);
  let cases = [];
  while (cases.length < 8) {
    const message = await third.next();
    if (message.payload.type === 'multi-case') cases = message.payload.cases;
  }
  assert.deepStrictEqual(cases[7], entry(`${long}-7`, 'window-7'));

  // The ninth window of the user is one too many.
  const fourth = await new Window().opened;
  fourth.register('window-9', 'CASE-009');
  await fourth.expect('error', { code: 'CONNECTION_LIMIT', message: 'Maximum connections per user exceeded' });
  assert.strictEqual((await fourth.closed)[0], 4429);

  // Broken messages are answered, and the connection stays.
  const fifth = await new Window().opened;
  fifth.socket.send('{');
  await fifth.expectError('INVALID_JSON');
  fifth.say('dance', {});
  await fifth.expectError('UNKNOWN_TYPE');
  fifth.say('register', { userId: 'u' });
  await fifth.expectError('INVALID_MESSAGE');
  fifth.socket.close(1000);
  assert.strictEqual((await fifth.closed)[0], 1000);
  first.socket.close();
  third.socket.close();
  await Promise.all([first.closed, third.closed]);
}

const limit = setTimeout(() => { console.error('nothing more was heard'); process.exit(1); }, 20000);
main().then(() => clearTimeout(limit), (error) => { console.error(error); process.exit(1); });
