/*
 * What can be done on the screen, and the one table of it: from here come key bindings, the help (`?`), the command prompt (`:`) with its completion, and the
 * list in the manual.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/span.h"

enum action {
	ACTION_NONE,
	/* moving */
	ACTION_UP,
	ACTION_DOWN,
	ACTION_PAGE_UP,
	ACTION_PAGE_DOWN,
	ACTION_HALF_UP,
	ACTION_HALF_DOWN,
	ACTION_FIRST,
	ACTION_LAST,
	ACTION_PREVIOUS_EVENT, /* in the detail: read on without closing it */
	ACTION_NEXT_EVENT,
	ACTION_LEFT, /* a tab to the left */
	ACTION_RIGHT,
	ACTION_GO, /* :go REF */
	/* panes */
	ACTION_OPEN,
	ACTION_BACK,  /* what is open, selected or filtered is let go, one after the other */
	ACTION_CLOSE, /* the detail; without one the screen */
	ACTION_NEXT_PANE,
	ACTION_PANE_LIST,
	ACTION_PANE_PAYLOAD,
	ACTION_PANE_HEADERS,
	ACTION_PANE_SIGNATURE,
	ACTION_PANE_ATTEMPTS,
	ACTION_PANE_RAW,
	ACTION_SECRET, /* :secret LABEL: a secret for the endpoint of the event; without: a menu */
	ACTION_DIFF, /* :diff REF; without: against the one selected, or the last one that went well */
	ACTION_MAXIMISE,
	ACTION_SPLIT, /* :split auto | beside | below; without: the next */
	ACTION_LIST_LESS,
	ACTION_LIST_MORE,
	ACTION_FORM, /* JSON, text, hex */
	ACTION_FOLD, /* in the payload: the object or array under the cursor, or not */
	ACTION_FOLD_ALL,
	ACTION_PREVIOUS_ATTEMPT,
	ACTION_NEXT_ATTEMPT,
	ACTION_FOLLOW,
	/* finding */
	ACTION_FILTER,      /* :filter TEXT; without: asks */
	ACTION_FILTERS,     /* those that were saved, and those that were typed last */
	ACTION_SAVE_FILTER, /* :save NAME: the one in force */
	ACTION_FIND,
	ACTION_FIND_NEXT,
	ACTION_FIND_PREVIOUS,
	ACTION_JUMP,         /* :jump NAME | PATH; without: asks */
	ACTION_FILTER_VALUE, /* the value under the cursor, as a filter */
	/* selection */
	ACTION_SELECT,
	ACTION_SELECT_RANGE,
	ACTION_SELECT_ALL,
	ACTION_SELECT_OTHERS,
	ACTION_UNDO,
	ACTION_SORT, /* :sort COLUMN; without: a menu */
	ACTION_FOLD_REPEATS,
	ACTION_FOLD_ALL_REPEATS,
	/* saying something of events */
	ACTION_MARK,
	ACTION_NOTE, /* :note TEXT; without: asks */
	/* doing */
	ACTION_REPLAY,
	ACTION_REPLAY_TO, /* :replay URL; without: asks */
	ACTION_BULK, /* :bulk URL: the plan of a replay of what is selected, or of all the filter shows */
	ACTION_AS_RECEIVED, /* :as-received on | off: replays are sent as captured, or signed anew */
	ACTION_REVERIFY,    /* :reverify FILTER: the endpoint's history is judged again */
	ACTION_FORWARD,     /* :forward URL | off; without: on and off */
	ACTION_ROUTES,      /* where events go, to be seen and changed */
	ACTION_ROUTE,       /* :route 'FILTER => URL': one more; without: asks */
	ACTION_PROVE,       /* :prove twice | reject | retries | chaos; without: a menu */
	ACTION_RETRY,       /* :retry POLICY | now | pause | resume | cancel; without: ACTION_RETRIES */
	ACTION_RETRIES,     /* :retries WORDS: all that is to be tried again */
	ACTION_MISSED,      /* offers again what was missed */
	ACTION_COPY,        /* :copy WHAT; without: a menu */
	ACTION_PIPE, /* :pipe COMMAND: the payload to a command, its output in the pane; without: asks */
	ACTION_EDIT, /* :edit URL: a changed copy of the event, from an editor */
	ACTION_SEND, /* :send PROVIDER TYPE: a sample; without: a menu */
	ACTION_DEMO,
	ACTION_KEEP_RELAY, /* :keep on | off: a relay of our own stays when the last screen ends */
	ACTION_COMMAND,
	ACTION_OVERVIEW,   /* :overview 1h | 24h | 7d: how many there were, in charts */
	ACTION_ENDPOINTS,  /* what the relay has, and what came to each */
	ACTION_TIMELINE,   /* :timeline KEY VALUE: its events in order; without: of the event */
	ACTION_DELIVERIES, /* :deliveries FILTER: every attempt, over all events */
	ACTION_LOG,        /* what was done, as commands */
	ACTION_HELP,
	ACTION_TIPS,   /* :tips on | off; without: the other one */
	ACTION_QR,     /* :qr [URL]: the public URL as a code for a camera */
	ACTION_PAGER,  /* all of the pane, in $PAGER */
	ACTION_REVEAL, /* what is masked in the open event, until it is left */
	ACTION_THEME,  /* :theme NAME; without: the next one */
	ACTION_REDRAW,
	ACTION_SUSPEND,
	ACTION_QUIT,
	ACTION_COUNT
};

/* Where a key means something. */
enum place {
	PLACE_LIST = 1,
	PLACE_DETAIL = 2,
	PLACE_BOTH = PLACE_LIST | PLACE_DETAIL,
};

/* One action. The same action may have several rows: only the first has a command. Which keys a person has for it, keymap.h knows. */
struct binding {
	enum action action;
	unsigned places;      /* where its keys work */
	uint32_t keys[4];     /* ended by 0 */
	const char *command;  /* of the `:` prompt: "replay"; NULL: none */
	const char *argument; /* "URL", "[TEXT]"; NULL: none */
	const char *group;    /* heading in the help */
	const char *help;     /* "replay the event to the target" */
};

extern const struct binding bindings[];
extern const size_t binding_count;

/*
 * Reads a command line ("replay localhost:3000"). ACTION_NONE and `err` (a buffer that gets a sentence) when there is no such command;
 * names may be shortened as long as they mean one command. `argument` points into `text`.
 */
enum action action_of_command(struct span text, struct span *argument, struct buffer *err);

/*
 * What may stand behind a command, of words that its table row names ("json" of "[json|text|hex]"), or of providers, that begin with `prefix`; at most
 * `most`; returns how many.
 */
size_t action_complete_argument(
	const struct binding *binding, struct span prefix, struct span *found, size_t most);

/* The one command that a name, which may be shortened, means; NULL: none, or several. */
const struct binding *action_of_name(struct span name);

/* The names of commands that begin with `prefix`, in the order of the table, at most `most`; returns how many. */
size_t action_complete(struct span prefix, const struct binding **found, size_t most);
