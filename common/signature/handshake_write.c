#include "common/signature/handshake_write.h"

#include "common/signature/handshake.h"

struct writing {
	FILE *out;
	void (*put_text)(FILE *out, const char *text);
};

static void put_named(const struct writing *to, const char *name, const char *text) {
	fprintf(to->out, ".%s = ", name);
	to->put_text(to->out, text);
	fputs(", ", to->out);
}

static void put_parts(const struct writing *to, const struct handshake_text *text) {
	if (text->count == 0) {
		fputs("{NULL, 0}", to->out);
		return;
	}
	fputs("{(const struct handshake_part[]){", to->out);
	for (size_t i = 0; i < text->count; i++) {
		fprintf(to->out, "{%d, ", (int)text->parts[i].place);
		to->put_text(to->out, text->parts[i].text);
		fputs("}, ", to->out);
	}
	fprintf(to->out, "}, %zu}", text->count);
}

static void put_named_parts(
	const struct writing *to, const char *name, const struct handshake_text *text) {
	fprintf(to->out, ".%s = ", name);
	put_parts(to, text);
	fputs(", ", to->out);
}

static void put_methods(const struct writing *to, const char *const *methods) {
	if (!methods) {
		return;
	}
	fputs(".methods = (const char *const[]){", to->out);
	for (; *methods; methods++) {
		to->put_text(to->out, *methods);
		fputs(", ", to->out);
	}
	fputs("NULL}, ", to->out);
}

static void put_conditions(const struct writing *to, const struct handshake *handshake) {
	if (handshake->condition_count == 0) {
		return;
	}
	fputs(".conditions = (const struct handshake_condition[]){", to->out);
	for (size_t i = 0; i < handshake->condition_count; i++) {
		const struct handshake_condition *condition = &handshake->conditions[i];
		fprintf(to->out, "{%d, ", (int)condition->place);
		to->put_text(to->out, condition->name);
		fputs(", ", to->out);
		to->put_text(to->out, condition->value);
		fprintf(to->out, ", %d}, ", condition->absent);
	}
	fprintf(to->out, "}, .condition_count = %zu, ", handshake->condition_count);
}

static void put_members(const struct writing *to, const char *name, const char *count_name,
	const struct handshake_member *members, size_t count) {
	if (count == 0) {
		return;
	}
	fprintf(to->out, ".%s = (const struct handshake_member[]){", name);
	for (size_t i = 0; i < count; i++) {
		fputc('{', to->out);
		to->put_text(to->out, members[i].name);
		fputs(", ", to->out);
		put_parts(to, &members[i].value);
		fprintf(to->out, ", %d}, ", members[i].bare);
	}
	fprintf(to->out, "}, .%s = %zu, ", count_name, count);
}

static void put_handshake(const struct writing *to, const struct handshake *handshake) {
	fputs("\t\t{", to->out);
	put_named(to, "name", handshake->name);
	fprintf(to->out, ".unconfirmed = %d, ", handshake->unconfirmed);
	put_methods(to, handshake->methods);
	put_conditions(to, handshake);
	fprintf(to->out, ".is_signed = %d, ", (int)handshake->is_signed);
	put_named_parts(to, "compare", &handshake->compare);
	put_named(to, "compare_with", handshake->compare_with);
	put_named_parts(to, "mac_of", &handshake->mac_of);
	fprintf(to->out, ".wrong = %d, .mac_hash = %d, .mac_encoding = %d, .mac_keyed = %d, ",
		handshake->wrong, (int)handshake->mac_hash, (int)handshake->mac_encoding,
		handshake->mac_keyed);
	fprintf(to->out, ".status = %d, .body = %d, ", handshake->status, (int)handshake->body);
	put_named_parts(to, "text", &handshake->text);
	put_members(to, "json", "json_count", handshake->json, handshake->json_count);
	put_members(to, "headers", "header_count", handshake->headers, handshake->header_count);
	put_named_parts(to, "keep", &handshake->keep);
	put_named_parts(to, "open", &handshake->open);
	put_named(to, "open_host", handshake->open_host);
	fprintf(to->out, ".tells = %d, .quiet = %d},\n", handshake->tells, handshake->quiet);
}

void handshake_write(
	FILE *out, const struct provider *provider, void (*put_text)(FILE *out, const char *text)) {
	struct writing to = {out, put_text};
	if (provider->handshake_count == 0) {
		return;
	}
	fputs("\t.handshakes = (const struct handshake[]){\n", out);
	for (size_t i = 0; i < provider->handshake_count; i++) {
		put_handshake(&to, &provider->handshakes[i]);
	}
	fprintf(out, "\t},\n\t.handshake_count = %zu,\n", provider->handshake_count);
}
