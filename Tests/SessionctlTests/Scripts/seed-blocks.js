// Sends every JSON block of seed 000 that a client may send, as it stands there, and compares what the service answers
// with the blocks that the seed shows for it.
//
// usage: node seed-blocks.js URL SEED      The service must have -m 2.
'use strict';

const assert = require('assert');
const fs = require('fs');
const WebSocket = require('ws');
const [url, seed] = process.argv.slice(2);

const text = fs.readFileSync(seed, 'utf8');
const blocks = [...text.matchAll(/```json\n([^]*?)```/g)].map((match) => match[1]);
const block = (type) => blocks.find((candidate) => JSON.parse(candidate).type === type);

async function open() {
  const socket = new WebSocket(url);
  const heard = [];
  let waiting = null;
  socket.on('message', (data) => {
    const message = JSON.parse(data.toString());
    if (waiting) { const take = waiting; waiting = null; take(message); } else heard.push(message);
  });
  await new Promise((resolve, reject) => { socket.on('open', resolve); socket.on('error', reject); });
  return {
    send: (message) => socket.send(message),
    next: () => (heard.length ? Promise.resolve(heard.shift()) : new Promise((take) => { waiting = take; })),
    close: () => socket.close(),
  };
}

const silence = async (client) => {
  client.send('{"type":"ping"}');
  assert.strictEqual((await client.next()).type, 'pong');
};

async function main() {
  assert.deepStrictEqual(
    blocks.map((candidate) => JSON.parse(candidate).type),
    ['register', 'deregister', 'heartbeat', 'focus', 'warning', 'registered', 'error']);
  const first = await open();
  first.send(block('register'));
  assert.deepStrictEqual(await first.next(), JSON.parse(block('registered')));
  first.send(block('heartbeat'));
  first.send(block('focus'));
  await silence(first);
  const second = await open();
  second.send(block('register').replace('window-abc', 'window-xyz').replace('CASE-001', 'CASE-002'));
  assert.strictEqual((await second.next()).type, 'registered');
  assert.deepStrictEqual(await second.next(), JSON.parse(block('warning')));
  assert.deepStrictEqual(await first.next(), JSON.parse(block('warning')));
  assert.strictEqual((await first.next()).payload.type, 'case-mismatch');
  const third = await open();
  third.send(block('register').replace('window-abc', 'window-three'));
  assert.deepStrictEqual(await third.next(), JSON.parse(block('error')));
  first.send(block('deregister'));
  await silence(first);
  first.send(block('heartbeat'));
  assert.strictEqual((await first.next()).payload.code, 'NOT_REGISTERED');
  for (const client of [first, second, third]) client.close();
}

const limit = setTimeout(() => { console.error('nothing more was heard'); process.exit(1); }, 20000);
main().then(() => clearTimeout(limit), (error) => { console.error(error); process.exit(1); });
