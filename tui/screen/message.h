/*
 * Everything that can happen to the screen. tui/app.c makes messages out of the world; `update` is the only reader.
 * What a message points to is borrowed for the call.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "common/event.h"
#include "common/retry.h"
#include "common/signature/explain.h"
#include "common/span.h"
#include "tui/bulk_plan.h"
#include "tui/bulk_report.h"
#include "tui/screen/action.h"
#include "tui/screen/key.h"

enum msg_type {
	MSG_KEY,    /* key */
	MSG_PASTE,  /* text: pasted at once (bracketed paste) */
	MSG_MOUSE,  /* mouse */
	MSG_ACTION, /* action, text: what a key or a command asks for */
	MSG_RESIZE, /* columns, rows */
	MSG_TICK, /* now_ms: time went on; at least once a second, and before every other message when 50 ms passed */

	/* the link */
	MSG_LIVE,   /* live: the relay greeted us */
	MSG_BEHIND, /* number: entries that are still to come before we are live again; 0: caught up */
	MSG_HEARD,  /* number: when something came from the relay last, now_ms */
	MSG_DOWN,   /* error, number: ms until it is tried again, -1: not */
	MSG_BYE,    /* text */
	MSG_LEASES, /* leases, count: who forwards what */

	/* the history */
	MSG_EVENT,     /* event: came live */
	MSG_ATTEMPT,   /* attempt: came live */
	MSG_JUDGED,    /* text: endpoint (empty: senders were answered); number: events that changed */
	MSG_ANSWERED,  /* id: what the sender of this event was answered is known now */
	MSG_ANNOTATED, /* id, annotation: what is said of it now */
	MSG_GAP,       /* gap */
	MSG_SKIPPED,   /* more came than is told one by one: the newest page has it */
	MSG_FOUND,     /* event, error: what EFFECT_FIND asked for */
	MSG_PAGE_ROW,  /* page, event: one of a page that was asked for (EFFECT_PAGE) */
	MSG_PAGE_PROGRESS,   /* page, number: events looked at, count: thousandths of the way */
	MSG_PAGE_DONE,       /* page, number: events that came, error: NULL or why it failed */
	MSG_DELIVERY,        /* page, attempt, event: one of what EFFECT_DELIVERIES asked for, and */
	MSG_DELIVERIES_DONE, /* page, number: that came, error */
	MSG_STATS,           /* counts, error: what EFFECT_STATS asked for */
	MSG_ENDPOINTS,       /* endpoints, error: what EFFECT_ENDPOINTS asked for, and */
	MSG_ENDPOINT_COUNTS, /* counts, error: what came to them */
	MSG_TIMELINE,        /* page, event: one of what EFFECT_TIMELINE asked for, and */
	MSG_TIMELINE_DONE,   /* page, error */
	MSG_DETAIL,          /* event, bytes: what EFFECT_DETAIL asked for; then */
	MSG_DETAIL_ATTEMPT,  /* attempt, bytes: each of its attempts, and */
	MSG_DETAIL_DONE,     /* error */
	MSG_SECRETS,         /* secrets, error: what EFFECT_SECRETS asked for */
	MSG_DIFF_EVENT,      /* number: 0 old, 1 new; event, bytes: what EFFECT_DIFF asked for, and */
	MSG_DIFF_ATTEMPT,    /* number, attempt, bytes: each of its attempts; then */
	MSG_DIFF_DONE,       /* error */
	MSG_SCHEME,          /* id, scheme, error: what EFFECT_SCHEME asked for */
	MSG_EXPLAINED,       /* id, explanation, error: what EFFECT_EXPLAIN asked for */

	/* forwarding and replay */
	MSG_ROUTES, /* routes; error, text, number: why the line was not taken, and where it was to be */
	MSG_FORWARD_LEASE, /* target, mine, text: holder */
	MSG_FORWARD_OFF,   /* error: NULL, or why it was not begun */
	MSG_FORWARD_AWAY,  /* target, error: NULL when the app can be reached again */
	MSG_FORWARD_SENT,  /* attempt, error: one of ours was made and kept, or not kept */
	MSG_MISSED,        /* missed: what came while nothing forwarded, an endpoint at a time */
	MSG_REPLAY_WAITS,  /* event id in `id`: an attempt of it is under way there already */
	MSG_REPLAY_BEGUN,  /* event id in `id`: its request is on its way */
	MSG_KEPT,     /* number: 1 when the relay stays with its last screen gone, 0 when not; error */
	MSG_REPLAYED, /* id, attempt, error: it was answered (attempt), or could not be sent or kept */
	/* a bulk replay */
	MSG_REPLAY_ELSEWHERE, /* id: its target is not this machine: it is planned, and the host to be typed */
	MSG_BULK_FOUND, /* text: id of one that was cut off, target, number: when it was begun, in ms */
	MSG_BULK_COUNTED, /* number: so far */
	MSG_BULK_PLANNED, /* bulk: plan, settings, target, text: host to be typed (empty: none); or error */
	MSG_BULK_PROGRESS, /* bulk: report, open */
	MSG_BULK_AWAY,     /* error: the relay is away; NULL: it is back */
	MSG_BULK_OVER,     /* bulk: report, open, text: where it is kept; or error: it was not begun */
	MSG_PROVE_FOUND,   /* number: enum prove_mark, text */
	MSG_PROVE_OVER, /* mine: it is proven, text: the verdict, target: the command line; or error */
	MSG_RETRY,      /* retry, text: it is to be tried again, or (text.data) why not any more */
	MSG_RETRY_POLICY, /* text: in force now; or error: what was asked for is wrong */
	MSG_DEMO,         /* number: demo events that were sent; error */

	MSG_PIPE_OUTPUT, /* page: of the EFFECT_PIPE, text: what it wrote next */
	MSG_PIPE_OVER,   /* page, text: how it has ended, mine: well; or error */
	MSG_QR,          /* text: what it says, qr; or error */
	MSG_REMEMBERED, /* number: enum prompt_kind, text: a line typed in an earlier run, oldest first */
	MSG_SAVED_FILTERS, /* filters: all that have a name now */

	MSG_NOTE, /* text, error: something to tell, good or bad (copied, suspended, ...) */
};

