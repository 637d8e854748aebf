// One socket.io-client for tests/contract/test_socketio_clients.py: prints what it hears as JSON lines.
// Arguments: folder of node_modules, address, Origin, number of commands to send.
import { createRequire } from 'node:module';

const [modules, address, origin, commands] = process.argv.slice(2);
const { io } = createRequire(`${modules}/`)('socket.io-client');
const say = (...line) => console.log(JSON.stringify(line));

const socket = io(address, {
  transports: ['websocket'],
  reconnectionDelay: 50,
  extraHeaders: origin ? { Origin: origin } : {},
  auth: { device: 'js' },
});
socket.on('connect_error', (error) => {
  say('refused', error.message, error.data ?? null);
  if (error.data || !origin || origin.includes('evil')) process.exit(0);
});
socket.on('disconnect', (reason) => {
  say('down', reason);
  if (!socket.active) process.exit(0);
});
socket.onAny((name, value) => say('event', name, value));
let before = 0;
socket.on('connect', () => {
  say('up', socket.id, before++);
  for (let number = 0; number < Number(commands); number += 1) {
    socket.emit('a.command', number, (answer) => say('ack', answer));
  }
});
