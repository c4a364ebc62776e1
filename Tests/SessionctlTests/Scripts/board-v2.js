// Talks version 2 of board (PROTOCOLS §5.3, EXT) to a service without a backend, and holds it to every word of it.
//
// usage: node board-v2.js PORT SECRET      The service limits rates as it does unless told otherwise.
'use strict';

const assert = require('assert');
const { until } = require('./seed-page.js');
const { token, Client, runTests, pause } = require('./board-room.js');
const [port, secret] = process.argv.slice(2);

const subprotocol = 'sessionctl.board.v2';
let rooms = 0;
const newRoom = () => { rooms += 1; return `room-${process.pid}-${rooms}`; };
const address = (user, room, query = '', more = {}) =>
  `ws://localhost:${port}/?token=${token(secret, { userId: user, roomId: room, ...more })}${query}`;
const enter = (user, room, query = '', more = {}) =>
  new Client(address(user, room, query, more), { protocols: [subprotocol] });
const join = async (user, room, query = '', more = {}) => {
  const client = enter(user, room, query, more);
  client.snapshot = await client.hears('a snapshot', (message) => message.type === 'snapshot');
  return client;
};
const create = (more = {}) => ({ type: 'shape_create', shapeType: 'rectangle', x: 1, y: 2, ...more });
const patches = (client) => client.heard.filter((message) => message.type === 'patch');
const patch = (client, what, holds) => client.hears(what, (message) => message.type === 'patch' && holds(message));

/// What a client knows of the shapes and users after all it heard.
function known(client) {
  let state;
  for (const message of client.heard) {
    if (message.type === 'snapshot') {
      state = { version: message.version, users: [...message.connectedUsers], shapes: message.shapes.map((s) => ({ ...s })) };
    }
    if (message.type !== 'patch') continue;
    const isQuiet = !message.put.length && !message.del.length && !message.join.length && !message.leave.length;
    assert.ok(message.version === state.version + 1 || (isQuiet && message.version === state.version),
      `version ${message.version} after ${state.version}`);
    state.version = message.version;
    for (const put of message.put) {
      const place = state.shapes.findIndex((shape) => shape.id === put.id);
      if (message.full.includes(put.id)) {
        if (place < 0) state.shapes.push({ ...put }); else state.shapes[place] = { ...put };
      } else {
        assert.ok(place >= 0, `a change of ${put.id}, which is unknown`);
        for (const [key, value] of Object.entries(put)) {
          if (value === null) delete state.shapes[place][key]; else state.shapes[place][key] = value;
        }
      }
    }
    state.shapes = state.shapes.filter((shape) => !message.del.includes(shape.id));
    state.users = state.users.filter((user) => !message.leave.includes(user));
    for (const user of message.join) if (!state.users.includes(user)) state.users.push(user);
  }
  return state;
}

