#include "common/signature/keyset.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

struct document {
	char *url;
	struct public_keys keys;
};

/* In the order they were put. */
struct keyset {
	struct document documents[KEYSET_DOCUMENTS_MAX];
	size_t count;
};

struct keyset *keyset_new(void) {
	return alloc_zero(1, sizeof(struct keyset));
}

static void remove_at(struct keyset *keyset, size_t index) {
	struct document *document = &keyset->documents[index];
	public_keys_clear(&document->keys);
	free(document->url);
	memmove(document, document + 1, (--keyset->count - index) * sizeof *document);
}

void keyset_free(struct keyset *keyset) {
	while (keyset && keyset->count > 0) {
		remove_at(keyset, keyset->count - 1);
	}
	free(keyset);
}

static void copy_document(struct document *to, const struct document *from) {
	*to = (struct document){.url = alloc_text(from->url, strlen(from->url))};
	to->keys.items = alloc_zero(from->keys.count, sizeof *to->keys.items);
	to->keys.count = from->keys.count;
	for (size_t i = 0; i < from->keys.count; i++) {
		to->keys.items[i] = from->keys.items[i];
		EVP_PKEY_up_ref(to->keys.items[i].pkey);
	}
}

struct keyset *keyset_copy(const struct keyset *keyset) {
	struct keyset *copy = keyset_new();
	for (size_t i = 0; i < keyset->count; i++) {
		copy_document(&copy->documents[copy->count++], &keyset->documents[i]);
	}
	return copy;
}

void keyset_remove(struct keyset *keyset, struct span url) {
	for (size_t i = 0; i < keyset->count; i++) {
		if (span_is(url, keyset->documents[i].url)) {
			remove_at(keyset, i);
			return;
		}
	}
}

bool keyset_put(struct keyset *keyset, struct span url, struct span document, enum key_form form,
	struct error *err) {
	struct public_keys keys = {0};
	if (!public_keys_read(&keys, document, form, err)) {
		public_keys_clear(&keys);
		return false;
	}
	keyset_remove(keyset, url);
	if (keyset->count == KEYSET_DOCUMENTS_MAX) {
		remove_at(keyset, 0);
	}
	keyset->documents[keyset->count++] =
		(struct document){.url = alloc_text(url.data, url.len), .keys = keys};
	return true;
}

const struct public_keys *keyset_find(const struct keyset *keyset, struct span url) {
	for (size_t i = 0; keyset && i < keyset->count; i++) {
		if (span_is(url, keyset->documents[i].url)) {
			return &keyset->documents[i].keys;
		}
	}
	return NULL;
}
