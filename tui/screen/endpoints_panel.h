/* The endpoints of the relay (`E`): how each is set up, as the relay tells it, and what came to it in the last seven days. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/event.h"

struct counts;

/* The first so many are shown, and the span over which their events are counted. */
#define ENDPOINTS_SHOWN_MAX 1000
#define ENDPOINTS_SPAN "7d"

/* One of them; texts that are longer are cut. */
struct endpoint_row {
	char name[ENDPOINT_NAME_LEN + 1];
	char provider[64];                  /* "": recognised by headers */
	char host[256];                     /* of its own; "": it has a path at the relay's */
	char secrets[256];                  /* their labels: "live, old"; "": there are none */
	char script[160];                   /* what its senders are answered first; "": there is none */
	bool for_app;                       /* else `status` at once */
	bool rejects;                       /* what is not rightly signed */
	int64_t status, delay_ms, after_ms; /* `after_ms`: how long the app is waited for */
	/* what came to it */
	bool counted; /* else the relay has not told */
	int64_t events, failed;
	int64_t latest_ns; /* 0: nothing came yet */
};

/* All zero is empty. */
struct endpoints_panel {
	struct endpoint_row *rows; /* owned; in the order of the relay */
	size_t count, cursor;
	bool more; /* than are shown */
	bool loaded;
	bool asked; /* an answer is under way */
	int64_t asked_at_ms;
	char error[200];
};

/* One more row at the end, all zero; NULL: there is no room, and `more` is set. */
struct endpoint_row *endpoints_panel_add(struct endpoints_panel *panel);
/* Takes the rows of `told` over (it is empty then); what was counted, and the chosen one, stay where they were by name. */
void endpoints_panel_take(struct endpoints_panel *panel, struct endpoints_panel *told);
/* Takes what came to each. */
void endpoints_panel_take_counts(struct endpoints_panel *panel, const struct counts *counts);
void endpoints_panel_clear(struct endpoints_panel *panel);
/* The chosen one, or NULL. */
const struct endpoint_row *endpoints_panel_current(const struct endpoints_panel *panel);

/* Where webhooks for it are sent, at a relay that takes them at `ingest_url`; not escaped. */
void endpoints_panel_append_url(
	struct buffer *out, const struct endpoint_row *row, const char *ingest_url);
/* "endpoint:NAME"; false: no filter can say it. */
bool endpoints_panel_filter(struct buffer *out, const struct endpoint_row *row);