runTests({
  async 'a snapshot, then patches, by subprotocol or by query'() {
    const room = newRoom();
    const first = await join('ana', room);
    assert.strictEqual(first.socket.protocol, subprotocol);
    assert.deepStrictEqual(Object.keys(first.snapshot),
      ['type', 'room', 'version', 'epoch', 'you', 'connectedUsers', 'cursors', 'shapes']);
    assert.deepStrictEqual([first.snapshot.room, first.snapshot.you, first.snapshot.connectedUsers], [room, 'ana', ['ana']]);
    const second = new Client(address('ben', room, '&v=2'));
    await second.hears('a snapshot', (message) => message.type === 'snapshot' && message.you === 'ben');
    const joined = await patch(first, 'a join', (message) => message.join.includes('ben'));
    assert.deepStrictEqual(Object.keys(joined), ['type', 'version', 'put', 'full', 'del', 'cursors', 'join', 'leave']);
    second.send({ type: 'cursor_move', x: 3, y: 4 });
    const moved = await patch(first, 'a cursor', (message) => message.cursors.length > 0);
    assert.deepStrictEqual(moved.cursors, [{ userId: 'ben', x: 3, y: 4 }]);
    assert.strictEqual(moved.version, joined.version);
    await second.close();
    await patch(first, 'a leave', (message) => message.leave.includes('ben'));
    assert.deepStrictEqual(known(first).users, ['ana']);
    await first.close();
  },

  async 'changes are acknowledged, and said in part'() {
    const room = newRoom();
    const [ana, ben] = [await join('ana', room), await join('ben', room)];
    ana.send(create({ id: 'c1', clientId: 'draft', text: 'a', fill: '#fff' }));
    const ack = await ana.reply('c1');
    assert.deepStrictEqual(Object.keys(ack), ['type', 'id', 'version', 'shapeId', 'clientId', 'persisted']);
    assert.deepStrictEqual([ack.type, ack.clientId, ack.persisted], ['ack', 'draft', false]);
    assert.match(ack.shapeId, /^[0-9A-Za-z]{12}$/);
    const drawn = await patch(ben, 'the shape', (message) => message.put.length > 0);
    assert.deepStrictEqual([drawn.full, drawn.version], [[ack.shapeId], ack.version]);
    assert.deepStrictEqual(Object.keys(drawn.put[0]), ['id', 'type', 'x', 'y', 'width', 'height', 'userId', 'timestamp',
      'text', 'fill', 'rotation', 'updatedBy', 'version']);
    ben.send({ type: 'shape_update', shapeId: ack.shapeId, x: 9.5, text: null, id: 7 });
    const changed = await patch(ana, 'the change', (message) => message.put.length > 0 && message.version > ack.version);
    assert.deepStrictEqual(changed.full, []);
    const { timestamp, ...put } = changed.put[0];
    assert.deepStrictEqual(put, { id: ack.shapeId, x: 9.5, text: null, updatedBy: 'ben', version: changed.version });
    assert.deepStrictEqual(await ben.reply(7),
      { type: 'ack', id: 7, version: changed.version, shapeId: ack.shapeId, persisted: false });
    // A patch comes before the word that it was made.
    assert.ok(ben.heard.findIndex((one) => one.version === changed.version && one.type === 'patch')
      < ben.heard.findIndex((one) => one.id === 7));
    ana.send({ type: 'shape_update', shapeId: ack.shapeId, id: 'none' });
    assert.strictEqual((await ana.reply('none')).type, 'ack');
    ana.send({ type: 'shape_delete', shapeId: ack.shapeId, id: 'd' });
    await patch(ben, 'the deletion', (message) => message.del.includes(ack.shapeId));
    await ana.reply('d');
    ana.send({ type: 'cursor_move', x: 1, y: 1, id: 'm' });
    const moved = await ana.reply('m');
    assert.deepStrictEqual(Object.keys(moved), ['type', 'id', 'version', 'persisted']);
    await Promise.all([ana.close(), ben.close()]);
  },

  async 'clients of both versions share a room'() {
    const room = newRoom();
    const old = new Client(address('old', room));
    await old.hears('a board', () => true);
    const ana = await join('ana', room);
    ana.send(create({ id: 1 }));
    const { shapeId } = await ana.reply(1);
    const board = await old.sees('the shape', (seen) => seen.shapes.length === 1);
    assert.deepStrictEqual(Object.keys(board.shapes[0]),
      ['id', 'type', 'x', 'y', 'width', 'height', 'userId', 'timestamp', 'rotation']);
    old.send({ type: 'shape_update', shapeId, rotation: -90 });
    await patch(ana, 'the change', (message) => message.put.some((put) => put.rotation === 270));
    await Promise.all([ana.close(), old.close()]);
  },

  async 'errors name what is wrong, and 20 of them are too many'() {
    const ana = await join('ana', newRoom());
    const wrong = [
      ['not JSON', 'INVALID_JSON'], ['{"id":"e1"}', 'INVALID_MESSAGE', 'e1'],
      ['{"type":"chat","id":"e2"}', 'UNKNOWN_TYPE', 'e2'],
      ['{"type":"cursor_move","x":1e8,"y":0,"id":"e3"}', 'INVALID_MESSAGE', 'e3'],
    ];
    for (const [text, code, id] of wrong) {
      ana.send(text);
      const error = await ana.hears(code, (message) => message.code === code && message.id === id);
      assert.deepStrictEqual(Object.keys(error), id ? ['type', 'id', 'code', 'message'] : ['type', 'code', 'message']);
    }
    for (const type of ['shape_update', 'shape_delete']) {
      ana.send({ type, shapeId: 'nobody', x: 1, id: type });
      assert.strictEqual((await ana.reply(type)).code, 'SHAPE_NOT_FOUND');
    }
    for (let count = wrong.length; count < 20; count += 1) ana.send('not JSON');
    assert.strictEqual(await ana.code(), 4441);
    assert.strictEqual(ana.heard.filter((message) => message.code === 'INVALID_JSON').length, 17);
  },

  async 'a viewer looks and does not touch'() {
    const room = newRoom();
    for (const claims of [{ role: 'viewer' }, { roles: ['viewer'] }]) {
      const viewer = await join('eve', room, '', claims);
      viewer.send(create({ id: 1 }));
      const refused = await viewer.reply(1);
      assert.deepStrictEqual([refused.type, refused.code], ['error', 'FORBIDDEN']);
      viewer.send({ type: 'ping', id: 2 });
      assert.strictEqual((await viewer.reply(2)).type, 'pong');
      assert.strictEqual(patches(viewer).some((message) => message.put.length > 0), false);
      await viewer.close();
    }
  },

  async 'ping, resync and flush'() {
    const ana = await join('ana', newRoom());
    ana.send({ type: 'ping', id: 'p' });
    const pong = await ana.reply('p');
    assert.deepStrictEqual(Object.keys(pong), ['type', 'id', 'timestamp']);
    ana.send(create({ id: 1 }));
    await ana.reply(1);
    ana.send({ type: 'resync', id: 'r' });
    const again = await ana.hears('a snapshot', (message) => message.type === 'snapshot' && message.shapes.length === 1);
    assert.strictEqual(again.epoch, ana.snapshot.epoch);
    assert.deepStrictEqual(Object.keys(again.shapes[0]).slice(-3), ['rotation', 'updatedBy', 'version']);
    await ana.reply('r');
    ana.send({ type: 'flush', id: 'f' });
    const flushed = await ana.reply('f');
    assert.deepStrictEqual([flushed.type, flushed.persisted], ['ack', true]);
    ana.send({ type: 'flush', id: 'g' });
    assert.strictEqual((await ana.reply('g')).persisted, true);
    await ana.close();
  },

  async 'what was missed is said again'() {
    const room = newRoom();
    const [ana, ben] = [await join('ana', room), await join('ben', room)];
    await patch(ana, 'a join', (message) => message.join.includes('ben'));
    const { epoch } = ben.snapshot;
    const since = known(ben).version;
    await ben.close();
    await patch(ana, 'a leave', (message) => message.leave.includes('ben'));
    ana.send(create({ id: 1 }));
    const { shapeId } = await ana.reply(1);
    ana.send({ type: 'shape_update', shapeId, x: 7, id: 2 });
    await ana.reply(2);
    const back = enter('ben', room, `&epoch=${epoch}&since=${since}`);
    back.heard.push({ type: 'snapshot', ...ben.snapshot, version: since, shapes: [] });
    await patch(back, 'the change', (message) => message.put.some((put) => put.x === 7));
    assert.strictEqual(back.heard.filter((message) => message.type === 'snapshot').length, 1);
    ana.send({ type: 'resync', id: 3 });
    await ana.reply(3);
    await until(() => known(back).users.join() === known(ana).users.join(), 'the same users');
    assert.deepStrictEqual(known(back), known(ana));
    // Another life of the room, and what nobody said, need a snapshot.
    for (const query of [`&epoch=other&since=${since}`, `&epoch=${epoch}&since=999999`, `&epoch=${epoch}`]) {
      const whole = await join('cyd', room, query);
      assert.strictEqual(whole.snapshot.shapes.length, 1);
      await whole.close();
    }
    await Promise.all([ana.close(), back.close()]);
  },

  async 'many at once agree on what is drawn'() {
    const room = newRoom();
    const clients = [];
    for (const user of ['ana', 'ben', 'cyd']) clients.push(await join(user, room));
    clients[0].send(create({ id: 'first' }));
    const { shapeId } = await clients[0].reply('first');
    for (let round = 0; round < 20; round += 1) {
      for (const [place, client] of clients.entries()) {
        client.send({ type: 'shape_update', shapeId, [['x', 'y', 'width'][place]]: round, text: `${place}-${round}` });
        if (round % 5 === place) client.send(create({ x: round, y: place }));
        client.send({ type: 'cursor_move', x: round, y: place });
      }
      await pause(7);
    }
    for (const client of clients) client.send({ type: 'flush', id: 'end' });
    for (const client of clients) await client.reply('end');
    const fresh = await join('dan', room);
    await until(() => clients.every((client) => known(client).users.includes('dan')), 'all see the last');
    for (const client of clients) assert.deepStrictEqual(known(client).shapes, fresh.snapshot.shapes);
    const [shape] = fresh.snapshot.shapes;
    assert.deepStrictEqual([shape.x, shape.y, shape.width], [19, 19, 19]);
    assert.strictEqual(fresh.snapshot.shapes.length, 13);
    await Promise.all([...clients, fresh].map((client) => client.close()));
  },

  async 'too fast is refused, and much too fast closed'() {
    const ana = await join('ana', newRoom());
    for (let count = 0; count < 120; count += 1) ana.send(create({ id: count, x: count }));
    await until(() => ana.heard.filter((message) => message.id !== undefined).length >= 120, 'all answers');
    const refused = ana.heard.filter((message) => message.code === 'RATE_LIMITED');
    const drawn = ana.heard.filter((message) => message.type === 'ack');
    assert.ok(drawn.length >= 50 && refused.length > 0, `${drawn.length} drawn, ${refused.length} refused`);
    // Three seconds with an excess within ten.
    for (let second = 0; second < 4 && !ana.end; second += 1) {
      for (let count = 0; count < 120; count += 1) ana.send(create({ x: count }));
      await pause(1050);
    }
    assert.strictEqual(await ana.code(), 4529);
  },

  async 'versions that nobody speaks, frames that nobody reads'() {
    const third = await new Client(address('ana', 'r', '&v=3')).refused();
    assert.strictEqual(third.status, 400);
    const browser = new Client(address('ana', 'r', '&v=3'), { origin: `http://localhost:${port}` });
    assert.strictEqual(await browser.code(), 4405);
    const binary = await join('ana', newRoom());
    binary.socket.send(Buffer.from('{"type":"ping"}'));
    assert.strictEqual(await binary.code(), 1003);
    const long = await join('ana', newRoom());
    long.send({ type: 'ping', id: 'a', filler: 'x'.repeat(65536) });
    assert.strictEqual(await long.code(), 1009);
    const full = await join('ana', newRoom());
    full.send(create({ id: 't', text: 'ü'.repeat(32000) }));
    assert.strictEqual((await full.reply('t')).type, 'ack');
    await full.close();
  },
});
