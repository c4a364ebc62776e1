// Sends every JSON block of seed 003 as it stands there, with two clients, and compares what the service says with the
// block that the seed shows for it; then holds the service to what the seed says of persistence and tokens.
//
// usage: node seed-board.js PORT SEED SECRET BACKEND-PORT      BACKEND_URL of the service names BACKEND-PORT.
'use strict';

const assert = require('assert');
const fs = require('fs');
const { until } = require('./seed-page.js');
const { token, claims, Client, Backend, runTests, pause } = require('./board-room.js');
const [port, seed, secret, backendPort] = process.argv.slice(2);

const text = fs.readFileSync(seed, 'utf8');
const blocks = [...text.matchAll(/```json\n([^]*?)```/g)].map((match) => match[1]);
const block = (type) => blocks.find((candidate) => JSON.parse(candidate).type === type);
const [address] = text.match(/ws:\/\/localhost:8000\?token=/);
const backend = new Backend(Number(backendPort));

const url = (credential) => address.replace('8000', port) + credential;
let rooms = 0;
const newRoom = () => { rooms += 1; return `room-${process.pid}-${rooms}`; };
const join = async (user, room) => {
  const client = new Client(url(token(secret, { userId: user, roomId: room })));
  await client.hears('a first board', () => true);
  return client;
};

