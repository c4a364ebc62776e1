// Two devices of one session against a running sync service, by node-ws: a WebSocket implementation that is not ours.
//
// usage: node two-devices.js URL TOKEN [deflate]      For wss the service may have any certificate.
// Exits with 0 when everything was heard as the protocol says; otherwise with 1 and what was different.
'use strict';

const assert = require('assert');
const WebSocket = require('ws');
const [url, token, mode] = process.argv.slice(2);
const session = '550e8400-e29b-41d4-a716-44665544000a';

class Device {
  constructor(id, options = {}) {
    this.id = id;
    this.heard = [];
    this.waiting = null;
    this.socket = new WebSocket(url, ['sessionctl.sync.v1'], {
      perMessageDeflate: mode === 'deflate' ? { threshold: 0 } : false, rejectUnauthorized: false, ...options,
    });
    this.socket.on('message', (data, isBinary) => {
      assert.ok(!isBinary, 'a binary message');
      const message = JSON.parse(data.toString());
      if (this.waiting) { const take = this.waiting; this.waiting = null; take(message); } else this.heard.push(message);
    });
    this.socket.on('error', (error) => { console.error(String(error)); process.exit(1); });
    this.closed = new Promise((resolve) => this.socket.on('close', (code) => resolve(code)));
    this.opened = new Promise((resolve) => this.socket.on('open', resolve));
  }

  say(type, payload, tag) {
    this.socket.send(JSON.stringify({ type, session_id: session, payload, ...(tag ? { correlation_id: tag } : {}) }));
  }

  next() { return this.heard.length ? Promise.resolve(this.heard.shift()) : new Promise((take) => { this.waiting = take; }); }

  async hear(type) {
    for (;;) {
      const message = await this.next();
      if (message.type === type) return message;
      assert.notStrictEqual(message.type, 6, JSON.stringify(message));
    }
  }
}

async function main() {
  const phone = new Device('phone');
  await phone.opened;
  assert.strictEqual(phone.socket.protocol, 'sessionctl.sync.v1');
  phone.say(7, { token, device_id: 'phone', device_type: 'mobile' });
  const welcome = await phone.hear(8);
  assert.strictEqual(welcome.session_id, session);
  assert.strictEqual(welcome.payload.devices_online, 1);

  const headers = { Authorization: 'Bearer ' + token, 'X-Device-ID': 'tablet' };
  const tablet = new Device('tablet', { headers });
  await tablet.hear(8);
  assert.strictEqual((await phone.hear(10)).payload.device.device_id, 'tablet');

  phone.say(5, { key: 'page', value: { chapter: 3 }, operation: 'SET' }, 'one');
  const acknowledgement = await phone.hear(5);
  assert.strictEqual(acknowledgement.correlation_id, 'one');
  assert.strictEqual(acknowledgement.payload.ack, true);
  const change = await tablet.hear(5);
  assert.deepStrictEqual(change.payload.value, { chapter: 3 });
  assert.strictEqual(change.payload.version, acknowledgement.payload.version);
  assert.strictEqual(change.payload.device_id, 'phone');

  tablet.say(3, {});
  assert.deepStrictEqual((await tablet.hear(4)).payload.state_data, { page: { chapter: 3 } });
  tablet.say(12, {});
  assert.deepStrictEqual((await tablet.hear(12)).payload.devices.map((device) => device.device_id).sort(), ['phone', 'tablet']);
  tablet.socket.close(1000);
  assert.strictEqual(await tablet.closed, 1000);
  assert.strictEqual((await phone.hear(11)).payload.reason, 'closed');
  phone.socket.close(1000);
  assert.strictEqual(await phone.closed, 1000);
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
