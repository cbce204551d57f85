/*
 * Build tool: reads provider files with the reader hookline itself uses and writes them as constant C data.
 *   providers_compile OUT.c FILE.yaml...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/business_key.h"
#include "common/signature/handshake_write.h"
#include "common/signature/provider_read.h"
#include "common/signature/recipe_public.h"

static void put_text(FILE *out, const char *text) {
	if (!text) {
		fputs("NULL", out);
		return;
	}
	fputc('"', out);
	for (const char *at = text; *at; at++) {
		unsigned char byte = (unsigned char)*at;
		if (byte < 0x20 || byte > 0x7e || strchr("\"\\?", byte)) {
			fprintf(out, "\\%03o", byte);
		} else {
			fputc(byte, out);
		}
	}
	fputc('"', out);
}

static void put_member(FILE *out, const char *name, const char *text) {
	fprintf(out, "\t.%s = ", name);
	put_text(out, text);
	fputs(",\n", out);
}

static void put_texts(FILE *out, const char *name, const char *const *texts) {
	if (!texts) {
		return;
	}
	fprintf(out, "\t.%s = (const char *const[]){", name);
	for (; *texts; texts++) {
		put_text(out, *texts);
		fputs(", ", out);
	}
	fputs("NULL},\n", out);
}

static void put_field(FILE *out, const char *name, const struct provider_field *field) {
	fprintf(out, "\t.%s = {%d, ", name, (int)field->place);
	put_text(out, field->path);
	fputs("},\n", out);
}

static void put_parameters(FILE *out, const struct provider_parameter *parameters) {
	if (!parameters) {
		return;
	}
	fputs("\t.parameters = (const struct provider_parameter[]){", out);
	for (; parameters->name; parameters++) {
		fputc('{', out);
		put_text(out, parameters->name);
		fputs(", ", out);
		put_text(out, parameters->fallback);
		fputs("}, ", out);
	}
	fputs("{NULL, NULL}},\n", out);
}

static void put_key_ops(FILE *out, const struct recipe *recipe) {
	if (recipe->key_op_count == 0) {
		return;
	}
	fputs("\t.key_ops = (const struct key_op[]){", out);
	for (size_t i = 0; i < recipe->key_op_count; i++) {
		fprintf(out, "{%d, ", (int)recipe->key_ops[i].kind);
		put_text(out, recipe->key_ops[i].text);
		fputs("}, ", out);
	}
	fprintf(out, "},\n\t.key_op_count = %zu,\n", recipe->key_op_count);
}

static void put_terms(FILE *out, const struct term *terms, size_t count) {
	if (count == 0) {
		fputs("NULL", out);
		return;
	}
	fputs("(const struct term[]){", out);
	for (size_t i = 0; i < count; i++) {
		const struct term *term = &terms[i];
		fprintf(out, "{%d, ", (int)term->kind);
		put_text(out, term->text);
		fputs(", {", out);
		for (size_t step = 0; step < TERM_STEPS_MAX; step++) {
			fprintf(out, "%d, ", (int)term->steps[step]);
		}
		fprintf(out, "}, %zu, %d}, ", term->step_count, term->group);
	}
	fputs("}", out);
}

static void put_content(FILE *out, const struct recipe_content *content) {
	fputs("{", out);
	put_terms(out, content->terms, content->term_count);
	fprintf(out, ", %zu}", content->term_count);
}

static void put_alternatives(FILE *out, const struct recipe *recipe) {
	if (recipe->alternative_count == 0) {
		return;
	}
	fputs("\t.alternatives = (const struct recipe_content[]){", out);
	for (size_t i = 0; i < recipe->alternative_count; i++) {
		put_content(out, &recipe->alternatives[i]);
		fputs(", ", out);
	}
	fprintf(out, "},\n\t.alternative_count = %zu,\n", recipe->alternative_count);
}

static void put_needs(FILE *out, const struct recipe *recipe) {
	if (recipe->need_count == 0) {
		return;
	}
	fputs("\t.needs = (const struct recipe_need[]){", out);
	for (size_t i = 0; i < recipe->need_count; i++) {
		fputs("{", out);
		put_text(out, recipe->needs[i].header);
		fputs(", ", out);
		put_text(out, recipe->needs[i].equals);
		fputs("}, ", out);
	}
	fprintf(out, "},\n\t.need_count = %zu,\n", recipe->need_count);
}

static void put_when(FILE *out, const struct recipe_when *when) {
	if (when->place != PLACE_NONE) {
		fprintf(out, "\t.when = {%d, ", (int)when->place);
		put_text(out, when->name);
		fputs(", ", out);
		put_content(out, &when->equals);
		fputs("},\n", out);
	}
}

static void put_timestamp(FILE *out, const struct recipe_timestamp *timestamp) {
	fprintf(out, "\t.timestamp = {%d, ", (int)timestamp->place);
	put_text(out, timestamp->name);
	fprintf(out, ", %d, %d, %d, %d, %d, %d},\n", (int)timestamp->unit, timestamp->tolerance_s,
		(int)timestamp->future, timestamp->optional, timestamp->unread, (int)timestamp->repeated);
}

static void put_names(FILE *out, const char *const *texts) {
	if (!texts) {
		fputs("NULL, ", out);
		return;
	}
	fputs("(const char *const[]){", out);
	for (; *texts; texts++) {
		put_text(out, *texts);
		fputs(", ", out);
	}
	fputs("NULL}, ", out);
}

static void put_next(FILE *out, const char *text) {
	put_text(out, text);
	fputs(", ", out);
}

static void put_keyset(FILE *out, const struct recipe_keyset *keyset) {
	fprintf(out, "{%d, %d, ", (int)keyset->source, (int)keyset->place);
	put_next(out, keyset->name);
	put_next(out, keyset->url);
	put_names(out, keyset->hosts);
	put_text(out, keyset->path);
	fputs("}", out);
}

static void put_claims(FILE *out, const struct recipe_claims *claims) {
	fputs("{", out);
	put_next(out, claims->issuer);
	put_next(out, claims->audience);
	put_names(out, claims->required);
	fprintf(out, "%d, %d, ", claims->leeway_s, claims->max_age_s);
	fputs(claims->bind_count > 0 ? "(const struct recipe_bind[]){" : "NULL", out);
	for (size_t i = 0; i < claims->bind_count; i++) {
		fputs("{", out);
		put_next(out, claims->binds[i].claim);
		put_content(out, &claims->binds[i].value);
		fprintf(out, ", %d, %d}, ", claims->binds[i].trim, claims->binds[i].unless_empty);
	}
	fprintf(out, "%s, %zu, %d}", claims->bind_count > 0 ? "}" : "", claims->bind_count,
		claims->query_hash);
}

static void put_public(FILE *out, const struct recipe_public *public) {
	if (!public) {
		return;
	}
	fputs("\t.publics = &(const struct recipe_public){", out);
	put_next(out, public->algorithm);
	fprintf(out, "%u, %d, %d, %d, %d, {", public->tokens, (int)public->form, public->detached,
		public->envelope, public->chained);
	put_text(out, public->chain.leaf);
	fputs(", ", out);
	put_text(out, public->chain.issuer);
	fputs("}, ", out);
	put_keyset(out, &public->keyset);
	fputs(", ", out);
	put_claims(out, &public->claims);
	fputs("},\n", out);
}

static void put_recipe(FILE *out, const struct recipe *recipe) {
	fputs("\t{\n", out);
	put_member(out, "label", recipe->label);
	fprintf(out, "\t.kind = %d,\n", (int)recipe->kind);
	put_member(out, "hash", recipe->hash);
	put_key_ops(out, recipe);
	put_member(out, "secret", recipe->secret);
	fprintf(out, "\t.place = %d,\n", (int)recipe->place);
	put_member(out, "header", recipe->header);
	put_member(out, "every", recipe->every);
	fprintf(out, "\t.list_blank = %d, .exact = %d,\n", recipe->list_blank, recipe->exact);
	fprintf(out, "\t.numbered = %d, .list = %d, .list_trim = %d, .pair = %d,\n", recipe->numbered,
		recipe->list, recipe->list_trim, recipe->pair);
	put_member(out, "field", recipe->field);
	put_member(out, "first", recipe->first);
	put_member(out, "prefix", recipe->prefix);
	put_member(out, "encoding", recipe->encoding);
	put_timestamp(out, &recipe->timestamp);
	fprintf(out, "\t.id_place = %d,\n", (int)recipe->id_place);
	put_member(out, "id_header", recipe->id_header);
	fprintf(out, "\t.term_count = %zu, .terms = ", recipe->term_count);
	put_terms(out, recipe->terms, recipe->term_count);
	fputs(",\n", out);
	put_alternatives(out, recipe);
	put_needs(out, recipe);
	put_when(out, &recipe->when);
	put_public(out, recipe->publics);
	fprintf(out, "\t.covers_body = %d, .legacy = %d},\n", recipe->covers_body, recipe->legacy);
}

static void put_retries(FILE *out, const struct provider *provider) {
	fprintf(out, "\t.jitter_percent = %d, .attempts = %d, .within_s = %d,\n",
		provider->jitter_percent, provider->attempts, provider->within_s);
	put_member(out, "retry_on", provider->retry_on);
	put_member(out, "stop_on", provider->stop_on);
	put_member(out, "stop_header", provider->stop_header);
	if (!provider->retry_s) {
		return;
	}
	fputs("\t.retry_s = (const int[]){", out);
	for (size_t i = 0; i < provider->retry_count; i++) {
		fprintf(out, "%d, ", provider->retry_s[i]);
	}
	fprintf(out, "0},\n\t.retry_count = %zu,\n", provider->retry_count);
}

static void put_keys(FILE *out, const struct provider *provider) {
	if (provider->key_count == 0) {
		return;
	}
	fputs("\t.keys = (const struct business_key[]){\n", out);
	for (size_t i = 0; i < provider->key_count; i++) {
		const struct business_key *key = &provider->keys[i];
		fputs("\t{", out);
		put_text(out, key->name);
		fprintf(out, ", %d, ", (int)key->place);
		put_text(out, key->path);
		fputs(", ", out);
		put_text(out, key->types);
		fputs("},\n", out);
	}
	fprintf(out, "\t},\n\t.key_count = %zu,\n", provider->key_count);
}

static void put_provider(FILE *out, size_t number, const struct provider *provider) {
	fprintf(out, "static const struct provider provider_%zu = {\n", number);
	put_member(out, "name", provider->name);
	put_member(out, "title", provider->title);
	put_member(out, "documentation", provider->documentation);
	put_member(out, "source", provider->source);
	put_member(out, "notes", provider->notes);
	put_member(out, "number_header", provider->number_header);
	put_member(out, "reason_header", provider->reason_header);
	put_member(out, "retries", provider->retries);
	fprintf(out, "\t.delivery_confirmed = %d,\n", provider->delivery_confirmed);
	fprintf(out, "\t.confirmed = %d, .generic = %d,\n", provider->confirmed, provider->generic);
	put_texts(out, "recognise_headers", provider->recognise_headers);
	put_texts(out, "recognise_types", provider->recognise_types);
	put_field(out, "type", &provider->type);
	put_field(out, "id", &provider->id);
	put_parameters(out, provider->parameters);
	put_member(out, "success", provider->success);
	fprintf(out, "\t.timeout_ms = %d,\n", provider->timeout_ms);
	put_retries(out, provider);
	put_keys(out, provider);
	handshake_write(out, provider, put_text);
	if (provider->recipe_count == 0) {
		fputs("};\n\n", out);
		return;
	}
	fputs("\t.recipes = (const struct recipe[]){\n", out);
	for (size_t i = 0; i < provider->recipe_count; i++) {
		put_recipe(out, &provider->recipes[i]);
	}
	fprintf(out, "\t},\n\t.recipe_count = %zu,\n};\n\n", provider->recipe_count);
}

static int by_name(const void *left, const void *right) {
	const struct provider *const *a = left, *const *b = right;
	return strcmp((*a)->name, (*b)->name);
}

static void put_file(FILE *out, const struct provider **providers, size_t count) {
	fputs("/* Made by providers_compile from common/providers; changes belong there. */\n", out);
	fputs("#include \"common/business_key.h\"\n", out);
	fputs("#include \"common/signature/handshake.h\"\n", out);
	fputs("#include \"common/signature/provider.h\"\n", out);
	fputs("#include \"common/signature/recipe.h\"\n", out);
	fputs("#include \"common/signature/recipe_public.h\"\n\n", out);
	for (size_t i = 0; i < count; i++) {
		put_provider(out, i, providers[i]);
	}
	fputs("const struct provider *const providers_builtin[] = {\n", out);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "\t&provider_%zu,\n", i);
	}
	fprintf(out, "};\nconst size_t providers_builtin_count = %zu;\n", count);
}

