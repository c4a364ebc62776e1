// Runs every example of seed 004 that talks to a running service, word for word, and checks that the service does what the
// seed shows for it. The browser's names are in seed-page.js, those of the seed's own server below.
//
// usage: node seed-lockers.js PORT SEED [SESSION KEY]
//     The service requires sessions: SESSION is one, KEY the API key of a producer. Without them it runs with --dev, and
//     the examples' own session is as good as any.
'use strict';

const assert = require('assert');
const NodeSocket = require('ws');
const { Page, until, heard, runAll } = require('./seed-page.js');
const [port, seed, session = 'your-session-id', key] = process.argv.slice(2);
const page = new Page({ port, seed, headers: key ? { 'X-API-Key': key } : {} });

/// The seed's server-side names, as requests of our HTTP API.
const pending = [];
const post = (path, body) => { pending.push(page.request('POST', `/api/websocket/${path}`, body)); };
const websocketEvents = {
  emitLockerStateChanged: (lockerId, oldState, newState, kioskId) =>
    post('events/locker-state', { lockerId, oldState, newState, kioskId }),
  emitHelpRequested: (request) => post('events/help-requested', request),
  emitCommandApplied: (command, result) => post('events/command-applied', { command, result }),
};
const websocketManager = {
  broadcast: (namespace, event, data) => post('broadcast', { namespace, event, data }),
  broadcastToRoom: (namespace, room, event, data) => post('broadcast', { namespace, event, data, room }),
};
const answers = () => Promise.all(pending.splice(0));
const status = async () => (await page.request('GET', '/api/websocket/status')).body;

const without = (object, ...keys) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !keys.includes(name)));
const isTime = (text) => assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const open = (namespace) => page.open(`/ws/${namespace}?sessionId=${session}`);

/// Checks a message against one of the seed's interfaces: all fields that must be there, and no others.
function conforms(message, name) {
  const code = page.block('typescript', `interface ${name} `);
  const check = (lines, object) => {
    const known = new Set();
    while (lines.length > 0) {
      const line = lines.shift().trim();
      if (line.startsWith('}')) break;
      const [, field, optional, rest] = line.match(/^(\w+)(\??): (.*)$/);
      known.add(field);
      if (rest === '{') {
        check(lines, object[field]);
      } else if (field in object) {
        const type = rest.replace(';', '');
        if (type.startsWith("'")) assert.strictEqual(object[field], type.slice(1, -1));
        else if (type !== 'any') assert.strictEqual(typeof object[field], type, `${name}.${field}`);
      } else {
        assert.strictEqual(optional, '?', `${name} lacks ${field}`);
      }
    }
    const others = Object.keys(object).filter((field) => !known.has(field));
    assert.deepStrictEqual(others, [], `${name} has more`);
  };
  // Every frame has its time at top level as well (4-11).
  check(code.split('\n').slice(1), without(message, 'timestamp'));
}

