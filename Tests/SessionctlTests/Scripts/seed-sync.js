// Runs the JavaScript block of seed 001 word for word, with a WebSocket as browsers have it but for one thing: what is sent
// before the connection is open waits for that, as the block relies on it.
//
// usage: node seed-sync.js PORT SEED      Prints the types of the first three answers; HTTP's part is another's.
'use strict';

const fs = require('fs');
const NodeSocket = require('ws');
const [port, seed] = process.argv.slice(2);

const block = fs.readFileSync(seed, 'utf8').match(/```javascript\n([^]*?)```/)[1];
const wanted = [8, 2, 12];
const heard = new Map();

class WebSocket {
  constructor(url) {
    this.waiting = [];
    this.socket = new NodeSocket(url.replace(':8080', ':' + port));
    this.socket.on('open', () => this.waiting.splice(0).forEach((text) => this.socket.send(text)));
    this.socket.on('error', (error) => { console.error(String(error)); process.exit(1); });
    this.socket.on('close', (code) => { console.error('closed ' + code); process.exit(1); });
    this.socket.on('message', (data) => {
      const message = JSON.parse(data.toString());
      heard.set(message.type, message.payload);
      if (wanted.every((type) => heard.has(type))) finish();
    });
  }

  send(text) {
    if (this.socket.readyState === NodeSocket.OPEN) this.socket.send(text); else this.waiting.push(text);
  }
}

function finish() {
  const welcome = heard.get(8);
  console.log(welcome.device_id, welcome.devices_online, heard.get(12).devices[0].device_name);
  console.log(welcome.session_id);
  process.exit(0);
}

new Function('WebSocket', block)(WebSocket);
