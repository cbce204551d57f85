/* The inside of a link, for its two halves: finding the relay (link_search.c) and talking to it (link.c). */
#pragma once

#include "common/frame.h"
#include "common/loop/turn.h"
#include "tui/link.h"

struct guest;
struct lws;
struct lws_vhost;
struct probe;
struct lookup;

struct link {
	uv_loop_t *loop;
	uv_timer_t timer;
	uv_timer_t pulse; /* of our own pings */
	struct link_events events;
	void *data;
	struct relay_url url;
	char *url_text;
	struct buffer token;
	bool once, over, freed, up;
	int failures;
	int64_t retry_least_ms, retry_most_ms;

	struct lookup *lookup; /* under way */
	struct probe *probe;   /* under way */

	struct guest *guest;
	struct lws_vhost *vhost;
	struct lws *wsi;
	bool end_expected;
	struct frame_assembly in;
	bool in_message, in_fragment;
	struct buffer
		out; /* LWS_PRE bytes of room, then frames: they go when this turn of the loop ends */
	struct turn *turn;
	char random[256]; /* for masks, which a web page must not foresee */
	size_t random_left;

	int64_t ping_ms;       /* 0: none of our own */
	bool ping_due;         /* to be written */
	uint64_t ping_ns;      /* when the one that is not answered yet was written; 0: none */
	uint64_t heard_ms;     /* loop time when anything came; 0: never */
	int64_t round_trip_us; /* of the last ping; -1: none was answered */
};

/* Looks for the relay, then calls link_shake_hands or link_fail. */
void link_open(struct link *link);
void link_stop_search(struct link *link);
void link_forget_token(struct link *link);

/* An address that takes connections. */
void link_shake_hands(struct link *link, const char *address);
/* The link is up, something came, it is down: our pings begin, are answered by this, end. */
void link_pulse_begin(struct link *link);
void link_pulse_heard(struct link *link, struct span pong);
void link_pulse_end(struct link *link);
/* Writes a ping that is due; -1 when the connection is broken. */
int link_pulse_write(struct link *link);

/* It is down, for now or for good. */
void link_fail(struct link *link, const struct error *err);
