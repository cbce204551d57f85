-- A store as the first schema version made it, with two events and an attempt: what a newer program must bring along.
PRAGMA application_id = 1751870574;
CREATE TABLE store(id TEXT NOT NULL) STRICT;
CREATE TABLE endpoint(
	id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, settings TEXT NOT NULL) STRICT;
CREATE TABLE counter(
	endpoint INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL, events INTEGER NOT NULL) STRICT;
CREATE TABLE event(
	pos INTEGER PRIMARY KEY, id BLOB NOT NULL, endpoint INTEGER NOT NULL, seq INTEGER NOT NULL,
	received_at_ns INTEGER NOT NULL, path_offset INTEGER NOT NULL, head_len INTEGER NOT NULL,
	body_len INTEGER NOT NULL, trailers_len INTEGER NOT NULL, answer_status INTEGER NOT NULL,
	repeat INTEGER NOT NULL, verdict INTEGER NOT NULL, attempts INTEGER NOT NULL,
	last_status INTEGER NOT NULL, peer TEXT NOT NULL, method TEXT NOT NULL, target TEXT NOT NULL,
	provider TEXT NOT NULL, type TEXT NOT NULL, provider_id TEXT, reason TEXT NOT NULL,
	secret TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX event_seq ON event(endpoint, seq);
CREATE UNIQUE INDEX event_id ON event(id);
CREATE INDEX event_provider_id ON event(endpoint, provider_id) WHERE provider_id IS NOT NULL;
CREATE TABLE attempt(
	pos INTEGER PRIMARY KEY, id BLOB NOT NULL, event INTEGER NOT NULL, endpoint INTEGER NOT NULL,
	seq INTEGER NOT NULL, number INTEGER NOT NULL, cause INTEGER NOT NULL,
	status INTEGER NOT NULL, answer_head_len INTEGER NOT NULL, answer_body_len INTEGER NOT NULL,
	answer_body_total INTEGER NOT NULL, started_at_ns INTEGER NOT NULL, took_us INTEGER NOT NULL,
	target TEXT NOT NULL, changes TEXT NOT NULL, error TEXT NOT NULL, who TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX attempt_seq ON attempt(endpoint, seq);
CREATE UNIQUE INDEX attempt_id ON attempt(id);
CREATE INDEX attempt_event ON attempt(event);
CREATE TABLE content(
	pos INTEGER PRIMARY KEY, head BLOB NOT NULL, body BLOB NOT NULL, trailers BLOB NOT NULL) STRICT;
CREATE TABLE secret(
	endpoint INTEGER NOT NULL, label TEXT NOT NULL, provider TEXT NOT NULL, sealed BLOB NOT NULL,
	added_at_ms INTEGER NOT NULL, PRIMARY KEY(endpoint, label)) STRICT, WITHOUT ROWID;

INSERT INTO store VALUES('018bcfe5-6800-7000-8000-000000000001');
INSERT INTO endpoint VALUES(1, 'shop', '{"provider":"stripe"}');
INSERT INTO counter VALUES(0, 3, 0), (1, 3, 2);
INSERT INTO event VALUES
	(1, x'018bcfe56800700080000000000000a1', 1, 1, 1700000000000000000, 0, 18, 5, 0, 200, 1, 1, 1,
		204, '127.0.0.1:1', 'POST', '/hook', 'stripe', 'order.paid', 'evt_1', 'signed with live',
		'live'),
	(2, x'018bcfe56800700080000000000000a2', 1, 2, 1700000001000000000, 0, 18, 6, 0, 200, 0, 0, 0,
		0, '127.0.0.1:2', 'POST', '/hook', '', '', NULL, '', '');
INSERT INTO attempt VALUES
	(3, x'018bcfe56800700080000000000000b1', 1, 1, 3, 1, 0, 204, 4, 2, 2, 1700000002000000000, 900,
		'http://127.0.0.1:3000/hook', 'Host', '', 'bob');
INSERT INTO content VALUES
	(1, CAST('POST /hook HTTP/1.1' AS BLOB), CAST('first' AS BLOB), x''),
	(2, CAST('POST /hook HTTP/1.1' AS BLOB), CAST('second' AS BLOB), x''),
	(3, CAST('HTTP' AS BLOB), CAST('ok' AS BLOB), x'');
INSERT INTO secret VALUES(1, 'live', 'stripe', x'00ff', 1700000000000);
PRAGMA user_version = 1;
