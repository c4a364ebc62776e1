// Runs every example of seed 002 that talks to a running service, word for word, and checks that the service does what the
// seed shows for it. Jest's names, the browser's and those of the seed's own server are in seed-page.js and below.
//
// usage: node seed-channels.js PORT SEED SOCKET      The service runs with --dev; SOCKET is its admin socket.
'use strict';

const assert = require('assert');
const http = require('http');
const NodeSocket = require('ws');
const { Page, until, heard, spy, runAll } = require('./seed-page.js');
const [port, seed, adminSocket] = process.argv.slice(2);
const page = new Page({ port, seed });

/// The seed's server-side names (`fastify.websocketManager`), as requests of our HTTP API.
const manager = {
  pending: [],
  post(path, body) { this.pending.push(page.request('POST', `/api/v1/ws/${path}`, body)); },
  broadcast(channel, message, exclude) { this.post('broadcast', { channel, message, exclude }); },
  sendToUser(user, message) { this.post(`users/${user}`, { message }); },
  sendToConnection(id, message) { this.post(`connections/${id}`, { message }); },
  async connections() { return (await page.request('GET', '/api/v1/debug/websocket/connections')).body; },
  async getActiveConnections() { return (await this.connections()).total; },
  async getConnectionsByChannel(channel) {
    return (await this.connections()).connections.filter((connection) => connection.channels.includes(channel));
  },
  async getConnectionsByUser(user) {
    return (await this.connections()).connections.filter((connection) => connection.userId === user);
  },
  async answers() { return Promise.all(this.pending.splice(0)); },
};
const fastify = { websocketManager: manager };

const without = (object, ...keys) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
const isTime = (text) => assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const subscribed = async (channel) => {
  const socket = await page.open('/ws');
  socket.send(JSON.stringify({ type: 'subscribe', channel }));
  await heard(socket, 'subscribed', (message) => message.channel === channel);
  return socket;
};
const put = async (path, body) => {
  const reply = await page.request('PUT', `/api/v1/reports/${path}`, body);
  assert.strictEqual(reply.status, 202, JSON.stringify(reply));
};

/// Jest, as far as the seed's test uses it.
function jest(code) {
  const suite = { before: [], after: [], tests: [] };
  const names = {
    WebSocket: undefined,
    require: (name) => {
      assert.strictEqual(name, 'ws');
      return class extends NodeSocket { constructor(url) { super(page.here(url)); } };
    },
    describe: (_, body) => body(),
    beforeEach: (body) => suite.before.push(body),
    afterEach: (body) => suite.after.push(body),
    test: (name, body) => suite.tests.push({ name, body }),
    expect: (value) => ({
      toBe: (other) => assert.strictEqual(value, other),
      toBeDefined: () => assert.notStrictEqual(value, undefined),
    }),
  };
  page.run(code, names);
  return suite;
}

