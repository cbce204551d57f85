/* The line that is typed at the bottom: editing, history, completion, and what comes of it. */
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/business_key.h"
#include "common/filter.h"
#include "common/json_lexer.h"
#include "common/text.h"
#include "tui/screen/update_parts.h"

#define CTRL(letter) ((letter) | KEY_CTRL)

/* Words behind a command that are looked at. */
#define ARGUMENTS_MOST 128

/* --- editing --- */

static void set_text(struct prompt *prompt, struct span text) {
	struct buffer copy = {0};
	buffer_append_span(&copy, text); /* it may be a part of what it replaces */
	buffer_reset(&prompt->text);
	buffer_append_span(&prompt->text, buffer_span(&copy));
	prompt->at = prompt->text.len;
	buffer_clear(&copy);
}

static void insert(struct prompt *prompt, struct span text) {
	if (text.len == 0 || prompt->text.len + text.len > PROMPT_LEN_MAX) {
		return;
	}
	buffer_reserve(&prompt->text, text.len);
	char *at = prompt->text.data + prompt->at;
	memmove(at + text.len, at, prompt->text.len - prompt->at);
	memcpy(at, text.data, text.len);
	prompt->text.len += text.len;
	prompt->at += text.len;
}

static size_t before(const struct prompt *prompt, size_t at) {
	while (at > 0 && (prompt->text.data[--at] & 0xc0) == 0x80) {
		/* inside of a character */
	}
	return at;
}

static size_t behind(const struct prompt *prompt, size_t at) {
	at += at < prompt->text.len;
	while (at < prompt->text.len && (prompt->text.data[at] & 0xc0) == 0x80) {
		at++;
	}
	return at;
}

static size_t word_before(const struct prompt *prompt, size_t at) {
	while (at > 0 && prompt->text.data[at - 1] == ' ') {
		at--;
	}
	while (at > 0 && prompt->text.data[at - 1] != ' ') {
		at--;
	}
	return at;
}

static void erase(struct prompt *prompt, size_t from, size_t to) {
	if (from < to) {
		char *data = prompt->text.data;
		memmove(data + from, data + to, prompt->text.len - to);
		prompt->text.len -= to - from;
	}
	prompt->at = from;
}

void prompt_replace(struct prompt *prompt, size_t from, struct span text) {
	erase(prompt, from, prompt->at);
	insert(prompt, text);
}

/* --- history --- */

/* False: it was the last one anyway. */
static bool keep_line(struct prompt *prompt, enum prompt_kind kind, struct span text) {
	size_t count = prompt->history[kind].count;
	char **lines = prompt->history[kind].lines;
	if (text.len == 0 || (count > 0 && span_is(text, lines[count - 1]))) {
		return false;
	}
	if (count == PROMPT_HISTORY) {
		free(lines[0]);
		memmove(lines, lines + 1, (count - 1) * sizeof *lines);
		count--;
	}
	lines[count] = alloc_text(text.data, text.len);
	prompt->history[kind].count = count + 1;
	return true;
}

void prompt_remember(struct model *model, enum prompt_kind kind, struct span text) {
	if (kind > PROMPT_NONE && kind < PROMPT_KINDS && text.len <= PROMPT_LEN_MAX) {
		keep_line(&model->prompt, kind, text);
	}
}

static void remember(struct model *model) {
	struct prompt *prompt = &model->prompt;
	struct span text = buffer_span(&prompt->text);
	if (keep_line(prompt, prompt->kind, text)) {
		struct effect *effect = effects_add(&model->effects, EFFECT_REMEMBER);
		effect->number = prompt->kind;
		buffer_append_span(&effect->text, text);
	}
}

static void look_back(struct prompt *prompt, bool older) {
	size_t count = prompt->history[prompt->kind].count;
	if (older ? prompt->history_at == count : prompt->history_at == 0) {
		return;
	}
	if (prompt->history_at == 0) {
		buffer_reset(&prompt->kept);
		buffer_append_span(&prompt->kept, buffer_span(&prompt->text));
	}
	prompt->history_at += older ? 1 : (size_t)-1;
	if (prompt->history_at == 0) {
		set_text(prompt, buffer_span(&prompt->kept));
	} else {
		set_text(
			prompt, span_text(prompt->history[prompt->kind].lines[count - prompt->history_at]));
	}
}

/* --- completion of commands --- */

static size_t common_start(const struct binding **found, size_t count) {
	size_t len = strlen(found[0]->command);
	for (size_t i = 1; i < count; i++) {
		size_t same = 0;
		while (same < len && found[0]->command[same] == found[i]->command[same]) {
			same++;
		}
		len = same;
	}
	return len;
}

