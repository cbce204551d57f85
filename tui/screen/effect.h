/*
 * What the screen wants done in the world. `update` puts effects here; tui/app.c takes them out and carries them out.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/uuid.h"
#include "tui/bulk_settings.h"

enum effect_type {
	/* the history, with the filter in `text` */
	EFFECT_FOLLOW, /* from now on live events that match `text` (all attempts): instead of the last one */
	EFFECT_PAGE,      /* page, newest_first, beyond (0: from that end), limit, text: filter */
	EFFECT_PAGE_STOP, /* page: its rows are not wanted any more */
	EFFECT_DETAIL,   /* id: the event, its bytes, its attempts; instead of the last one asked for */
	EFFECT_SCHEME,   /* id: how it is signed, by the provider files of the relay */
	EFFECT_EXPLAIN,  /* id: why its signature is not right */
	EFFECT_REVERIFY, /* text: endpoint, filter: judge its history again, or what of it matches */
	EFFECT_DELIVERIES, /* page, text: filter, beyond, limit: the newest first; instead of the last one asked for */
	EFFECT_SECRETS, /* text: an endpoint: its secrets' labels come as MSG_SECRETS */
	EFFECT_SECRET,  /* text: endpoint, filter: label, body: the value, wiped by who takes it */
	EFFECT_TIMELINE, /* page, limit, text: filter: the newest first; or number: a seq, text: its endpoint */
	EFFECT_DIFF, /* id: the new one; text: the old one, or (empty) filter, beyond: the newest of those */
	EFFECT_ANNOTATE, /* id, number: marked (-1: as it is), flag: text is the note */
	EFFECT_REMEMBER, /* number: enum prompt_kind, text: a line that was typed, for the next run */
	EFFECT_SAVE_FILTER, /* text: name, filter; an empty one takes it away: comes as MSG_SAVED_FILTERS */
	EFFECT_STATS,       /* text: span: comes as MSG_STATS */
	EFFECT_ENDPOINTS, /* they come as MSG_ENDPOINTS, and then MSG_ENDPOINT_COUNTS */
	EFFECT_FIND,      /* text: a reference or an id: comes as MSG_FOUND */

	/* deliveries */
	EFFECT_FORWARD, /* text: target URL; flag: by the routes there are; neither: ends forwarding */
	EFFECT_ROUTES, /* edit, number: the route, text, limit, flag: changes the table: comes as MSG_ROUTES */
	EFFECT_FORWARD_MISSED, /* text: endpoint ("" all), number: first seq, limit: last seq; forward them now */
	EFFECT_REPLAY, /* id, text: target URL, flag: as received */
	EFFECT_BULK_PLAN, /* text: target URL, bulk; body: ids of events, or filter: count what would be sent */
	EFFECT_BULK_FIND,   /* whether one was cut off: comes as MSG_BULK_FOUND */
	EFFECT_BULK_RESUME, /* text: its id: count what is left of it */
	EFFECT_BULK_RUN,   /* bulk; text: the host that was typed, flag: also what may have been sent */
	EFFECT_BULK_PAUSE, /* flag: pause, or go on */
	EFFECT_BULK_STOP,
	EFFECT_BULK_DROP, /* the plan, or what is over, is not wanted any more */
	EFFECT_EDIT, /* id, text: target URL, flag: not signed anew: its copy in an editor, and sent */
	EFFECT_SEND, /* text: provider, filter: type, body: target URL of an app, or "": a sample to the relay */
	EFFECT_PROVE, /* number: of prove_items; text: target; body: events with blanks, or filter */
	EFFECT_PROVE_STOP,
	EFFECT_RETRY,        /* id, text: target, number: enum retry_verb */
	EFFECT_RETRY_POLICY, /* text: what fails from now on is tried again so; comes as MSG_RETRY_POLICY */
	EFFECT_DEMO,

	/* the terminal and the program */
	EFFECT_COPY,       /* text: to the clipboard, as it is */
	EFFECT_COPY_CURL,  /* text: head, body: of an event: its curl command to the clipboard */
	EFFECT_PIPE,       /* page: its number, text: a shell command, body: given to it */
	EFFECT_PIPE_STOP,  /* page */
	EFFECT_KEEP_RELAY, /* flag */
	EFFECT_TIPS,       /* text: to be remembered of the tips: "off", or a number */
	EFFECT_QR,         /* text: as a QR code: comes as MSG_QR */
	EFFECT_PAGER,      /* text: to be read in $PAGER */
	EFFECT_THEME,      /* number: enum theme */
	EFFECT_SUSPEND,
	EFFECT_REDRAW,
	EFFECT_QUIT,
};

/* How the table of routes is changed; `number` is the route's place in it, from 0. */
enum route_edit {
	ROUTE_EDIT_LINE, /* text: as a line; a place beyond the last one: one more */
	ROUTE_EDIT_REMOVE,
	ROUTE_EDIT_MOVE,   /* limit: where to */
	ROUTE_EDIT_SWITCH, /* flag: on */
	ROUTE_EDIT_MATCH,  /* flag: all that match, not the first */
	ROUTE_EDIT_SAVE,   /* into the configuration file */
};

/* What is done to an attempt that is still to be made. */
enum retry_verb { RETRY_NOW, RETRY_PAUSE, RETRY_RESUME, RETRY_CANCEL };

struct effect {
	enum effect_type type;
	enum route_edit edit;
	uint32_t page;
	bool flag; /* newest_first; keep; as received */
	int64_t beyond, number, limit;
	struct uuid id;
	struct bulk_settings bulk;
	struct buffer text, filter, body; /* owned by the effect */
};

/* Whether it changes anything but what this person sees. */
bool effect_changes(enum effect_type type);

/* Taken in the order they were put. */
struct effects {
	struct effect *list;
	size_t count, capacity, taken;
};

/* A new effect at the end, to be filled in; valid until the next one. */
struct effect *effects_add(struct effects *effects, enum effect_type type);
/* Moves the next one to `effect`, which is then to be cleared. False: there is none. */
bool effects_take(struct effects *effects, struct effect *effect);
void effect_clear(struct effect *effect);
void effects_clear(struct effects *effects);
