/* URLs: where the scheme signs one, the provider may have been given another than the one the request came to. */
#include <string.h>

#include "common/signature/explain_search.h"
#include "common/signature/keyring.h"
#include "common/signature/recipe_public.h"
#include "common/signature/request_url.h"

#define AUTHORITIES_MOST 5
#define PATHS_MOST 5

/* The parts a URL may be made of instead; the first of each is as it is. */
struct choices {
	struct span schemes[2];
	struct span authorities[AUTHORITIES_MOST];
	size_t authority_count;
	struct span paths[PATHS_MOST];
	size_t path_count;
	struct span queries[2];
	size_t query_count;
};

static bool is_of_url(enum term_kind kind) {
	return kind == TERM_URL || kind == TERM_URL_WITH_PORT || kind == TERM_URL_WITHOUT_PORT ||
	       kind == TERM_URL_FORM_SORTED || kind == TERM_PATH || kind == TERM_PATH_REESCAPED;
}

static bool has_url(const struct term *terms, size_t count) {
	for (size_t i = 0; i < count; i++) {
		if (is_of_url(terms[i].kind)) {
			return true;
		}
	}
	return false;
}

/* In what is signed, or in a claim. */
static bool recipe_signs_url(const struct recipe *recipe) {
	bool signs =
		recipe->kind == RECIPE_HTTP_SIGNATURE || has_url(recipe->terms, recipe->term_count);
	const struct recipe_claims *claims = recipe->publics ? &recipe->publics->claims : NULL;
	for (size_t i = 0; claims && i < claims->bind_count; i++) {
		signs |= has_url(claims->binds[i].value.terms, claims->binds[i].value.term_count);
	}
	return signs || (claims && claims->query_hash);
}

static bool signs_url(const struct provider *provider) {
	for (size_t i = 0; i < provider->recipe_count; i++) {
		if (recipe_signs_url(&provider->recipes[i])) {
			return true;
		}
	}
	return false;
}

static void add(struct span *list, size_t *count, size_t most, struct span one) {
	for (size_t i = 0; i < *count; i++) {
		if (span_equal(list[i], one)) {
			return;
		}
	}
	if (*count < most && one.len > 0) {
		list[(*count)++] = one;
	}
}

static struct span kept(struct search *search, const struct buffer *text) {
	const char *copy = arena_text_of(&search->arena, text->data, text->len);
	return (struct span){copy, text->len};
}

/* What a proxy may have changed stands in headers nobody has to believe: here it is only tried. */
static void find_authorities(
	struct search *search, const struct request_url *url, struct choices *choices) {
	static const char *const names[] = {"Host", "X-Forwarded-Host", "X-Original-Host"};
	const struct message *message = search->input->message;
	struct span bare = url->authority;
	add(choices->authorities, &choices->authority_count, AUTHORITIES_MOST, url->authority);
	for (size_t i = 0; i < 3; i++) {
		add(choices->authorities, &choices->authority_count, AUTHORITIES_MOST,
			message_header_value(message, names[i]));
	}
	bare.len = span_find(bare, ':');
	add(choices->authorities, &choices->authority_count, AUTHORITIES_MOST, bare);
}

static void find_paths(
	struct search *search, const struct request_url *url, struct choices *choices) {
	struct span path = url->path, rest = path;
	struct buffer slash = {0};
	add(choices->paths, &choices->path_count, PATHS_MOST, path);
	bool has = path.len > 1 && path.data[path.len - 1] == '/';
	buffer_append(&slash, path.data, path.len - has);
	buffer_append_text(&slash, has ? "" : "/");
	add(choices->paths, &choices->path_count, PATHS_MOST, kept(search, &slash));
	buffer_clear(&slash);
	/* "/e/NAME/rest": where a relay hands on only the rest */
	for (int cut = 0; cut < 2 && rest.len > 0; cut++) {
		rest = span_after(rest, 1);
		rest = span_after(rest, span_find(rest, '/'));
		add(choices->paths, &choices->path_count, PATHS_MOST, rest);
	}
	add(choices->paths, &choices->path_count, PATHS_MOST,
		message_header_value(search->input->message, "X-Forwarded-Uri"));
}

static void find_choices(
	struct search *search, const struct request_url *url, struct choices *choices) {
	bool secure = span_is(url->scheme, "https");
	choices->schemes[0] = url->scheme;
	choices->schemes[1] = span_text(secure ? "http" : "https");
	find_authorities(search, url, choices);
	find_paths(search, url, choices);
	choices->queries[choices->query_count++] = url->query;
	if (url->query.data) {
		choices->queries[choices->query_count++] = (struct span){0};
	}
}

/* A target in absolute form is the URL, whatever the settings are. */
static bool try_url(
	struct search *search, const struct request_url *url, const struct request_url *own) {
	struct buffer text = {0}, expected = {0};
	struct message *message = arena_zero(&search->arena, 1, sizeof *message);
	request_url_append(&text, url, URL_PORT_AS_IS);
	request_url_append(&expected, own, URL_PORT_AS_IS);
	*message = *search->input->message;
	message->target = buffer_span(&text);
	bool found = search_try(search, &(struct change){EXPLAIN_URL, NULL, message},
		"it is signed for another URL: right for %.120s, where %.120s is expected",
		buffer_text(&text), buffer_text(&expected));
	buffer_clear(&text);
	buffer_clear(&expected);
	return found;
}

static bool try_parts(struct search *search, const struct choices *choices,
	const struct request_url *own, struct request_url url) {
	for (size_t path = 0; path < choices->path_count; path++) {
		for (size_t query = 0; query < choices->query_count; query++) {
			url.path = choices->paths[path];
			url.query = choices->queries[query];
			if (try_url(search, &url, own)) {
				return true;
			}
		}
	}
	return false;
}

bool explain_urls(struct search *search) {
	const char *setting = keyring_parameter(search->keyring, REQUEST_URL_PARAMETER);
	if (!search_has_keys(search) || !signs_url(search->input->provider)) {
		return false;
	}
	struct request_url own = request_url_of(search->input->message, setting), url = own;
	struct choices choices = {0};
	search_note(search, "other URLs");
	find_choices(search, &own, &choices);
	for (size_t i = 0; i < choices.authority_count; i++) {
		for (size_t scheme = 0; scheme < 2; scheme++) {
			url.authority = choices.authorities[i];
			url.scheme = choices.schemes[scheme];
			if (try_parts(search, &choices, &own, url)) {
				return true;
			}
		}
	}
	return false;
}
