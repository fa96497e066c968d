// node's ws, sending one frame that was encoded beforehand to every socket, as fast as they take it.
const { WebSocketServer, Sender } = require("ws");

const server = new WebSocketServer({ port: Number(process.argv[2]), host: "127.0.0.1", perMessageDeflate: false });
const text = Buffer.from(process.argv[3]);
const frame = Buffer.concat(
  Sender.frame(text, { fin: true, opcode: 1, mask: false, readOnly: false, rsv1: false }),
);
const WINDOW = 64 * 1024;

function round(until) {
  for (const { _socket } of server.clients) if (_socket.writableLength < WINDOW) _socket.write(frame);
  if (Date.now() < until) setImmediate(round, until);
}

server.on("connection", (socket) => {
  socket.on("error", () => {});
  socket.on("message", (seconds) => round(Date.now() + Number(seconds) * 1000));
});