/* Reads all files, so that every broken one is named in one run. */
static size_t read_files(
	struct arena *arena, int count, char **files, const struct provider **providers) {
	size_t good = 0;
	for (int i = 0; i < count; i++) {
		struct error err = {0};
		struct yaml_document *document = yaml_load(files[i], &err);
		const struct provider *provider = document ? provider_read(arena, document, &err) : NULL;
		yaml_close(document);
		if (provider) {
			providers[good++] = provider;
		} else {
			fprintf(stderr, "%s\n", err.text);
		}
	}
	return good;
}

int main(int argc, char **argv) {
	if (argc < 3) {
		fprintf(stderr, "usage: providers_compile OUT.c FILE.yaml...\n");
		return 2;
	}
	struct arena arena = {0};
	size_t wanted = (size_t)argc - 2;
	const struct provider **providers = arena_zero(&arena, wanted, sizeof *providers);
	size_t good = read_files(&arena, argc - 2, argv + 2, providers);
	FILE *out = good == wanted ? fopen(argv[1], "w") : NULL;
	if (out) {
		qsort(providers, good, sizeof *providers, by_name);
		put_file(out, providers, good);
	}
	bool ok = out && fclose(out) == 0;
	arena_clear(&arena);
	return ok ? 0 : 1;
}
