/*
 * The relay as the screen and the commands see it: a websocket that is opened, kept alive, reopened with backoff, and
 * resumed where it was. One client, one relay, many requests. Everything comes on the loop; nothing blocks.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"
#include "common/event.h"
#include "common/span.h"

struct client;

struct client_options {
	const char *url;        /* ws://127.0.0.1:8081 or wss://... */
	const char *token_file; /* NULL: none; the file must not be readable by others */
	const char *ca_file;    /* for wss with a certificate of one's own; NULL: the system's */
	const char *who;        /* "alice@laptop", kept with attempts */
	bool readonly;          /* the relay is told to refuse whatever would change something */
	bool once;              /* a command: do not reconnect, a lost relay is an error */
	/* pauses between tries, doubling from the one to the other, each shortened by up to half at random; 0: 250, 10000 */
	int64_t retry_least_ms, retry_most_ms;
	/* how often the relay is asked for a sign of life (client_heard_ms); 0: only as the link itself does, each 10 s */
	int64_t ping_ms;
};

enum client_link { CLIENT_CONNECTING, CLIENT_LIVE, CLIENT_WAITING, CLIENT_REFUSED, CLIENT_STOPPED };

/* What the relay said of itself when the link came up; valid during client_live_fn. */
struct client_welcome {
	struct span version;
	struct span ingest_url; /* where webhooks are sent: "http://127.0.0.1:8080" */
	struct span store;      /* names the history: positions of another one mean nothing */
	bool ends_with_clients; /* it was started so: it ends with the last of us, */
	bool readonly;          /* we may only look: our token says so, or client_options */
	bool stay;              /* but was asked to stay (relay.stay in docs/protocol.md) */
};

struct client_events {
	/* The link is up (again); subscriptions are resumed by the client itself. */
	void (*live)(void *data, const struct client_welcome *welcome);
	/* The link is down: why, and when it is tried again (milliseconds; -1: not). With `once`, or when refused, it is over. */
	void (*down)(void *data, const struct error *err, int64_t retry_ms);
	/* The relay says it is stopping; the link goes down after it. May be NULL. */
	void (*bye)(void *data, struct span why);
};

struct client *client_new(uv_loop_t *loop, const struct client_options *options,
	const struct client_events *events, void *data, struct error *err);
/*
 * When anything came from the relay last, as time of the loop (uv_now, milliseconds); 0: never. With `ping_ms` it is never
 * much older than that while the relay is well; after half a minute of silence the link goes down.
 */
int64_t client_heard_ms(const struct client *client);
/* How long the last ping took there and back, in microseconds; -1: none was answered yet, or `ping_ms` is 0. */
int64_t client_round_trip_us(const struct client *client);

/* The store of the relay that greeted us last, as in client_welcome; empty: none did. Valid until the next one does. */
struct span client_store(const struct client *client);

/* Closes the link and frees; no callback comes after it. Outstanding requests are dropped without a callback. */
void client_free(struct client *client);

/* An id for a request under way; 0 is none. */
typedef uint32_t client_request;

/* Bytes that came with an entry, exactly as stored. NULL data: they were not asked for. */
struct client_bytes {
	struct span head, body, trailers;
};

/* How far a list has come. */
struct client_progress {
	int64_t looked;          /* events and attempts */
	int64_t from, at, until; /* positions: where it began, stands and would end */
};

struct client_receiver {
	/* An event or attempt, in order. Everything is valid during the call. */
	void (*event)(void *data, const struct event *event, const struct client_bytes *bytes);
	void (*attempt)(void *data, const struct attempt *attempt, const struct client_bytes *bytes);
	/* Of a query for deliveries: an attempt, and the event it delivered. May be NULL. */
	void (*delivery)(void *data, const struct attempt *attempt, const struct event *event);
	/* Where it begins, for each endpoint there is: behind `seq`. Before anything else, also after a reconnect. May be NULL. */
	void (*begins)(void *data, struct span endpoint, int64_t seq);
	/*
	 * After a reconnect, before what was missed: `position` is that of the newest entry handed out (0: none), and `behind`
	 * how many have come since on the endpoints it follows, also those it does not ask for. Subscriptions only. May be NULL.
	 */
	void (*resumed)(void *data, int64_t position, int64_t behind);
	/* History is through: what follows is live. For subscriptions only. May be NULL. */
	void (*caught_up)(void *data);
	/*
	 * Verdicts of an endpoint were judged again; may be NULL. Without an endpoint: some of `answered` and `annotated` were
	 * missed.
	 */
	void (*judged)(void *data, struct span endpoint, int64_t changed);
	/* What the sender of an event was answered is known now; may be NULL. */
	void (*answered)(void *data, const struct uuid *event);
	/* Somebody marked it, or wrote a note to it: all that is said of it now; may be NULL. */
	void (*annotated)(void *data, const struct uuid *event, const struct annotation *annotation);
	/* Entries `from` .. `to` are not there any more: retention, or another store ("why"). May be NULL. */
	void (*gap)(void *data, struct span endpoint, int64_t from, int64_t to, struct span why);
	/*
	 * The relay has come back with another store: the subscription begins with what comes from now on, and nothing of that
	 * history is told. NULL: with a gap, and then with the first entry of each endpoint. Subscriptions only.
	 */
	void (*anew)(void *data);
	/*
	 * More came than `at_most`: all up to now was passed over and can be listed; about `entries`, events and attempts. May be NULL.
	 */
	void (*skipped)(void *data, int64_t entries);
	/* Lists only: how far it has come, while it takes its time. NULL: not asked for. */
	void (*progress)(void *data, const struct client_progress *progress);
	/* Complete, or failed. After it the request is gone. For subscriptions only when refused. */
	void (*done)(void *data, const struct error *err);
	void *data;
};