/* Bytes of an event or of an answer. */
struct msg_bytes {
	struct span head, body, trailers;
};

/* What the relay says of a signature that is not right. */
struct msg_explanation {
	struct span sentence;
	enum explain_cause cause;
	struct span secret; /* as of struct explanation */
	bool differs;       /* the rest is set */
	int64_t at;
	struct span before, received, signed_for, after;
};

/* How a bulk replay stands. */
struct msg_bulk {
	const struct bulk_plan *plan;
	const struct bulk_report *report;
	const struct bulk_settings *settings;
	const char *target;
	size_t open; /* under way */
};

struct msg_live {
	struct span relay_url, ingest_url, version;
	struct span store; /* where events are kept, of a relay of our own; else empty */
	bool own;          /* the relay was started by us */
	bool readonly;     /* we may only look */
};

struct msg_missed {
	struct span endpoint;
	int64_t count, first_seq, last_seq;
	bool more; /* than `count` */
};

struct msg_gap {
	struct span endpoint, why;
	int64_t from, to;
};

/* A QR code: `size` rows of as many modules, a byte each: 1 is dark. */
struct msg_qr {
	size_t size;
	const unsigned char *modules;
};

/* One who forwards. */
struct msg_lease {
	struct span endpoint; /* empty: all */
	struct span target, holder;
	bool mine;
};

/* One of the table, as it is told. */
struct msg_route {
	struct span line; /* all of it, as it is typed */
	struct span name, filter;
	struct span to;     /* as it was written */
	struct span target; /* as leases and attempts name it */
	bool enabled;
};

struct msg_routes {
	const struct msg_route *list;
	size_t count;
	bool all;         /* that match, not the first */
	bool changed;     /* since they were read or written */
	struct span file; /* they would be kept in; empty: there is none */
};

struct secret_panel;
struct scheme_facts;
struct counts;
struct endpoints_panel;

struct msg {
	enum msg_type type;
	uint32_t key;
	struct mouse mouse;
	enum action action;
	size_t columns, rows;
	int64_t now_ms; /* MSG_TICK: since 1970 */
	int64_t number;
	uint32_t page; /* the number of the effect */
	bool mine;
	struct span text, target;
	const struct msg_routes *routes;
	const struct event *event;
	const struct attempt *attempt;
	const struct retry *retry;
	const struct msg_bytes *bytes;
	const struct error *error;
	struct counts *counts;             /* may be taken over: it is empty then */
	struct endpoints_panel *endpoints; /* the same */
	const struct uuid *id;
	const struct annotation *annotation;
	const struct msg_explanation *explanation;
	const struct scheme_facts *scheme;
	const struct secret_panel *secrets;
	const struct msg_live *live;
	const struct msg_bulk *bulk;
	const struct msg_missed *missed;
	const struct msg_gap *gap;
	const struct saved_filters *filters;
	const struct msg_qr *qr;
	const struct msg_lease *leases;
	size_t count;
};