runAll({
  async 'the general endpoint'() {
    page.run(page.block('javascript', "channel: 'system:notifications'"));
    const socket = page.sockets.at(-1);
    assert.strictEqual((await heard(socket, 'subscribed')).channel, 'system:notifications');
    isTime((await heard(socket, 'pong')).timestamp);
    await until(() => page.logged.length >= 3, 'what was received is logged');
    assert.deepStrictEqual(page.logged.map(([first, data]) => [first, data.type]),
      [['Received:', 'welcome'], ['Received:', 'subscribed'], ['Received:', 'pong']]);
    socket.send(JSON.stringify({ type: 'unsubscribe', channel: 'system:notifications' }));
    assert.strictEqual((await heard(socket, 'unsubscribed')).channel, 'system:notifications');
    socket.send(JSON.stringify({ type: 'get_status' }));
    assert.deepStrictEqual((await heard(socket, 'status')).data.channels, []);
  },

  async 'the health check'() {
    const socket = await page.open('/ws/health');
    await until(() => socket.closeCode, 'it disconnects');
    const shown = JSON.parse(page.block('json', '"health"'));
    assert.strictEqual(socket.closeCode, 1000);
    assert.deepStrictEqual(without(socket.heard[0], 'timestamp'), without(shown, 'timestamp'));
    assert.deepStrictEqual(Object.keys(socket.heard[0]), Object.keys(shown));
    isTime(socket.heard[0].timestamp);
  },

  async 'report progress'() {
    const [welcome, status, completed] = page.objects(page.block('javascript', '// Report completed'));
    const names = {
      updateProgressBar: spy(), updateStatusMessage: spy(), showDownloadLink: spy(), showErrorMessage: spy(),
    };
    page.run(page.block('javascript', 'updateProgressBar'), names);
    const socket = page.sockets.at(-1);
    const greeting = await heard(socket, 'welcome');
    // Nobody is authenticated here, so that the welcome has no user and not the user's channel (2-11, §4.4).
    assert.deepStrictEqual(Object.keys(greeting.data), Object.keys(without(welcome.data, 'userId')));
    assert.deepStrictEqual(
      greeting.data.availableChannels, welcome.data.availableChannels.filter((name) => name !== 'user:alerts'));
    assert.match(greeting.data.connectionId, /^ws_\d{13}_[0-9a-z]{9}$/);
    assert.strictEqual((await heard(socket, 'report_status')).data.message, 'Waiting for report');
    const { reportId, ...data } = status.data;
    await put(`${reportId}/status`, { ...data, status: data.status });
    await until(() => names.updateProgressBar.calls.at(-1)?.[0] === 75, 'the bar moves');
    assert.deepStrictEqual(names.updateStatusMessage.calls.at(-1), [data.message]);
    assert.deepStrictEqual(socket.heard.at(-1).data, status.data);
    isTime(socket.heard.at(-1).timestamp);
    const result = without(completed.data, 'reportId');
    await put(`${reportId}/complete`, result);
    await until(() => names.showDownloadLink.calls.length === 1, 'the link is shown');
    assert.deepStrictEqual(names.showDownloadLink.calls[0], [result.downloadUrl]);
    assert.deepStrictEqual(socket.heard.at(-1).data, completed.data);
    assert.deepStrictEqual(names.updateProgressBar.calls.at(-1), [100]);
    page.element('cancelBtn').onclick();
    assert.strictEqual((await heard(socket, 'error')).code, 'REPORT_NOT_CANCELLABLE');
    assert.strictEqual(names.showErrorMessage.calls.length, 1);
  },

  async 'what a report listens to'() {
    const messages = page.objects(page.block('javascript', '// Subscribe to template updates'));
    assert.deepStrictEqual(
      messages.map((message) => message.type), ['subscribe_template', 'cancel_report', 'request_update']);
    const socket = await page.open('/api/v1/reports/progress/listening');
    await heard(socket, 'report_status');
    socket.send(JSON.stringify(messages[0]));
    assert.strictEqual((await heard(socket, 'subscribed')).channel, `reports:data:${messages[0].templateId}`);
    await put('listening/status', { status: 'running', progress: 10 });
    await heard(socket, 'report_status', (message) => message.data.progress === 10);
    const before = socket.heard.length;
    socket.send(JSON.stringify(messages[2]));
    await until(() => socket.heard.length > before, 'the status comes again');
    assert.strictEqual(socket.heard.at(-1).data.progress, 10);
    socket.send(JSON.stringify(messages[1]));
    await heard(socket, 'report_status', (message) => message.data.status === 'cancelled');
  },

  async 'a stream'() {
    const [initial, update] = page.objects(page.block('javascript', '// Initial data'));
    const rows = [...initial.data].reverse();
    const push = async (rows) => {
      const reply = await page.request('POST', '/api/v1/reports/stream/template-uuid', { rows });
      assert.strictEqual(reply.status, 202, JSON.stringify(reply));
    };
    await push(rows);
    const names = { initializeChart: spy(), updateChart: spy() };
    page.run(page.block('javascript', 'initializeChart'), names);
    const socket = page.sockets.at(-1);
    await until(() => names.initializeChart.calls.length === 1, 'the first rows come');
    assert.deepStrictEqual(names.initializeChart.calls[0], [initial.data]);
    assert.deepStrictEqual(Object.keys((await heard(socket, 'initial_data'))), Object.keys(initial));
    const messages = page.objects(page.block('javascript', '// Set update interval'));
    assert.deepStrictEqual(messages.map((message) => message.type), ['update_interval', 'apply_filter']);
    // The example asks for one row each 10 seconds; every row at once is what the sample shows.
    socket.send(JSON.stringify({ ...messages[0], interval: 0 }));
    await push([update.data]);
    await until(() => names.updateChart.calls.length === 1, 'the new row comes');
    assert.deepStrictEqual(names.updateChart.calls[0], [update.data]);
    await push([{ ...messages[1].filter, value: 7 }]);
    socket.send(JSON.stringify(messages[1]));
    await until(() => names.initializeChart.calls.length === 2, 'the filtered rows come');
    assert.deepStrictEqual(names.initializeChart.calls[1], [[{ ...messages[1].filter, value: 7 }]]);
  },

  async 'notifications'() {
    const [alert, notice] = page.objects(page.block('javascript', '// System alert'));
    const socket = await page.open('/api/v1/reports/notifications');
    assert.deepStrictEqual(
      (await heard(socket, 'welcome')).data.availableChannels,
      ['reports:system', 'reports:maintenance', 'reports:alerts']);
    manager.broadcast('reports:alerts', without(alert, 'timestamp'));
    manager.broadcast('reports:maintenance', without(notice, 'timestamp'));
    assert.deepStrictEqual((await manager.answers()).map((reply) => [reply.status, reply.body.delivered]),
      [[202, 1], [202, 1]]);
    assert.deepStrictEqual((await heard(socket, 'system_alert')).data, alert.data);
    const received = await heard(socket, 'maintenance_notice');
    assert.deepStrictEqual(received.data, notice.data);
    isTime(received.timestamp);
  },

  async 'connection and subscription'() {
    page.logged = [];
    page.run(page.block('javascript', "console.log('WebSocket connected')"));
    await until(() => page.logged.some(([text]) => text === 'WebSocket connected'), 'it connects');
    const ws = await page.open('/ws');
    const programmatic = spy();
    page.run(page.block('javascript', '// Through WebSocket message'), {
      ws, connectionId: ws.heard[0].data.connectionId,
      fastify: { websocketManager: { subscribeToChannel: programmatic } },
    });
    assert.strictEqual((await heard(ws, 'subscribed')).channel, 'reports:progress');
    // The manager's own call has no counterpart; both name the same channel.
    assert.strictEqual(programmatic.calls[0][1], 'reports:progress');
    // The seed's examples of names; the last is a user's, for whom one must be that user.
    const names = [...page.text.matchAll(/^- ([a-z:-]+) +# /gm)].map(([, name]) => name);
    assert.strictEqual(names.length, 4);
    for (const channel of names.filter((name) => !name.startsWith('user:'))) {
      ws.send(JSON.stringify({ type: 'subscribe', channel }));
      await heard(ws, 'subscribed', (message) => message.channel === channel);
    }
  },

  async 'broadcasts and their exclusion'() {
    const listener = await subscribed('reports:system');
    const first = await subscribed('reports:progress');
    const second = await subscribed('reports:progress');
    const message = { type: 'report_status', data: { reportId: 'x', status: 'running', progress: 5 } };
    const excludeConnectionId = first.heard[0].data.connectionId;
    page.run(page.block('typescript', "broadcast('reports:system'"), { fastify, message, excludeConnectionId });
    const [open, excluded] = await manager.answers();
    assert.deepStrictEqual([open.status, open.body.channel, open.body.delivered], [202, 'reports:system', 1]);
    assert.deepStrictEqual([excluded.status, excluded.body.delivered], [202, 1]);
    const notice = await heard(listener, 'maintenance_notice');
    assert.deepStrictEqual(without(notice, 'timestamp'), {
      type: 'maintenance_notice', message: 'System maintenance in 30 minutes', level: 'info', channel: 'reports:system',
    });
    isTime(notice.timestamp);
    assert.deepStrictEqual((await heard(second, 'report_status')).data, message.data);
    first.send('{"type":"ping"}');
    await heard(first, 'pong');
    assert.ok(!first.heard.some((received) => received.type === 'report_status'));
  },

  async 'a message to a user and to a connection'() {
    const socket = await page.open('/ws');
    const code = page.block('typescript', 'sendToConnection(\'connection-id\'');
    page.run(code.replace('connection-id', socket.heard[0].data.connectionId), { fastify });
    page.run(page.block('typescript', "sendToUser('user-uuid', {"), { fastify });
    const [connection, user] = await manager.answers();
    assert.deepStrictEqual([connection.status, connection.body.delivered], [202, 1]);
    // Nobody of that name is here; with tokens another test shows that the user's sockets hear it.
    assert.deepStrictEqual([user.status, user.body.delivered], [202, 0]);
    const message = await heard(socket, 'direct_message');
    assert.deepStrictEqual(
      without(message, 'timestamp'), { type: 'direct_message', message: 'Connection-specific message' });
    page.run(code, { fastify });
    assert.strictEqual((await manager.answers())[0].status, 404);
  },

  async 'monitoring'() {
    await subscribed('reports:system');
    const code = page.block('typescript', 'const activeConnections');
    const [active, byChannel, byUser] =
      page.run(code, { fastify }, '[activeConnections, channelConnections, userConnections]');
    assert.ok(await active >= 1);
    assert.strictEqual((await byChannel).length, 1);
    assert.strictEqual((await byUser).length, 0);
    page.logged = [];
    page.run(page.block('javascript', '/api/v1/debug/websocket/connections'));
    page.run(page.block('javascript', '/api/v1/debug/websocket/channels'));
    await until(() => page.logged.length === 2, 'both views come');
    const views = Object.fromEntries(page.logged);
    const connections = views['Active connections:'];
    assert.strictEqual(connections.total, connections.connections.length);
    const [connection] = connections.connections.filter((one) => one.channels.includes('reports:system'));
    // What the seed's interface WebSocketConnection lists; an anonymous connection has no userId.
    assert.deepStrictEqual(Object.keys(connection), ['id', 'channels', 'lastActivity', 'metadata']);
    assert.deepStrictEqual(Object.keys(connection.metadata), ['userAgent', 'ip', 'connectedAt']);
    assert.ok(views['Channel subscriptions:'].channels.some(
      (one) => one.channel === 'reports:system' && one.subscribers === 1));
  },

  async 'access to channels'() {
    const code = page.block('typescript', "startsWith('user:')");
    const texts = [...code.matchAll(/message: '([^']*)'/g)].map(([, text]) => text);
    assert.strictEqual(texts.length, 2);
    const socket = await page.open('/ws');
    for (const [channel, text] of [['user:user-uuid:alerts', texts[0]], ['admin:system', texts[1]]]) {
      socket.send(JSON.stringify({ type: 'subscribe', channel }));
      assert.strictEqual((await heard(socket, 'error', (one) => one.channel === channel)).message, text);
    }
  },

  async 'the dashboard'() {
    const names = { updateVitalSignsChart: spy(), showCriticalAlert: spy() };
    page.run(page.block('javascript', 'patients:vitals:room-101'), names);
    const socket = page.sockets.at(-1);
    await heard(socket, 'subscribed', (message) => message.channel === 'alerts:critical');
    manager.broadcast('patients:vitals:room-101', { type: 'vital_signs_update', data: { pulse: 72 } });
    manager.broadcast('alerts:critical', { type: 'critical_alert', data: { room: 101 } });
    await until(() => names.showCriticalAlert.calls.length === 1, 'the alert comes');
    assert.deepStrictEqual(names.updateVitalSignsChart.calls, [[{ pulse: 72 }]]);
    assert.deepStrictEqual(names.showCriticalAlert.calls, [[{ room: 101 }]]);
  },

  async 'the tracker of reports'() {
    const tracker = page.run(page.block('javascript', 'class ReportProgressTracker'), {}, 'tracker');
    tracker.showDownloadButton = spy();
    const first = tracker.connections.get('report-uuid-1');
    const second = tracker.connections.get('report-uuid-2');
    await heard(second, 'report_status');
    await put('report-uuid-1/status', { status: 'running', progress: 40, message: 'Drawing' });
    await until(() => page.element('progress-report-uuid-1').style.width === '40%', 'the bar moves');
    assert.strictEqual(page.element('progress-report-uuid-1').textContent, 'Drawing');
    await put('report-uuid-1/complete', { downloadUrl: '/d/1', format: 'pdf', fileSize: 1 });
    await until(() => first.closeCode === 1000, 'the tracker closes what is done');
    assert.deepStrictEqual(tracker.showDownloadButton.calls, [['report-uuid-1', '/d/1']]);
    await put('report-uuid-2/status', { status: 'running', progress: 1 });
    tracker.cancelReport('report-uuid-2');
    assert.strictEqual(
      (await heard(second, 'report_status', (one) => one.data.progress === 1 && one.data.status !== 'running')).data.status,
      'cancelled');
  },

  async 'handlers and reconnecting'() {
    const ws = await page.open('/ws');
    page.run(page.block('javascript', "console.error('WebSocket error:'"), { ws });
    const Manager = page.run(page.block('javascript', 'class WebSocketManager'), {}, 'WebSocketManager');
    const client = new Manager('ws://localhost:3000/ws');
    Object.assign(client, { onOpen: spy(), onMessage: spy(), onError: spy() });
    client.connect();
    await until(() => client.onMessage.calls.length === 1, 'the manager is greeted');
    page.logged = [];
    await new Promise((resolve, reject) => {
      const options = { socketPath: adminSocket, method: 'POST', path: '/admin/disconnect' };
      http.request(options, (response) => { response.resume(); response.on('end', resolve); })
        .on('error', reject).end(JSON.stringify({ all: true, confirm: 'ALL' }));
    });
    await until(() => page.logged.length === 1, 'the handler sees the end');
    assert.match(page.logged[0][0], /closed unexpectedly/);
    await until(() => client.onOpen.calls.length === 2, 'the manager connects again');
  },

  async 'the Jest test'() {
    const suite = jest(page.block('javascript', "describe('WebSocket Service'"));
    assert.deepStrictEqual(suite.tests.map((test) => test.name),
      ['should connect and receive welcome message', 'should subscribe to channel']);
    for (const { body } of suite.tests) {
      suite.before.forEach((step) => step());
      await new Promise((done) => body(done));
      suite.after.forEach((step) => step());
    }
  },
}, page, () => manager.getActiveConnections());