/* Which entries: for client_subscribe and client_list. */
struct client_query {
	struct span endpoint; /* empty: all */
	struct span filter;   /* text of common/filter, looked at by the relay */
	bool attempts;        /* attempts, too */
	bool bytes;           /* head and body of every entry, too */
	bool
		deliveries; /* list only: attempts alone, each with its event, as `delivery`; `filter` is that of common/attempt_filter */
	bool newest_first;     /* list only */
	int64_t after, before; /* seq, of one endpoint (0: open) */
	/*
	 * List only: what stands behind this position of all (event.position), in the direction of the list; 0: all. The
	 * next older page is newest_first and beyond the oldest entry there is, the next newer one beyond the newest.
	 */
	int64_t beyond;
	struct span
		target;     /* list only: events tell what attempts to exactly it came to (delivered_at) */
	int64_t limit;  /* list only; 0: all */
	bool live_only; /* subscribe: begin with what comes from now on; else from `after` */
	/*
	 * subscribe: for who looks at the newest rather than at everything: at most so many entries in so many milliseconds
	 * (both, or 0). When more have come, all that wait are passed over, and `skipped` says so.
	 */
	int64_t at_most, every_ms;
};

/* Everything that comes, in order, without a gap, across reconnects, until client_cancel. */
client_request client_subscribe(struct client *client, const struct client_query *query,
	const struct client_receiver *receiver);

/* Entries that are there, then done. */
client_request client_list(struct client *client, const struct client_query *query,
	const struct client_receiver *receiver);

/* One event with its bytes, then its attempts with theirs, then done (ERROR_NO when there is no such event). */
client_request client_get(
	struct client *client, const struct event_ref *ref, const struct client_receiver *receiver);

/* Stops a subscription or list; no callback of it comes any more. */
void client_cancel(struct client *client, client_request request);

/*
 * Stops taking anything from the relay for a while, which then waits: for one who forwards more slowly than events come.
 * Pause only while something else will end it; half a minute later the relay hangs up, and the client resumes.
 */
void client_pause(struct client *client, bool paused);

/* An attempt as the relay keeps it. `late`: its sender had an answer already. With an `err` all is 0. */
struct client_stored {
	int64_t seq, number;
	bool late;
};
/* An attempt that was made: kept by the relay. All is copied. */
typedef void client_stored_fn(
	void *data, const struct client_stored *stored, const struct error *err);
client_request client_store_attempt(struct client *client, const struct attempt *attempt,
	struct span answer_head, struct span answer_body, client_stored_fn *stored, void *data);

/*
 * The lease to forward an endpoint's events to a target by itself. `changed` comes with the answer and whenever it
 * changes hands: `mine`, or `holder` has it ("alice@laptop since 12:03"). Kept alive by the client, given back on free.
 */
typedef void client_lease_fn(void *data, bool mine, struct span holder);
client_request client_lease(struct client *client, struct span endpoint, struct span target,
	client_lease_fn *changed, void *data);

/*
 * What is said of a lease to the relay, where senders wait for an app's answer: that the app cannot be reached, and which events it
 * is for (a filter; empty: all). To be said again whenever `changed` says that the lease is ours.
 */
void client_lease_tell(struct client *client, client_request lease, bool away, struct span filter);

/* A lease that somebody holds. */
struct client_held {
	struct span endpoint; /* empty: all */
	struct span target;
	struct span holder; /* "alice@laptop since 12:03" */
};

/*
 * Who forwards what: all leases that are held (1,000 at most), once it is known and again whenever one begins, changes
 * hands or ends, also after a reconnect, until client_cancel. Everything is valid during the call. `err`: the relay does
 * not say; nothing comes after it.
 */
typedef void client_leases_fn(
	void *data, const struct client_held *leases, size_t count, const struct error *err);
client_request client_leases(struct client *client, client_leases_fn *told, void *data);

/*
 * Any other request as a JSON object without its id: {"type":"endpoint.add",...}; the answer is the relay's object,
 * valid during the call (docs/protocol.md).
 */
typedef void client_answer_fn(void *data, const struct cJSON *answer, const struct error *err);
client_request client_ask(
	struct client *client, struct span object, client_answer_fn *answer, void *data);
/* What follows a request in binary messages, and whether it may be asked a second time. */
struct client_upload {
	struct span head, body; /* their lengths are for the caller to tell in the object */
	bool
		again; /* it changes nothing to ask twice: asked again when the link broke before the answer */
};
/* The same with bytes behind it; all is copied. */
client_request client_ask_with(struct client *client, struct span object,
	const struct client_upload *upload, client_answer_fn *answer, void *data);
/* The same for a request that takes its time and tells how far it is ("progress" frames), each before the answer. */
typedef void client_progress_fn(void *data, const struct cJSON *progress);
client_request client_ask_long(struct client *client, struct span object,
	client_progress_fn *progress, client_answer_fn *answer, void *data);

/*
 * A request that stays open and tells again and again, like {"type":"retry.list","watch":true}: each of its frames, also after a
 * reconnect, when it is asked anew, until client_cancel. With `err` the relay does not say, and nothing comes after it.
 */
client_request client_watch(
	struct client *client, struct span object, client_answer_fn *told, void *data);
