// The peer in JavaScript: socket.io 4.8 as one would write it. Prints its port.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const { Server } = createRequire(`${process.argv[2]}/`)('socket.io');
const secret = process.env.BENCH_SECRET;
const people = new Map(Array.from({ length: 100_000 }, (_, id) => [String(id), { id }]));

const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });
io.use((socket, next) => {
  const [id, signature = ''] = String(socket.handshake.auth.token).split('.');
  const expected = createHmac('sha256', secret).update(id).digest('hex');
  const right = signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
  if (!right || !people.has(id)) return next(new Error('unauthenticated'));
  socket.data.person = people.get(id);
  return next();
});
io.on('connection', (socket) => {
  socket.join('all');
  socket.on('ink', (stroke, answer) => {
    io.to('all').emit('ink', stroke);
    answer?.({ ok: true });
  });
});
http.listen({ port: 0, host: '127.0.0.1', backlog: 8192 }, () => console.log(http.address().port));
