// Many subscribers lose their connections again and again while a channel is published to, and go on from where they were:
// nobody misses a message, hears one twice, or hears them in another order (EXT `since`).
//
// usage: node recovery.js PORT CLIENTS MESSAGES      The channel test:recovery keeps at least MESSAGES messages.
'use strict';

const assert = require('assert');
const http = require('http');
const WebSocket = require('ws');
const [port, clients, messages] = process.argv.slice(2).map(Number);

const channel = 'test:recovery';
const agent = new http.Agent({ keepAlive: true });
let reconnections = 0;

/// One subscriber; its numbers are those of the messages it heard, over all of its connections.
class Subscriber {
  constructor() {
    this.numbers = [];
    this.position = {};
    this.ready = Promise.resolve();
  }

  /// Connects and subscribes from where it was; resolves when that is confirmed.
  connect() {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
      this.socket = socket;
      socket.on('error', reject);
      socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', channel, since: this.position })));
      socket.on('message', (data) => {
        // What the old connection still has to say is nobody's any more.
        if (socket !== this.socket) return;
        const message = JSON.parse(data.toString());
        if (message.type === 'subscribed') {
          if (this.position.epoch) assert.strictEqual(message.recovered, true, JSON.stringify(message));
          else this.position = { epoch: message.epoch, offset: message.offset };
          resolve();
        } else if (message.type === 'number') {
          this.numbers.push(message.number);
          this.position = { epoch: this.position.epoch, offset: message.offset };
        }
      });
    });
  }

  /// Is gone without a word, and comes back; one time after the other.
  reconnect() {
    this.ready = this.ready.then(() => {
      reconnections += 1;
      const { socket } = this;
      this.socket = null;
      socket.terminate();
      return this.connect();
    });
  }
}

function publish(number) {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ channel, message: { type: 'number', number } });
    http.request({ agent, port, method: 'POST', path: '/api/v1/ws/broadcast' }, (response) => {
      response.resume();
      response.on('end', () => (response.statusCode === 202 ? resolve() : reject(new Error(response.statusCode))));
    }).on('error', reject).end(body);
  });
}

const pause = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));

async function main() {
  const subscribers = Array.from({ length: clients }, () => new Subscriber());
  for (let start = 0; start < clients; start += 100) {
    await Promise.all(subscribers.slice(start, start + 100).map((subscriber) => subscriber.connect()));
  }
  // Everybody is cut off twice, a few with every message.
  const cuts = Math.ceil((2 * clients) / messages);
  for (let number = 1; number <= messages; number += 1) {
    for (let place = 0; place < cuts; place += 1) subscribers[(number * cuts + place) % clients].reconnect();
    await publish(number);
    await pause(2);
  }
  await Promise.all(subscribers.map((subscriber) => subscriber.ready));
  const expected = Array.from({ length: messages }, (_, place) => place + 1);
  for (let round = 0; round < 1000 && subscribers.some((one) => one.numbers.length < messages); round += 1) {
    await pause(10);
  }
  for (const subscriber of subscribers) assert.deepStrictEqual(subscriber.numbers, expected);
  assert.ok(reconnections >= 2 * clients);
  console.error(`${clients} subscribers, ${messages} messages each, ${reconnections} reconnections`);
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