/* As far as there is no choice. */
static void complete_argument(struct prompt *prompt) {
	struct span found[ARGUMENTS_MOST], rest = buffer_span(&prompt->text);
	const struct binding *binding = action_of_name(span_cut(&rest, ' '));
	size_t count = binding ? action_complete_argument(binding, rest, found, ARGUMENTS_MOST) : 0;
	for (size_t i = 1; i < count; i++) {
		size_t same = 0;
		while (same < found[0].len && same < found[i].len &&
			   found[0].data[same] == found[i].data[same]) {
			same++;
		}
		found[0].len = same;
	}
	if (count > 0) {
		prompt_replace(prompt, prompt->text.len - rest.len, found[0]);
	}
}

static void complete(struct prompt *prompt) {
	const struct binding *found[ACTION_COUNT];
	struct span typed = buffer_span(&prompt->text);
	if (prompt->kind != PROMPT_COMMAND || prompt->at < typed.len) {
		return;
	}
	if (span_find(typed, ' ') < typed.len) {
		complete_argument(prompt);
		return;
	}
	size_t count = action_complete(typed, found, ACTION_COUNT);
	if (count > 0) {
		set_text(prompt, (struct span){found[0]->command, common_start(found, count)});
	}
	if (count == 1 && found[0]->argument) {
		insert(prompt, span_text(" "));
	}
}

/* --- the end --- */

static void close_prompt(struct prompt *prompt) {
	if (prompt->kind == PROMPT_SECRET) {
		secret_wipe(prompt);
	}
	prompt->kind = PROMPT_NONE;
	prompt->error[0] = '\0';
	prompt->history_at = 0;
	prompt->tab = (struct prompt_tab){0};
}

static bool filter_is_right(struct model *model, struct span text) {
	struct error err = {0};
	struct filter *filter = filter_parse(text, &err);
	filter_free(filter);
	if (!filter) {
		keep_text(model->prompt.error, sizeof model->prompt.error, span_text(err.text));
	}
	return filter != NULL;
}

static void run_command(struct model *model, struct span text) {
	struct span argument;
	struct buffer err = {0};
	enum action action = action_of_command(text, &argument, &err);
	if (err.len > 0) {
		keep_text(model->prompt.error, sizeof model->prompt.error, buffer_span(&err));
		buffer_clear(&err);
		return;
	}
	remember(model);
	close_prompt(&model->prompt);
	act(model, action, argument);
}

/* "order 42" is a question for a business key: the filter then says how else it is written. */
static void filter_list(struct model *model, struct span text) {
	struct buffer asked = {0};
	if (!business_key_append_short(&asked, text)) {
		buffer_append_span(&asked, text);
	}
	list_filter(model, buffer_span(&asked));
	log_filter(model, buffer_span(&asked));
	buffer_clear(&asked);
}

static void accept_text(struct model *model, enum prompt_kind kind, struct span text) {
	switch (kind) {
	case PROMPT_FILTER:
		filter_list(model, text);
		break;
	case PROMPT_FIND:
		detail_find(model, text);
		break;
	case PROMPT_JUMP:
		payload_jump(model, text);
		break;
	case PROMPT_PIPE:
		pipe_to(model, text);
		break;
	case PROMPT_FORWARD:
		forward(model, text);
		break;
	case PROMPT_ROUTE:
		routes_typed(model, text);
		break;
	case PROMPT_REPLAY:
		replay(model, text);
		break;
	case PROMPT_HELP:
		help_search(model, text);
		break;
	case PROMPT_NOTE:
		marks_note(model, text);
		break;
	case PROMPT_DELIVERIES:
		deliveries_filter(model, text);
		break;
	case PROMPT_RETRIES:
		retries_narrow(model, text);
		break;
	case PROMPT_IGNORE:
		diff_ignore(model, text);
		break;
	case PROMPT_EDIT:
		edit_event(model, text);
		break;
	case PROMPT_PROVE:
		prove_at(model, text);
		break;
	case PROMPT_RETRY:
		retry_policy(model, text);
		break;
	default:
		bulk_prompt_accept(model, kind, text);
	}
}

static bool is_right(struct model *model, enum prompt_kind kind, struct span text) {
	return kind == PROMPT_FILTER       ? filter_is_right(model, text)
	       : kind == PROMPT_IGNORE     ? diff_ignore_is_right(model, text)
	       : kind == PROMPT_DELIVERIES ? deliveries_filter_is_right(model, text)
	                                   : bulk_prompt_is_right(model, kind, text);
}

