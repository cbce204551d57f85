/* The manual says what the program does: its keys are those of the table, and no option is missing. */
#include "tests/unit/unit.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"
#include "tests/support/source_file.h"
#include "tui/commands/commands.h"
#include "tui/screen/action.h"
#include "tui/screen/key.h"

static struct buffer page;

static int read_page(void **state) {
	(void)state;
	source_file(&page, "docs/hookline.1.scd");
	return 0;
}

static int clear_page(void **state) {
	(void)state;
	buffer_clear(&page);
	return 0;
}

/* As scdoc takes it literally. */
static void append_literal(struct buffer *out, const char *text) {
	for (; *text; text++) {
		if (ispunct((unsigned char)*text)) {
			buffer_append_byte(out, '\\');
		}
		buffer_append_byte(out, *text);
	}
}

static void append_keys(struct buffer *out, const struct binding *binding) {
	const char *comma = "";
	for (size_t i = 0; i < 4 && binding->keys[i]; i++) {
		char name[16];
		key_name(name, binding->keys[i]);
		buffer_append_text(out, comma);
		append_literal(out, name);
		comma = ", ";
	}
	if (binding->command) {
		buffer_printf(out, "%s:%s", comma, binding->command);
	}
	if (binding->command && binding->argument) {
		buffer_append_byte(out, ' ');
		append_literal(out, binding->argument);
	}
}

/* The rows of a group, as they stand in the manual. */
static void append_group(struct buffer *out, const char *group) {
	bool first = true;
	for (size_t i = 0; i < binding_count; i++) {
		const struct binding *binding = &bindings[i];
		if (strcmp(binding->group, group) != 0) {
			continue;
		}
		buffer_append_text(out, first ? "|[ " : "|  ");
		append_keys(out, binding);
		const char *where = binding->places == PLACE_DETAIL ? "in an open event: " : "";
		buffer_printf(out, "\n:< %s%s\n", where, binding->help);
		first = false;
	}
}

static void append_all_groups(struct buffer *out) {
	const char *group = "";
	for (size_t i = 0; i < binding_count; i++) {
		if (strcmp(bindings[i].group, group) != 0) {
			group = bindings[i].group;
			buffer_printf(out, "*%s*\n\n", group);
			append_group(out, group);
			buffer_append_byte(out, '\n');
		}
	}
}

/* UPDATE=1 writes the manual anew. */
static void update(const char *begin, const char *end, struct span wanted) {
	char path[1024];
	const char *source = getenv("HOOKLINE_SOURCE");
	snprintf(path, sizeof path, "%s/docs/hookline.1.scd", source ? source : ".");
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fwrite(page.data, 1, (size_t)(begin - page.data), file);
	fwrite(wanted.data, 1, wanted.len, file);
	fputs(end, file);
	fclose(file);
}

static void the_keys_are_those_of_the_table(void **state) {
	static const char heading[] = "# KEYS\n\n";
	struct buffer wanted = {0};
	(void)state;
	append_all_groups(&wanted);
	const char *begin = strstr(buffer_text(&page), heading);
	assert_non_null(begin);
	begin += strlen(heading);
	const char *end = strstr(begin, "# ");
	assert_non_null(end);
	struct span keys = {begin, (size_t)(end - begin)};
	if (getenv("UPDATE")) {
		update(begin, end, buffer_span(&wanted));
	} else if (!span_equal(keys, buffer_span(&wanted))) {
		fail_msg("the keys in docs/hookline.1.scd are others: UPDATE=1 ./dev test writes them");
	}
	buffer_clear(&wanted);
}

/* What the manual says of a command by its first word: each paragraph that begins with it, up to the next such paragraph. */
static void append_entries(struct buffer *out, const char *name) {
	char begin[64];
	snprintf(begin, sizeof begin, "\n*%.*s* ", (int)strcspn(name, " "), name);
	const char *at = strstr(buffer_text(&page), "\n# COMMANDS\n");
	assert_non_null(at);
	while ((at = strstr(at, begin))) {
		const char *end = strpbrk(at + 2, "\n");
		while (end && end[1] != '*' && end[1] != '#') {
			end = strchr(end + 1, '\n');
		}
		assert_non_null(end);
		buffer_append(out, at, (size_t)(end - at));
		at = end;
	}
}

/* Options of its own stand where it is described, not only somewhere: others may have one of that name. */
static void tells_own_options_of(const struct command *command) {
	struct buffer entries = {0};
	append_entries(&entries, command->name);
	for (const struct option_row *row = command->options; row && row->name; row++) {
		char option[64];
		snprintf(option, sizeof option, "--%s", row->name);
		if (!strstr(buffer_text(&entries), option)) {
			fail_msg("docs/hookline.1.scd says nothing of %s at %s", option, command->name);
		}
	}
	buffer_clear(&entries);
}

static void every_option_stands_at_its_command(void **state) {
	(void)state;
	for (size_t i = 0; commands[i]; i++) {
		tells_own_options_of(commands[i]);
		for (size_t k = 0; commands[i]->parts && commands[i]->parts[k]; k++) {
			tells_own_options_of(commands[i]->parts[k]);
		}
	}
}

static void tells_options_of(const struct command *command) {
	const struct option_row *tables[ARGUMENTS_TABLES_MAX + 1];
	command_tables(command, tables);
	for (size_t i = 0; tables[i]; i++) {
		for (const struct option_row *row = tables[i]; row->name; row++) {
			char option[64];
			snprintf(option, sizeof option, "--%s", row->name);
			if (!strstr(buffer_text(&page), option)) {
				fail_msg("docs/hookline.1.scd says nothing of %s %s", command->name, option);
			}
		}
	}
}

static void every_option_is_told(void **state) {
	(void)state;
	tells_options_of(&command_screen);
	for (size_t i = 0; commands[i]; i++) {
		tells_options_of(commands[i]);
		for (size_t k = 0; commands[i]->parts && commands[i]->parts[k]; k++) {
			tells_options_of(commands[i]->parts[k]);
		}
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_keys_are_those_of_the_table),
		cmocka_unit_test(every_option_is_told),
		cmocka_unit_test(every_option_stands_at_its_command),
	};
	return cmocka_run_group_tests(tests, read_page, clear_page);
}
