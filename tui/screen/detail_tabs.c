#include "tui/screen/detail_tabs.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/span.h"

/* What is quick is not worth a word that flickers. */
#define LOADING_TOLD_AFTER_MS 300

/* How much is said of tabs where there is less and less room. */
enum form { ALL_WORDS, ONE_WORD, CURRENT_ALONE };

static const struct {
	const char *name;
	enum action action;
} known[DETAIL_TABS] = {{"list", ACTION_PANE_LIST}, {"payload", ACTION_PANE_PAYLOAD},
	{"headers", ACTION_PANE_HEADERS}, {"signature", ACTION_PANE_SIGNATURE},
	{"attempts", ACTION_PANE_ATTEMPTS}, {"raw", ACTION_PANE_RAW}};

/* Where one is in a document that is longer than what is seen of it. */
static void tell_position(const struct detail *detail, size_t rows, char text[64], bool brief) {
	size_t lines = document_lines(detail->document);
	size_t at = detail->pane == PANE_PAYLOAD ? detail->payload.cursor : detail->top;
	bool complete = document_is_complete(detail->document);
	const char *more = complete ? "" : "+";
	text[0] = '\0';
	if (!complete || lines > rows) {
		snprintf(text, 64, brief ? "%zu/%zu%s" : "line %zu of %zu%s", at + 1,
			lines > at ? lines : at + 1, more);
	}
	size_t len = span_text(text).len;
	if (!complete && !brief) {
		snprintf(text + len, 64 - len, ", laying out ...");
	}
}

static void tell_state(const struct model *model, size_t rows, char text[64], bool brief) {
	const struct detail *detail = &model->detail;
	text[0] = '\0';
	if (detail->loading && model->now_ms - detail->asked_at_ms >= LOADING_TOLD_AFTER_MS) {
		snprintf(text, 64, "loading ...");
	} else if (detail->finding || detail->payload.jump) {
		snprintf(text, 64, "searching ...");
	} else if (detail->document && detail->event) {
		tell_position(detail, rows, text, brief);
	}
}

/* "2 payload", or "2" alone; "5 attempts (3)". */
static void tab_text(char text[40], size_t tab, const struct detail *detail, bool word) {
	int64_t tries = detail->event ? detail->event->attempts : 0;
	tries = (size_t)tries < detail->attempt_count ? (int64_t)detail->attempt_count : tries;
	int len = snprintf(text, 40, word ? "%zu %s" : "%zu", tab + 1, known[tab].name);
	if (tab == PANE_ATTEMPTS + 1 && tries > 0 && len > 0) {
		snprintf(text + len, 40 - (size_t)len, " (%" PRId64 ")", tries);
	}
}

static void add(struct detail_tabs *tabs, size_t tab, const char *text, bool current) {
	struct detail_tab *last = tabs->count > 0 ? &tabs->tabs[tabs->count - 1] : NULL;
	struct detail_tab *added = &tabs->tabs[tabs->count++];
	added->action = known[tab].action;
	added->current = current;
	added->x = last ? last->x + last->columns : 0;
	/* brackets tell it from the others without colours, too */
	snprintf(added->text, sizeof added->text, current ? "[%s]" : " %s ", text);
	added->columns = span_text(added->text).len;
}

/* Returns the columns of all. */
static size_t put_tabs(struct detail_tabs *tabs, const struct detail *detail, enum form form) {
	char text[40];
	tabs->count = 0;
	for (size_t i = 0; i < DETAIL_TABS; i++) {
		bool current = i == (size_t)detail->pane + 1;
		tab_text(text, i, detail, form == ALL_WORDS || current);
		if (form != CURRENT_ALONE) {
			add(tabs, i, text, current);
		} else if (current) {
			add(tabs, i, known[i].name, true);
		}
	}
	return tabs->tabs[tabs->count - 1].x + tabs->tabs[tabs->count - 1].columns;
}

struct detail_tabs detail_tabs_of(const struct model *model, size_t columns, size_t rows) {
	static const struct {
		enum form form;
		bool brief;
	} steps[] = {{ALL_WORDS, false}, {ALL_WORDS, true}, {ONE_WORD, true}, {CURRENT_ALONE, true}};
	struct detail_tabs tabs = {.count = 0};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		tell_state(model, rows, tabs.state, steps[i].brief);
		size_t used = put_tabs(&tabs, &model->detail, steps[i].form);
		if (used + 1 + span_text(tabs.state).len <= columns) {
			return tabs;
		}
	}
	tabs.state[0] = '\0';
	return tabs;
}
