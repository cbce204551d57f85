/* What is to be said of a tree beside its tokens: names that are repeated, numbers that a double changes. In words, so that colours are not needed. */
#include "tui/screen/document_parts.h"
#include "tui/screen/json_number.h"

void document_json_look(const struct document_block *block, struct document_json *json) {
	if (!block->outline) {
		return;
	}
	if (json->kind == JSON_STRING && json->is_name) {
		json->repeat = outline_repeat(block->outline, json->token_begin);
	} else if (json->kind == JSON_NUMBER) {
		struct buffer words = {0};
		struct span number = {
			block->bytes.data + json->token_begin, json->token_end - json->token_begin};
		json->number_begin = json->token_begin;
		json->number_end = json_number_is_changed(number, &words) ? json->token_end : 0;
		buffer_clear(&words);
	}
}

bool document_json_words(
	const struct document_block *block, const struct document_json *json, struct buffer *words) {
	static const char *const repeats[] = {[OUTLINE_ONCE] = "",
		[OUTLINE_REPEATED_BELOW] = "repeated below: the last one counts",
		[OUTLINE_LAST_OF_SEVERAL] = "repeated: this last one counts"};
	if (json->repeat == OUTLINE_ONCE && json->number_end == 0) {
		return false;
	}
	buffer_append_text(words, "! ");
	buffer_append_text(words, repeats[json->repeat]);
	if (json->number_end > 0) {
		struct span number = {
			block->bytes.data + json->number_begin, json->number_end - json->number_begin};
		buffer_append_text(words, json->repeat != OUTLINE_ONCE ? "; " : "");
		json_number_is_changed(number, words);
	}
	return true;
}