/// What a client hears but for what differs at every run: the name that the server chose, and the time.
const settled = (board) => JSON.stringify(board, (key, value) => {
  if (key === 'timestamp') {
    assert.match(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    return '2024-01-01T12:00:00.000Z';
  }
  if (key !== 'id') return value;
  assert.match(value, /^[0-9A-Za-z]{12}$/);
  return 'abc123';
});

runTests({
  async 'every block of the seed'() {
    assert.deepStrictEqual(
      blocks.map((candidate) => JSON.parse(candidate).type),
      ['cursor_move', 'shape_create', 'shape_update', 'shape_delete', undefined]);
    const room = newRoom();
    const first = await join('user123', room);
    assert.strictEqual(JSON.stringify(first.heard[0]), '{"connectedUsers":["user123"],"cursors":[],"shapes":[]}');
    const second = await join('user456', room);
    const both = [first, second];
    for (const client of both) {
      await client.sees('both users', (board) => board.connectedUsers.join() === 'user123,user456');
    }
    first.send(block('cursor_move'));
    for (const client of both) await client.sees('the cursor', (board) => board.cursors.length === 1);
    first.send(block('shape_create'));
    for (const client of both) {
      const board = await client.sees('the shape', (seen) => seen.shapes.length === 1);
      // The seed's board shows just this room, to its last character.
      assert.strictEqual(settled(board), JSON.stringify(JSON.parse(blocks.at(-1))));
    }
    const { id } = first.last.shapes[0];
    second.send(block('shape_update').replace('abc123', id));
    const { type, shapeId, ...changes } = JSON.parse(block('shape_update'));
    for (const client of both) {
      const board = await client.sees('the change', (seen) => seen.shapes[0].rotation === 45);
      const { timestamp, ...shape } = board.shapes[0];
      assert.deepStrictEqual(shape, { id, type: 'rectangle', userId: 'user123', ...changes });
    }
    // Nobody has drawn the seed's own abc123: nothing happens, and nobody is told.
    second.send(block('shape_update'));
    second.send(block('shape_delete'));
    second.send(block('shape_delete').replace('abc123', id));
    for (const client of both) await client.sees('no shape', (board) => board.shapes.length === 0);
    await second.close();
    await first.sees('one user', (board) => board.connectedUsers.join() === 'user123');
    for (const message of first.heard.concat(second.heard)) {
      assert.deepStrictEqual(Object.keys(message), ['connectedUsers', 'cursors', 'shapes']);
    }
    await first.close();
  },

  async 'changes are stored after a pause, together and without cursors'() {
    const room = newRoom();
    const client = await join('user123', room);
    client.send(block('shape_create'));
    client.send(block('cursor_move'));
    const { id } = (await client.sees('the shape', (board) => board.shapes.length === 1)).shapes[0];
    client.send(block('shape_update').replace('abc123', id));
    const board = await client.sees('the change', (seen) => seen.shapes[0].x === 150);
    const changed = Date.now();
    await until(() => backend.storesOf(room).length > 0, 'a store');
    const [store] = backend.storesOf(room);
    assert.ok(store.at - changed > 1500, `stored ${store.at - changed} ms after the last change`);
    assert.deepStrictEqual(Object.keys(store.body), ['roomId', 'shapes', 'version', 'updatedAt']);
    assert.strictEqual(store.body.roomId, room);
    assert.deepStrictEqual(store.body.shapes, board.shapes);
    assert.strictEqual(store.fields['idempotency-key'], `${room}:${store.body.version}`);
    const { exp, iat, ...known } = claims(store.fields.authorization.replace('Bearer ', ''), secret);
    assert.deepStrictEqual([known.iss, known.aud, known.roomId], ['sessionctl', 'backend', room]);
    client.send(block('shape_delete').replace('abc123', id));
    await until(() => backend.storesOf(room).length === 2, 'the store of a deletion');
    assert.deepStrictEqual(backend.storesOf(room)[1].body.shapes, []);
    assert.ok(backend.storesOf(room)[1].body.version > store.body.version);
    // Cursors, users that come and go: nothing of it is stored.
    client.send(block('cursor_move').replace('200', '300'));
    await client.sees('the cursor', (seen) => seen.cursors[0].y === 300);
    await client.close();
    await pause(2500);
    assert.strictEqual(backend.storesOf(room).length, 2);
  },

  async 'a room is loaded when it is created, and stored when it is empty'() {
    const room = newRoom();
    const shape = JSON.parse(blocks.at(-1)).shapes[0];
    backend.boards.set(room, { shapes: [{ ...shape, locked: true }], version: 17 });
    const client = await join('user456', room);
    assert.deepStrictEqual(client.heard[0].shapes, [shape]);
    assert.strictEqual(backend.loadsOf(room).length, 1);
    client.send(block('shape_update'));
    await client.sees('the change', (board) => board.shapes[0].rotation === 45);
    await client.close();
    await until(() => backend.storesOf(room).length === 1, 'the final store');
    const [store] = backend.storesOf(room);
    assert.strictEqual(store.body.shapes[0].text, 'Updated text');
    // What we do not know of a stored shape is not ours to drop.
    assert.strictEqual(store.body.shapes[0].locked, true);
    assert.ok(store.body.version > 17);
    const again = await join('user123', room);
    assert.strictEqual(again.heard[0].shapes[0].text, 'Updated text');
    await again.close();
  },

  async 'a token is required, and must be whole, signed and not expired'() {
    const now = Math.floor(Date.now() / 1000);
    const bad = {
      missing: address.replace('8000', port).replace('?token=', ''),
      expired: url(token(secret, { userId: 'u', roomId: 'r', exp: now - 60 })),
      forged: url(token(`${secret}!`, { userId: 'u', roomId: 'r' })),
      roomless: url(token(secret, { userId: 'u' })),
      userless: url(token(secret, { roomId: 'r' })),
      numbered: url(token(secret, { userId: 7, roomId: 'r' })),
      long: url(token(secret, { userId: 'u', roomId: 'r'.repeat(129) })),
      nonsense: url('nonsense'),
    };
    for (const [name, place] of Object.entries(bad)) {
      const refusal = await new Client(place).refused();
      assert.deepStrictEqual([name, refusal.status, refusal.body.error], [name, 401, 'UNAUTHORIZED']);
      assert.match(refusal.fields['www-authenticate'], /^Bearer/);
      const browser = new Client(place, { origin: `http://localhost:${port}` });
      assert.deepStrictEqual([name, await browser.code(), browser.heard], [name, 4401, []]);
    }
    const roomless = new Client(bad.roomless, { origin: `http://localhost:${port}` });
    await roomless.code();
    assert.strictEqual(roomless.end.reason, 'unauthorized: claims');
  },

  async 'what is wrong is dropped without a word, until it is too much'() {
    const client = await join('user123', newRoom());
    const wrong = [
      'not JSON', '{}', '[]', '{"type":"chat"}', '{"type":"ping"}', '{"type":"cursor_move","x":1}',
      '{"type":"shape_create","shapeType":"rectangle","x":1e9,"y":0}',
      '{"type":"shape_update","shapeId":"abc123","x":null}',
    ];
    for (const message of wrong) client.send(message);
    client.send(block('cursor_move'));
    await client.sees('the cursor', (board) => board.cursors.length === 1);
    for (const message of client.heard) assert.ok(message.connectedUsers, JSON.stringify(message));
    for (let count = wrong.length; count < 20; count += 1) client.send('not JSON');
    assert.strictEqual(await client.code(), 4441);
  },

  async 'a user with two tabs is one user with one cursor'() {
    const room = newRoom();
    const tabs = [await join('user123', room), await join('user123', room)];
    const other = await join('user456', room);
    tabs.forEach((tab, place) => tab.send({ type: 'cursor_move', x: place, y: place }));
    const board = await other.sees('one cursor', (seen) => seen.cursors.length === 1 && seen.cursors[0].x === 1);
    assert.deepStrictEqual(board.connectedUsers, ['user123', 'user456']);
    await tabs[1].close();
    other.send({ type: 'cursor_move', x: 5, y: 5 });
    await other.sees('the other cursor', (seen) => seen.cursors.some((cursor) => cursor.userId === 'user456'));
    assert.deepStrictEqual(other.last.connectedUsers, ['user123', 'user456']);
    await tabs[0].close();
    await other.sees('one user', (seen) => seen.connectedUsers.join() === 'user456' && seen.cursors.length === 1);
    await other.close();
  },
});
