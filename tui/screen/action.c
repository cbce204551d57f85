#include "tui/screen/action.h"

#include <stdio.h>

#include "common/text.h"
#include "tui/screen/key.h"
#include "tui/screen/keymap.h"
#include "tui/screen/samples.h"

#define CTRL(letter) ((letter) | KEY_CTRL)

static const char moving[] = "Moving", panes[] = "Panes", finding[] = "Finding",
				  selecting[] = "Selecting", delivering[] = "Delivering", program[] = "Program";

/* clang-format off */
const struct binding bindings[] = {
	{ACTION_UP, PLACE_LIST, {KEY_UP_ARROW, 'k'}, NULL, NULL, moving, "up"},
	{ACTION_DOWN, PLACE_LIST, {KEY_DOWN_ARROW, 'j'}, NULL, NULL, moving, "down"},
	{ACTION_UP, PLACE_DETAIL, {'k'}, NULL, NULL, moving, "scroll up"},
	{ACTION_DOWN, PLACE_DETAIL, {'j'}, NULL, NULL, moving, "scroll down"},
	{ACTION_PREVIOUS_EVENT, PLACE_DETAIL, {KEY_UP_ARROW, 'K'}, NULL, NULL, moving, "previous event"},
	{ACTION_NEXT_EVENT, PLACE_DETAIL, {KEY_DOWN_ARROW, 'J'}, NULL, NULL, moving, "next event"},
	{ACTION_PAGE_UP, PLACE_BOTH, {KEY_PAGE_UP, CTRL('b')}, NULL, NULL, moving, "a page up"},
	{ACTION_PAGE_DOWN, PLACE_BOTH, {KEY_PAGE_DOWN, CTRL('f')}, NULL, NULL, moving, "a page down"},
	{ACTION_HALF_UP, PLACE_BOTH, {CTRL('u')}, NULL, NULL, moving, "half a page up"},
	{ACTION_HALF_DOWN, PLACE_BOTH, {CTRL('d')}, NULL, NULL, moving, "half a page down"},
	{ACTION_FIRST, PLACE_BOTH, {'g', KEY_HOME_KEY}, NULL, NULL, moving, "to the beginning"},
	{ACTION_LAST, PLACE_BOTH, {'G', KEY_END_KEY}, NULL, NULL, moving, "to the end; in the list: follow"},
	{ACTION_FOLLOW, PLACE_LIST, {'f'}, "follow", NULL, moving, "stay on the newest event, or stop"},
	{ACTION_GO, 0, {0}, "go", "REF", moving, "to an event, such as stripe#1042"},
	{ACTION_SORT, PLACE_BOTH, {'O'}, "sort", "[newest|oldest|size|...]", moving, "sort the list by another column"},
	{ACTION_FOLD_REPEATS, PLACE_LIST, {'z'}, NULL, NULL, moving, "unfold repeated deliveries, or fold them"},
	{ACTION_FOLD_ALL_REPEATS, PLACE_LIST, {'Z'}, NULL, NULL, moving, "unfold all of them, or fold"},

	{ACTION_OPEN, PLACE_LIST, {KEY_ENTER_KEY, KEY_RIGHT_ARROW, 'l'}, "open", NULL, panes, "open the event"},
	{ACTION_BACK, PLACE_BOTH, {KEY_ESCAPE}, NULL, NULL, panes, "back: closes, unselects, clears the filter"},
	{ACTION_CLOSE, PLACE_BOTH, {'q'}, "close", NULL, panes, "close the event; in the list: quit"},
	{ACTION_NEXT_PANE, PLACE_BOTH, {KEY_TAB, KEY_BACK_TAB}, NULL, NULL, panes, "list, event"},
	{ACTION_LEFT, PLACE_DETAIL, {KEY_LEFT_ARROW, 'h'}, NULL, NULL, panes, "tab to the left"},
	{ACTION_RIGHT, PLACE_DETAIL, {KEY_RIGHT_ARROW, 'l'}, NULL, NULL, panes, "tab to the right"},
	{ACTION_PANE_LIST, PLACE_BOTH, {'1'}, "list", NULL, panes, "the list"},
	{ACTION_PANE_PAYLOAD, PLACE_BOTH, {'2'}, "payload", NULL, panes, "the payload"},
	{ACTION_PANE_HEADERS, PLACE_BOTH, {'3'}, "headers", NULL, panes, "the headers"},
	{ACTION_PANE_SIGNATURE, PLACE_BOTH, {'4', 's'}, "signature", NULL, panes, "the signature: verdict and reason"},
	{ACTION_PANE_ATTEMPTS, PLACE_BOTH, {'5'}, "attempts", NULL, panes, "attempts with the app's answers"},
	{ACTION_PANE_RAW, PLACE_BOTH, {'6'}, "raw", NULL, panes, "the request as it was received"},
	{ACTION_SECRET, PLACE_DETAIL, {'a'}, "secret", "[LABEL]", panes, "give the endpoint a secret, typed hidden"},
	{ACTION_PREVIOUS_ATTEMPT, PLACE_DETAIL, {'['}, NULL, NULL, panes, "answer of the attempt before"},
	{ACTION_NEXT_ATTEMPT, PLACE_DETAIL, {']'}, NULL, NULL, panes, "answer of the next attempt"},
	{ACTION_FORM, PLACE_BOTH, {'b'}, "form", "[json|text|hex|xml]", panes, "body as JSON or XML, text, hex"},
	{ACTION_FOLD, PLACE_DETAIL, {'z', KEY_ENTER_KEY}, NULL, NULL, panes, "fold what is under the cursor, or unfold"},
	{ACTION_FOLD_ALL, PLACE_DETAIL, {'Z'}, "fold", NULL, panes, "fold all of the payload, or unfold"},
	{ACTION_DIFF, PLACE_BOTH, {'d'}, "diff", "[REF]", panes, "what differs from the selected or last good"},
	{ACTION_MAXIMISE, PLACE_BOTH, {'+'}, "maximise", NULL, panes, "the event on the whole screen, or not"},
	{ACTION_SPLIT, PLACE_BOTH, {'\\'}, "split", "[auto|beside|below]", panes, "the event beside or below the list"},
	{ACTION_LIST_LESS, PLACE_BOTH, {'{'}, NULL, NULL, panes, "less room for the list"},
	{ACTION_LIST_MORE, PLACE_BOTH, {'}'}, NULL, NULL, panes, "more room for the list"},

	{ACTION_FILTER, PLACE_LIST, {'/'}, "filter", "[FILTER]", finding, "show only events that match"},
	{ACTION_FILTERS, PLACE_BOTH, {'L'}, "filters", NULL, finding, "saved filters, and those typed last"},
	{ACTION_SAVE_FILTER, 0, {0}, "save", "NAME", finding, "save the filter in force under a name"},
	{ACTION_TIMELINE, PLACE_BOTH, {'t'}, "timeline", "[KEY VALUE]", finding, "all events of its order, customer, ..."},
	{ACTION_FIND, PLACE_DETAIL, {'/'}, "find", "[TEXT]", finding, "search in the pane"},
	{ACTION_FIND_NEXT, PLACE_DETAIL, {'n'}, NULL, NULL, finding, "next hit"},
	{ACTION_OVERVIEW, PLACE_BOTH, {'o'}, "overview", "[1h|24h|7d]", finding, "how many, of what, how fast: charts"},
	{ACTION_ENDPOINTS, PLACE_BOTH, {'E'}, "endpoints", NULL, finding, "endpoints: URL, secrets, what came"},
	{ACTION_FIND_PREVIOUS, PLACE_DETAIL, {'N'}, NULL, NULL, finding, "hit before"},
	{ACTION_JUMP, PLACE_DETAIL, {'.'}, "jump", "[NAME|.PATH]", finding, "to a name in the payload, or a path"},
	{ACTION_FILTER_VALUE, PLACE_DETAIL, {'='}, NULL, NULL, finding, "filter by the value under the cursor"},

	{ACTION_SELECT, PLACE_LIST, {' '}, NULL, NULL, selecting, "select the event, or not"},
	{ACTION_SELECT_RANGE, PLACE_LIST, {'v'}, NULL, NULL, selecting, "select while moving, until v again"},
	{ACTION_SELECT_ALL, PLACE_LIST, {'*'}, NULL, NULL, selecting, "select all in the list, or none"},
	{ACTION_SELECT_OTHERS, PLACE_LIST, {'i'}, NULL, NULL, selecting, "select those that are not, and no others"},
	{ACTION_MARK, PLACE_BOTH, {'m'}, "mark", NULL, selecting, "mark the event, or not: all see it"},
	{ACTION_NOTE, PLACE_BOTH, {'M'}, "note", "[TEXT]", selecting, "write a note to it, for all to see"},
	{ACTION_UNDO, PLACE_BOTH, {'U'}, "undo", NULL, selecting, "take back: filter, selection, mark, note"},

	{ACTION_REPLAY, PLACE_BOTH, {'r'}, "replay", "[URL]", delivering, "send the event, or those selected, again"},
	{ACTION_REPLAY_TO, PLACE_BOTH, {'R'}, NULL, NULL, delivering, "the same, asking for the target"},
	{ACTION_BULK, PLACE_BOTH, {'B'}, "bulk", "[URL]", delivering, "plan a replay of all selected or filtered"},
	{ACTION_AS_RECEIVED, 0, {0}, "as-received", "[on|off]", delivering, "replay what was captured, not signed anew"},
	{ACTION_FORWARD, PLACE_BOTH, {'F'}, "forward", "[URL|off]", delivering, "forward what comes to the app, or stop"},
	{ACTION_ROUTES, PLACE_BOTH, {'T'}, "routes", NULL, delivering, "where events go: see, add, edit, reorder"},
	{ACTION_ROUTE, 0, {0}, "route", "[FILTER => URL]", delivering, "one more route"},
	{ACTION_MISSED, PLACE_BOTH, {'u'}, "missed", NULL, delivering, "offer what came while nothing forwarded"},
	{ACTION_RETRIES, PLACE_BOTH, {'w'}, "retries", "[WORDS]", delivering, "what is to be tried again: hurry, pause"},
	{ACTION_RETRY, 0, {0}, "retry", "[POLICY|now|pause|resume|cancel]", delivering, "now, pause, ... its event, or how what fails"},
	{ACTION_DELIVERIES, PLACE_BOTH, {'D'}, "deliveries", "[FILTER]", delivering, "every attempt, over all events"},
	{ACTION_EDIT, PLACE_BOTH, {'e'}, "edit", "[URL]", delivering, "send a changed copy, from your editor"},
	{ACTION_SEND, PLACE_BOTH, {'S'}, "send", "[PROVIDER [TYPE]] [to URL]", delivering, "send a sample to the relay or the app"},
	{ACTION_PROVE, PLACE_BOTH, {'p'}, "prove", "[twice|reject|retries|chaos]", delivering, "what a handler must stand: a menu"},
	{ACTION_DEMO, PLACE_BOTH, {'x'}, "demo", NULL, delivering, "send demo events of five providers"},
	{ACTION_REVERIFY, 0, {0}, "reverify", "[FILTER]", delivering, "judge the endpoint's history again"},

	{ACTION_COPY, PLACE_BOTH, {'y'}, "copy", "[ref|id|url|body|head|curl|...]", program, "copy something of the event"},
	{ACTION_PIPE, PLACE_DETAIL, {'|'}, "pipe", "[COMMAND]", program, "the payload through a command such as jq"},
	{ACTION_COMMAND, PLACE_BOTH, {':'}, NULL, NULL, program, "a command by its name"},
	{ACTION_LOG, PLACE_BOTH, {'@'}, "log", NULL, program, "what was done, as commands to copy"},
	{ACTION_KEEP_RELAY, 0, {0}, "keep", "[on|off]", program, "our own relay outlives the last screen"},
	{ACTION_TIPS, 0, {0}, "tips", "[on|off]", program, "tips for whoever is new here"},
	{ACTION_QR, 0, {0}, "qr", "[URL]", program, "the URL for webhooks as a QR code"},
	{ACTION_PAGER, PLACE_DETAIL, {'P'}, "pager", NULL, program, "all of the pane in your $PAGER"},
	{ACTION_REVEAL, PLACE_BOTH, {'V'}, "reveal", NULL, program, "show what is masked, until the event is left"},
	{ACTION_THEME, 0, {0}, "theme", "[auto|dark|light|mono|high-contrast]", program, "other colours, as theme: in hookline.yaml"},
	{ACTION_REDRAW, PLACE_BOTH, {CTRL('l')}, "redraw", NULL, program, "draw the screen again"},
	{ACTION_SUSPEND, PLACE_BOTH, {CTRL('z')}, "suspend", NULL, program, "back to the shell; fg returns"},
	{ACTION_HELP, PLACE_BOTH, {'?'}, "help", NULL, program, "this help"},
	{ACTION_QUIT, PLACE_BOTH, {'Q', CTRL('c')}, "quit", NULL, program, "quit"},
};
/* clang-format on */

