/*
 * All the screen knows. `update` changes it, `view` paints it; neither has a clock, a file or a socket. Members may be read by
 * anyone and changed by update's own files alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/event.h"
#include "common/signature/scheme_facts.h"
#include "tui/screen/bulk_panel.h"
#include "tui/screen/command_log.h"
#include "tui/screen/deliveries_panel.h"
#include "tui/screen/diff_panel.h"
#include "tui/screen/document.h"
#include "tui/screen/dues.h"
#include "tui/screen/effect.h"
#include "tui/screen/endpoints_panel.h"
#include "tui/screen/escaping.h"
#include "tui/screen/filter_known.h"
#include "tui/screen/help_panel.h"
#include "tui/screen/keymap.h"
#include "tui/screen/list_order.h"
#include "tui/screen/masking.h"
#include "tui/screen/message.h"
#include "tui/screen/overview_panel.h"
#include "tui/screen/paging.h"
#include "tui/screen/payload.h"
#include "tui/screen/prompt_tab.h"
#include "tui/screen/prove_panel.h"
#include "tui/screen/qr_panel.h"
#include "tui/screen/retries_panel.h"
#include "tui/screen/saved_filters.h"
#include "tui/screen/secret_panel.h"
#include "tui/screen/split.h"
#include "tui/screen/theme.h"
#include "tui/screen/timeline_panel.h"
#include "tui/screen/tips.h"
#include "tui/screen/undo.h"
#include "tui/screen/window.h"

/* Limits: the longest typed line, notes, lines remembered by a prompt, events of one bulk replay. */
#define PROMPT_LEN_MAX 4096
#define NOTE_LEN 300
#define PROMPT_HISTORY 50
#define SELECTED_MAX 1000
#define LEASES_SHOWN_MAX 16
#define ROUTE_TARGETS_SHOWN_MAX 16

enum link_state { LINK_CONNECTING, LINK_LIVE, LINK_RESUMING, LINK_GONE };

struct link_status {
	enum link_state state;
	int64_t heard_at_ms; /* when something came last */
	int64_t retry_at_ms; /* LINK_GONE */
	int64_t behind;      /* LINK_RESUMING: entries still to come */
	char resume_ref[80]; /* LINK_RESUMING: "#8123", the newest that was there */
	char why[NOTE_LEN];  /* LINK_GONE */
	bool own;            /* the relay was started by this program */
	bool keep;           /* and stays when the last screen ends */
	char relay_url[256], ingest_url[256], version[64], store[512];
};

enum forward_state { FORWARD_OFF, FORWARD_ASKING, FORWARD_ON, FORWARD_OTHER, FORWARD_AWAY };

/* All targets together: where there are several, the worst of them counts. */
struct forward_status {
	enum forward_state state;
	char target[2048];   /* as typed; kept when it is off, for the next time and for replay */
	char holder[160];    /* FORWARD_OTHER: "bob@desk since 12:03" */
	char why[NOTE_LEN];  /* FORWARD_AWAY */
	int64_t good, bad;   /* attempts of this run that were answered 2xx, and others */
	int64_t last_status; /* of the newest attempt to it; 0: none yet, -1: no answer */
	int64_t last_took_us;
	/* what came while nothing forwarded; first and count of each endpoint are kept by the dialog */
	int64_t missed;
	bool missed_more;
};

/* One target of several, and how it goes. */
struct target_status {
	enum forward_state state;
	char url[256];    /* as leases and attempts name it, cut where it is longer */
	char holder[160]; /* as in struct forward_status */
	char why[NOTE_LEN];
	int64_t good, bad;
	int64_t last_status, last_took_us;
};

/* One route, as struct msg_route. */
struct route_row {
	char *line, *name, *filter, *to, *target;
	bool enabled;
};

struct routes_status {
	struct route_row *rows;
	size_t count;
	bool all, changed;
	char file[512];
	struct target_status targets[ROUTE_TARGETS_SHOWN_MAX]; /* those that are forwarded to */
	size_t target_count;
	size_t editing; /* the place of the line that is typed */
};

struct lease_status {
	char endpoint[ENDPOINT_NAME_LEN + 1], target[256], holder[160];
	bool mine;
};

enum pane { PANE_PAYLOAD, PANE_HEADERS, PANE_SIGNATURE, PANE_ATTEMPTS, PANE_RAW, PANE_COUNT };

/* An attempt with the app's answer. */
struct told_attempt {
	struct attempt *attempt;
	struct buffer head, body;
};

/* Why a signature is not right, as the relay has found out. */
enum explained { EXPLAINED_NOT, EXPLAINED_ASKED, EXPLAINED_TOLD, EXPLAINED_FAILED };
struct told_explanation {
	enum explained state;
	struct uuid event;    /* it is about, */
	enum verdict verdict; /* and the one it explains */
	char sentence[400];   /* EXPLAINED_FAILED: why there is none */
	enum explain_cause cause;
	char secret[SECRET_LABEL_LEN]; /* as of struct explanation */
	bool differs;                  /* the texts below are there: */
	int64_t at;                    /* where the signed text begins to differ */
	struct buffer before, received, signed_for, after;
};

