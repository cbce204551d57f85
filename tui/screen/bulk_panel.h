/* A bulk replay on the screen: its plan, which can be changed key by key, how it goes, and how it went. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "tui/bulk_plan.h"
#include "tui/bulk_report.h"
#include "tui/bulk_settings.h"

enum bulk_phase {
	BULK_PHASE_NONE,
	BULK_PHASE_COUNTING,
	BULK_PHASE_PLANNED, /* waits for Enter */
	BULK_PHASE_RUNNING,
	BULK_PHASE_PAUSED,
	BULK_PHASE_STOPPING, /* what is under way ends */
	BULK_PHASE_OVER,
};

/* Where the numbers of a run are shown while its panel is not: the bar. */
struct bulk_panel {
	enum bulk_phase phase;
	struct bulk_settings settings;
	char target[2048];
	char route_options[300]; /* of a route to the target: replays do not apply them; empty: none */
	char host[256];    /* to be typed before it runs, since it is not this machine; empty: it is */
	bool confirmed;    /* it was typed */
	struct buffer ids; /* of the events, 16 bytes each; empty: those that match */
	struct buffer named; /* the same for people: " stripe#1 stripe#2" */
	struct buffer filter;
	/* One that was cut off, which can be resumed; `resumed`: it is this one. */
	char unfinished[BULK_ID_LEN + 1];
	char unfinished_target[2048];
	int64_t unfinished_ms; /* when it was begun */
	bool resumed;
	bool maybe;      /* also what may have been sent */
	int64_t counted; /* BULK_PHASE_COUNTING: so far */
	struct bulk_plan plan;
	struct bulk_report report; /* its numbers; none of its texts */
	size_t open;               /* under way */
	int64_t began_ms;          /* as model->now_ms */
	bool away;                 /* the relay */
	char error[300];           /* why it could not be counted or begun */
	struct buffer told;        /* BULK_PHASE_OVER: the report in lines */
};

/* Whether it sends, or may go on to. */
bool bulk_panel_is_running(const struct bulk_panel *panel);
void bulk_panel_clear(struct bulk_panel *panel);
/* Events that would be sent. */
int64_t bulk_panel_to_send(const struct bulk_panel *panel);
/* How long it still takes, in milliseconds; -1: nobody knows. */
int64_t bulk_panel_left_ms(const struct bulk_panel *panel, int64_t now_ms);