const size_t binding_count = sizeof bindings / sizeof *bindings;

_Static_assert(sizeof bindings / sizeof *bindings <= KEYMAP_ROWS, "every row has its keys");

size_t action_complete(struct span prefix, const struct binding **found, size_t most) {
	size_t count = 0;
	for (size_t i = 0; i < binding_count && count < most; i++) {
		if (bindings[i].command && span_starts_with(span_text(bindings[i].command), prefix)) {
			found[count++] = &bindings[i];
		}
	}
	return count;
}

/* A word of ours; those in capitals stand for what a person has. */
static bool is_choice(struct span word) {
	return word.len > 0 && word.data[0] >= 'a' && word.data[0] <= 'z';
}

static size_t complete_provider(struct span prefix, struct span *found, size_t most) {
	size_t count = 0, rows = samples_row_count(NULL);
	for (size_t i = 0; i < rows && count < most; i++) {
		struct span name = span_text(samples_row(NULL, i)->provider);
		if (span_starts_with(name, prefix)) {
			found[count++] = name;
		}
	}
	return count;
}

size_t action_complete_argument(
	const struct binding *binding, struct span prefix, struct span *found, size_t most) {
	struct span rest = span_text(binding->argument ? binding->argument : "");
	size_t count = 0;
	if (span_starts_with(rest, span_text("[PROVIDER"))) {
		return complete_provider(prefix, found, most);
	}
	while (rest.len > 0 && count < most) {
		struct span word = span_cut(&rest, '|');
		word = span_after(word, word.len > 0 && word.data[0] == '[');
		word.len -= word.len > 0 && word.data[word.len - 1] == ']';
		if (is_choice(word) && span_starts_with(word, prefix)) {
			found[count++] = word;
		}
	}
	return count;
}