static bool may_be_empty(enum prompt_kind kind) {
	return kind == PROMPT_FILTER || kind == PROMPT_FIND || kind == PROMPT_NOTE ||
	       kind == PROMPT_DELIVERIES || kind == PROMPT_RETRIES || kind == PROMPT_HELP ||
	       kind == PROMPT_IGNORE;
}

static void accept(struct model *model) {
	struct prompt *prompt = &model->prompt;
	enum prompt_kind kind = prompt->kind;
	struct buffer copy = {0};
	if (kind == PROMPT_SECRET) {
		secret_typed(model);
		close_prompt(prompt);
		return;
	}
	buffer_append_span(&copy, span_trim(buffer_span(&prompt->text)));
	struct span text = buffer_span(&copy);
	if (kind == PROMPT_COMMAND) {
		run_command(model, text);
	} else if (is_right(model, kind, text)) {
		remember(model);
		close_prompt(prompt);
		if (text.len > 0 || may_be_empty(kind)) {
			accept_text(model, kind, text);
		}
	}
	buffer_clear(&copy);
}

/* --- keys --- */

void prompt_open(struct model *model, enum prompt_kind kind, struct span text) {
	close_prompt(&model->prompt);
	set_text(&model->prompt, text);
	model->prompt.kind = kind;
	model->dialog.kind = DIALOG_NONE;
}

static void type_character(struct prompt *prompt, uint32_t key) {
	char bytes[4];
	if (key >= ' ' && key != 0x7f && key < KEY_CTRL) {
		size_t len = json_encode_utf8(bytes, key);
		insert(prompt, (struct span){bytes, len});
	}
}

static void edit(struct prompt *prompt, uint32_t key) {
	size_t at = prompt->at, len = prompt->text.len;
	switch (key) {
	case KEY_LEFT_ARROW:
	case CTRL('b'):
		prompt->at = before(prompt, at);
		break;
	case KEY_RIGHT_ARROW:
	case CTRL('f'):
		prompt->at = behind(prompt, at);
		break;
	case KEY_HOME_KEY:
	case CTRL('a'):
		prompt->at = 0;
		break;
	case KEY_END_KEY:
	case CTRL('e'):
		prompt->at = len;
		break;
	case KEY_ERASE:
	case CTRL('h'):
		erase(prompt, before(prompt, at), at);
		break;
	case KEY_DELETE:
	case CTRL('d'):
		erase(prompt, at, behind(prompt, at));
		break;
	case CTRL('u'):
		erase(prompt, 0, at);
		break;
	case CTRL('k'):
		erase(prompt, at, len);
		break;
	case CTRL('w'):
		erase(prompt, word_before(prompt, at), at);
		break;
	default:
		type_character(prompt, key);
	}
}

void prompt_key(struct model *model, uint32_t key) {
	struct prompt *prompt = &model->prompt;
	prompt->error[0] = '\0';
	if (key == KEY_ENTER_KEY) {
		accept(model);
	} else if (key == KEY_ESCAPE || key == CTRL('c') ||
			   (key == KEY_ERASE && prompt->text.len == 0)) {
		bool of_routes = prompt->kind == PROMPT_ROUTE;
		model->dialog.kind = prompt->kind == PROMPT_HELP ? DIALOG_HELP : model->dialog.kind;
		close_prompt(prompt);
		if (of_routes) {
			routes_open(model);
		}
	} else if (key == KEY_UP_ARROW || key == CTRL('p') || key == KEY_DOWN_ARROW ||
			   key == CTRL('n')) {
		look_back(prompt, key == KEY_UP_ARROW || key == CTRL('p'));
	} else if (key == KEY_TAB || key == KEY_BACK_TAB) {
		complete(prompt);
		prompt_tab_press(model, key == KEY_BACK_TAB);
		return;
	} else {
		edit(prompt, key);
	}
	prompt->tab = (struct prompt_tab){0};
}

/* One line, as much as fits: line ends and other controls become blanks. */
void prompt_paste(struct model *model, struct span text) {
	struct buffer line = {0};
	bool secret = model->prompt.kind == PROMPT_SECRET;
	size_t room = PROMPT_LEN_MAX - model->prompt.text.len;
	if (!text_is_utf8(text) || text.len > room) {
		model_note(model, true, "what was pasted is %s", text.len > room ? "too long" : "no text");
		return;
	}
	buffer_reserve(&line, text.len);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		bool blank = (byte < ' ' || byte == 0x7f) && !(secret && byte == '\n');
		buffer_append_byte(&line, blank ? ' ' : text.data[i]);
	}
	model->prompt.error[0] = '\0';
	insert(&model->prompt, buffer_span(&line));
	if (secret && line.data) {
		OPENSSL_cleanse(line.data, line.capacity);
	}
	buffer_clear(&line);
}
