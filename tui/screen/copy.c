#include "tui/screen/copy.h"

const struct copy_item copy_items[COPY_ITEMS] = {
	{'r', "ref", "its reference, such as stripe#1042"},
	{'i', "id", "its UUID"},
	{'u', "url", "where it was sent, with path and query"},
	{'h', "head", "request line and headers"},
	{'b', "body", "the body"},
	{'w', "raw", "all of the request, as received"},
	{'c', "curl", "a curl command that sends it again"},
	{'a', "answer", "what the app answered"},
	{'v', "value", "the value under the cursor"},
	{'p', "path", "its path, such as .data.items[3].id"},
};

const struct copy_item *copy_item_of_letter(char letter) {
	for (size_t i = 0; i < COPY_ITEMS; i++) {
		if (copy_items[i].letter == letter) {
			return &copy_items[i];
		}
	}
	return NULL;
}

const struct copy_item *copy_item_of_word(struct span word) {
	for (size_t i = 0; i < COPY_ITEMS; i++) {
		if (span_is(word, copy_items[i].word)) {
			return &copy_items[i];
		}
	}
	return NULL;
}