/* How an event is signed, as the relay tells it, which may have provider files that are not known here. */
struct told_scheme {
	enum explained state;
	struct uuid event;    /* it is about, */
	enum verdict verdict; /* when it was judged so */
	struct scheme_facts facts;
};

/* The event beside or below the list. */
struct detail {
	bool open;
	bool maximised;
	enum pane pane;
	bool form_chosen; /* else document_form_of decides */
	enum document_form form;

	bool loading;       /* asked for, not yet complete */
	bool stale;         /* an attempt was made since: to be asked for again */
	struct uuid wanted; /* the event it was asked for */
	int64_t asked_at_ms;
	char error[NOTE_LEN];
	size_t masked;         /* values of what is here that are not shown, */
	size_t masked_request; /* and those of the request itself */
	struct event *event;   /* whose bytes are here; NULL: none yet */
	struct buffer head, body, trailers;
	struct told_attempt *attempts; /* oldest first */
	size_t attempt_count;
	size_t attempt_shown;   /* of the attempts: whose answer is shown */
	int64_t attempt_wanted; /* position of the attempt to be shown once it is here; 0: the newest */
	struct told_explanation explanation;
	struct told_scheme scheme;

	struct payload payload; /* how the body is looked at */

	struct document *document; /* of the pane; made anew when it, the width or the event changes */
	size_t top;                /* its first visible line */
	bool to_end;               /* the end is shown as soon as it is laid out */
	struct buffer needle;      /* searched for; empty: not */
	bool finding, finding_upwards; /* the search has not come to an end yet */
	size_t find_from;
};

enum prompt_kind {
	PROMPT_NONE,
	PROMPT_FILTER,
	PROMPT_FIND,
	PROMPT_JUMP,
	PROMPT_PIPE,
	PROMPT_COMMAND,
	PROMPT_FORWARD,
	PROMPT_ROUTE,
	PROMPT_REPLAY,
	PROMPT_EDIT,
	PROMPT_RETRY,
	PROMPT_HELP, /* what is searched for in the help */
	PROMPT_NOTE,
	PROMPT_SECRET,      /* typed hidden, never kept */
	PROMPT_IGNORE,      /* what a comparison leaves out */
	PROMPT_DELIVERIES,  /* their filter */
	PROMPT_RETRIES,     /* words of what is to be tried again */
	PROMPT_BULK_TARGET, /* of the panel of a bulk replay */
	PROMPT_BULK_PACE,
	PROMPT_BULK_HOST, /* typed, so that it is meant */
	PROMPT_PROVE,     /* where the app is of which something is proven */
	PROMPT_KINDS
};

/* The line that is being typed, at the bottom. */
struct prompt {
	enum prompt_kind kind;
	struct buffer text;   /* UTF-8 */
	size_t at;            /* the cursor, in bytes */
	char error[NOTE_LEN]; /* what is wrong with it; typing on clears it */
	struct {
		char *lines[PROMPT_HISTORY]; /* newest last */
		size_t count;
	} history[PROMPT_KINDS];
	size_t history_at;  /* counted from the newest; 0: what is typed */
	struct buffer kept; /* what was typed before history was looked at */
	struct prompt_tab tab;
};

enum dialog_kind {
	DIALOG_NONE,
	DIALOG_HELP,
	DIALOG_LOG,        /* what was done, as commands */
	DIALOG_OVERVIEW,   /* how many there were, in charts */
	DIALOG_ENDPOINTS,  /* what the relay has, and what came to each */
	DIALOG_DELIVERIES, /* every attempt, over all events */
	DIALOG_RETRIES,    /* all that is to be tried again */
	DIALOG_SECRET,     /* the secrets of an endpoint */
	DIALOG_TIMELINE,   /* every event of a business key */
	DIALOG_DIFF,       /* two events side by side */
	DIALOG_ROUTES,     /* where events go */
	DIALOG_FILTERS,    /* those that were saved, and those typed last */
	DIALOG_COPY,       /* a menu of what can be copied */
	DIALOG_MISSED,     /* so many events were missed: forward them? */
	DIALOG_BULK,       /* the panel of a bulk replay */
	DIALOG_PROVE,      /* what is proven of the app: the menu, or what is found */
	DIALOG_SORT,       /* a menu of orders of the list */
	DIALOG_SAMPLES,    /* a menu of samples to send */
	DIALOG_QR,         /* a code for a camera; any key closes it */
	DIALOG_QUIT,       /* forwards, or a replay is under way */
};