const struct binding *action_of_name(struct span name) {
	const struct binding *found[ACTION_COUNT];
	size_t count = action_complete(name, found, ACTION_COUNT);
	for (size_t i = 0; i < count; i++) {
		if (span_is(name, found[i]->command)) {
			return found[i];
		}
	}
	return count == 1 ? found[0] : NULL;
}

static void tell_unknown(struct buffer *err, struct span name) {
	const char *names[ACTION_COUNT];
	char word[64];
	size_t count = 0;
	for (size_t i = 0; i < binding_count; i++) {
		if (bindings[i].command) {
			names[count++] = bindings[i].command;
		}
	}
	snprintf(word, sizeof word, "%.*s", (int)name.len, name.data);
	const char *nearest = text_nearest(word, names, count);
	buffer_printf(err, "there is no command \"%s\"", word);
	if (nearest) {
		buffer_printf(err, ", did you mean \"%s\"?", nearest);
	}
}

enum action action_of_command(struct span text, struct span *argument, struct buffer *err) {
	const struct binding *found[ACTION_COUNT];
	struct span rest = span_trim(text);
	struct span name = span_cut(&rest, ' ');
	*argument = span_trim(rest);
	if (name.len == 0) {
		return ACTION_NONE;
	}
	size_t count = action_complete(name, found, ACTION_COUNT);
	for (size_t i = 0; i < count; i++) {
		if (span_is(name, found[i]->command)) {
			found[0] = found[i];
			count = 1;
		}
	}
	if (count == 0) {
		tell_unknown(err, name);
	} else if (count > 1) {
		buffer_printf(err, "\"%.*s\" may be %s or %s", (int)name.len, name.data, found[0]->command,
			found[1]->command);
	} else if (argument->len > 0 && !found[0]->argument) {
		buffer_printf(err, "%s takes nothing behind it", found[0]->command);
	} else {
		return found[0]->action;
	}
	return ACTION_NONE;
}
