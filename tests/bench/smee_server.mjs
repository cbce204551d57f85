// Speaks what smee.io speaks to its client (GET: server-sent events; POST: a webhook for them), so that smee-client can be measured
// without anything leaving this machine. Prints "PORT\n" once it listens on 127.0.0.1.
import http from "node:http";

const left_out = new Set(["connection", "content-length", "transfer-encoding", "host"]);
let listening = null;

function follow(request, response) {
	response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
	response.write("event: ready\ndata: {}\n\n");
	request.socket.setNoDelay(true);
	listening = response;
}

function take(request, response) {
	const pieces = [];
	request.on("data", (piece) => pieces.push(piece));
	request.on("end", () => {
		const told = { body: JSON.parse(Buffer.concat(pieces)), query: {}, timestamp: Date.now() };
		for (const [name, value] of Object.entries(request.headers)) {
			if (!left_out.has(name)) {
				told[name] = value;
			}
		}
		if (listening) {
			listening.write(`id: ${told.timestamp}\ndata: ${JSON.stringify(told)}\n\n`);
		}
		response.writeHead(200, { "Content-Length": 0 });
		response.end();
	});
}

const server = http.createServer((request, response) =>
	request.method === "GET" ? follow(request, response) : take(request, response));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