struct dialog {
	enum dialog_kind kind;
	size_t top; /* help: first visible line; log and routes: the chosen one, 0: newest, or first */
	const char *provider; /* samples: whose types are shown; NULL: the providers */
	size_t
		touched; /* a key, or a row + 1, that a click has chosen and a second one does; 0: none */
};

/* How long a note stays, and how often the detail follows the newest event. */
#define NOTE_MS 6000
#define DETAIL_PAUSE_MS 250
/* A page that takes longer is a search: it is told, and can be stopped. */
#define SEARCH_TOLD_AFTER_MS 500

/* Something told for a while at the bottom. */
struct note {
	char text[NOTE_LEN];
	bool bad;
	int64_t until_ms;
};

/* A page that was asked for. */
struct page {
	uint32_t number; /* 0: none */
	bool newest_first;
	int64_t beyond;
	int64_t limit;
	int64_t asked_at_ms;
	bool fresh;        /* replaces the window with its first row */
	bool refresh;      /* rows that are there, asked for again */
	bool begun;        /* a row has come */
	int64_t looked_at; /* events that were looked through for it, */
	size_t part;       /* and how far that is, in thousandths */
	enum { PAGE_STAY, PAGE_TO_FIRST, PAGE_TO_LAST, PAGE_TO_EVENT } then; /* where the cursor goes */
};

struct model {
	size_t columns, rows;
	bool ascii;
	int64_t now_ms;
	char who[160]; /* "alice@laptop" */
	struct keymap keymap;
	enum theme theme;
	bool readonly; /* nothing may be changed: by choice, or by the role at the relay */
	struct masking masking;
	struct uuid revealed; /* the event whose masked parts are shown; all zero: none */

	struct window window;
	size_t cursor;    /* row of the window */
	size_t top;       /* first visible place of the list (list_order) */
	bool following;   /* the cursor stays on the newest event */
	int64_t unseen;   /* events that came since it was left, */
	bool unseen_more; /* and others that were not counted */
	bool ranging;     /* `v`: moving selects */
	size_t range_from;
	size_t selected; /* rows of the window that are selected */

	struct buffer filter; /* in force */
	struct filter_known filter_known;
	struct saved_filters saved_filters;
	struct page page; /* under way */
	/* what came live while a page is under way; it is put behind the page when that ends there */
	struct event *arrived[WINDOW_PAGE];
	size_t arrived_count;
	bool arrived_more; /* than there is room for */
	uint32_t last_page;
	bool loaded; /* the first page has come: an empty list is then truly empty */
	bool
		search_stopped; /* by hand, the last page not being through: no other is asked for until the cursor is moved that way */
	bool judged;        /* verdicts of rows have changed: to be asked for again */
	bool
		skipped; /* events or attempts were passed over: the newest are to be asked for, or the rows again */
	bool stale; /* rows may match the filter differently by now: to be asked for again */
	int64_t asked_again_at_ms;

	struct list_look look;
	struct split split;
	struct undo undo;
	bool detail_focused; /* keys go to the detail */
	struct detail detail;
	struct link_status link;
	struct forward_status forward;
	struct routes_status routes;
	struct lease_status leases[LEASES_SHOWN_MAX];
	size_t lease_count;
	bool as_received;         /* replays are not signed anew */
	char replay_target[2048]; /* of the last replay; empty: forward.target */
	bool samples_to_app;      /* samples go there; else to the relay */
	size_t replays_under_way;
	struct dues dues;             /* what is to be tried again, of all who share the relay, */
	struct retries_panel retries; /* and its rows */
	struct prove_panel prove;
	uint32_t last_pipe;     /* of the commands that were given a payload */
	char retry_policy[512]; /* in force for what this screen forwards; "": none */
	struct bulk_panel bulk;
	struct deliveries_panel deliveries;
	struct timeline_panel timeline;
	struct diff_panel diff;
	struct secret_panel secrets;
	struct overview_panel overview;
	struct endpoints_panel endpoints;
	struct msg_missed *missed; /* of each endpoint; their `endpoint` is owned */
	size_t missed_count;
	char copying; /* a letter of the copy menu that waits for the event's bytes; 0: none */
	struct escaping escaping;
	struct prompt prompt;
	struct dialog dialog;
	enum dialog_kind clicked; /* what the last click was on: the second of two means the same */
	struct help_panel help;
	struct paging paging;
	struct tips tips;
	struct qr_panel qr;
	struct note note;
	struct command_log command_log;
	bool quitting;
	struct effects effects;
};

/* `who` is told with attempts. The screen is 80x24 until MSG_RESIZE. Effects for the first page are there at once. */
void model_init(struct model *model, bool ascii, const char *who);
void model_clear(struct model *model);

/* The event the cursor is on; when the list is empty, the one that is still open, or NULL. */
const struct event *model_current(const struct model *model);