runAll({
  async 'the client'() {
    const code = page.block('javascript', '// Connect to locker updates');
    page.run(code.replace('your-session-id', session));
    const socket = page.sockets.at(-1);
    assert.strictEqual((await heard(socket, 'room_joined')).data.room, 'kiosk-1');
    assert.strictEqual(socket.heard[0].type, 'connection');
    assert.deepStrictEqual(
      Object.keys(socket.heard[0].data), ['connectionId', 'namespace', 'userId', 'timestamp']);
    assert.strictEqual(socket.heard[0].data.userId, key ? 'panel' : 'anonymous');
    assert.strictEqual(socket.heard[0].data.namespace, '/ws/lockers');
    websocketEvents.emitLockerStateChanged('locker-1', 'open', 'closed', 'kiosk-9');
    await heard(socket, 'locker_state_changed');
    await until(() => page.logged.length >= 4, 'all is logged');
    assert.deepStrictEqual(page.logged.map(([text]) => text), [
      'Connected to locker updates', 'Connection established:', 'Joined room:', 'Locker state changed:',
    ]);
    assert.strictEqual(page.logged[2][1], 'kiosk-1');
  },

  async 'three ways to name a session'() {
    if (!key) return;
    for (const headers of [{ Cookie: `sessionId=${session}` }, { Authorization: `Bearer ${session}` }]) {
      const socket = new NodeSocket(`ws://localhost:${port}/ws/help`, { headers });
      const greeting = await new Promise((resolve, reject) => {
        socket.on('message', (data) => resolve(JSON.parse(data.toString())));
        socket.on('error', reject);
      });
      assert.strictEqual(greeting.type, 'connection');
      socket.terminate();
    }
    for (const [query, code] of [['', 'AUTH_REQUIRED'], ['?sessionId=unknown', 'INVALID_SESSION']]) {
      const socket = new NodeSocket(`ws://localhost:${port}/ws/help${query}`);
      const body = await new Promise((resolve, reject) => {
        socket.on('unexpected-response', (_, response) => {
          assert.strictEqual(response.statusCode, 401);
          let text = '';
          response.on('data', (chunk) => { text += chunk; });
          response.on('end', () => resolve(JSON.parse(text)));
        });
        socket.on('open', () => reject(new Error('let in')));
      });
      assert.strictEqual(body.error, code);
    }
  },

  async 'events of the server'() {
    const [lockers, help, events] = [await open('lockers'), await open('help'), await open('events')];
    const code = page.block('typescript', 'emitLockerStateChanged(');
    page.run(code.replace(/^import .*$/m, ''), { websocketEvents });
    for (const reply of await answers()) {
      assert.deepStrictEqual([reply.status, reply.body.success, reply.body.recipients], [200, true, 1]);
    }
    const changed = await heard(lockers, 'locker_state_changed');
    assert.deepStrictEqual(without(changed.data, 'timestamp'), {
      lockerId: 'locker-123', oldState: 'closed', newState: 'open', kioskId: 'kiosk-1',
    });
    conforms(changed, 'LockerStateChanged');
    const requested = await heard(help, 'help_requested');
    assert.deepStrictEqual(without(requested.data, 'timestamp', 'created_at'), {
      id: 1, kiosk_id: 'kiosk-1', category: 'access_issue', note: 'Cannot open locker', status: 'open',
    });
    conforms(requested, 'HelpRequested');
    const applied = await heard(events, 'command_applied');
    assert.deepStrictEqual(applied.data.command, { type: 'open', lockerId: 'locker-123' });
    assert.strictEqual(applied.data.result.success, true);
    conforms(applied, 'CommandApplied');
    for (const message of [changed, requested, applied]) {
      isTime(message.timestamp);
      isTime(message.data.timestamp);
    }
    isTime(requested.data.created_at);
    // Each namespace hears its own kind alone.
    for (const socket of [lockers, help, events]) assert.strictEqual(socket.heard.length, 2);
  },

  async 'rooms'() {
    const socket = await open('lockers');
    const outside = await open('lockers');
    const code = page.block('javascript', '// Leave a room');
    const [join, leave] = [code.split('// Leave a room')[0], code.split('// Leave a room')[1]];
    page.run(join, { socket });
    await heard(socket, 'room_joined');
    const data = { hello: 'kiosk' };
    const broadcasts = page.block('typescript', "broadcastToRoom('/ws/lockers'");
    page.run(broadcasts, { websocketManager, data });
    const [all, room] = await answers();
    assert.deepStrictEqual(Object.keys(all.body), ['success', 'namespace', 'event', 'room', 'recipients', 'timestamp']);
    assert.deepStrictEqual([all.body.room, all.body.recipients], [null, 2]);
    assert.deepStrictEqual([room.body.room, room.body.recipients], ['kiosk-1', 1]);
    const named = (one) => one.heard.filter((message) => message.type === 'event_name');
    await until(() => named(socket).length === 2 && named(outside).length === 1, 'both broadcasts come');
    assert.deepStrictEqual(named(outside)[0].data, data);
    assert.deepStrictEqual(Object.keys(named(outside)[0]), ['type', 'data', 'timestamp']);
    page.run(leave, { socket });
    assert.strictEqual((await heard(socket, 'room_left')).data.room, 'kiosk-1');
    page.run(broadcasts, { websocketManager, data });
    assert.deepStrictEqual((await answers()).map((reply) => reply.body.recipients), [2, 0]);
  },

  async 'the status'() {
    await open('lockers');
    await open('lockers');
    await open('events');
    const shown = JSON.parse(page.block('json', '"latency_metrics"'));
    const found = await status();
    const shape = (value) =>
      (value !== null && typeof value === 'object'
        ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)])) : typeof value);
    assert.deepStrictEqual(shape(found), shape(shown));
    assert.deepStrictEqual(Object.keys(found), Object.keys(shown));
    assert.deepStrictEqual(found.namespaces, { '/ws/lockers': 2, '/ws/help': 0, '/ws/events': 1 });
    assert.deepStrictEqual([found.status, found.total_connections], ['active', 3]);
    assert.strictEqual(found.latency_metrics.connection_count, 3);
    isTime(found.timestamp);
  },

  async 'the broadcast endpoint'() {
    const body = page.block('json', '"test_event"');
    const socket = await open('lockers');
    const outside = await open('lockers');
    socket.send(JSON.stringify({ type: 'join_room', room: JSON.parse(body).room }));
    await heard(socket, 'room_joined');
    const reply = await page.request('POST', '/api/websocket/broadcast', body);
    assert.deepStrictEqual([reply.status, reply.body.recipients], [200, 1]);
    assert.deepStrictEqual((await heard(socket, 'test_event')).data, { message: 'Hello world' });
    outside.send('{"type":"ping"}');
    await heard(outside, 'pong');
    assert.ok(!outside.heard.some((message) => message.type === 'test_event'));
    if (!key) return;
    const refused = await page.request('POST', '/api/websocket/broadcast', body, { 'X-API-Key': 'wrong' });
    assert.strictEqual(refused.status, 401);
  },

  async 'the connection statistics'() {
    await open('help');
    const found = await status();
    // What the seed's own call returns is in the status, under longer names.
    const getConnectionStats = () => ({
      total: found.total_connections, lockers: found.namespaces['/ws/lockers'], help: found.namespaces['/ws/help'],
      events: found.namespaces['/ws/events'], latency: without(found.latency_metrics, 'connection_count'),
    });
    page.logged = [];
    const code = page.block('typescript', 'getConnectionStats()');
    page.run(code, { websocketEvents: { getConnectionStats } });
    const [[stats]] = page.logged;
    const shown = code.slice(code.indexOf('// {')).replace(/^\/\/ ?/gm, '');
    const keys = Object.keys(new Function(`return (${shown});`)());
    assert.deepStrictEqual(Object.keys(stats), keys);
    assert.deepStrictEqual([stats.total, stats.help], [1, 1]);
  },

  async 'messages that are wrong'() {
    const socket = await open('events');
    for (const [text, code] of [
      ['not JSON', 'INVALID_JSON'], ['{"type":"subscribe","channel":"a"}', 'UNKNOWN_TYPE'],
      ['{"type":"join_room","room":"a b"}', 'INVALID_ROOM'],
    ]) {
      socket.send(text);
      const error = await heard(socket, 'error', (message) => message.data.code === code);
      assert.deepStrictEqual(Object.keys(error.data), ['code', 'message']);
    }
  },
}, page, async () => (await status()).total_connections);
