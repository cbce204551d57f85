#include "relay/fetch.h"

#include <stdlib.h>
#include <uv.h>

#include "common/alloc.h"
#include "relay/libcurl.h"

struct fetcher {
	uv_mutex_t mutex; /* guards `loaded`, and that it is loaded once */
	bool loaded;
	struct libcurl curl;
};

/* What curl's calls are given. */
struct fetching {
	size_t most;
	atomic_bool *ending;
	struct buffer *body;
};

static size_t on_data(char *data, size_t size, size_t count, void *user) {
	struct fetching *fetching = user;
	size_t len = size * count;
	if (fetching->body->len + len > fetching->most) {
		return 0; /* curl takes that for an error */
	}
	buffer_append(fetching->body, data, len);
	return len;
}

static int on_progress(
	void *user, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up_now) {
	struct fetching *fetching = user;
	(void)total, (void)now, (void)up_total, (void)up_now;
	return atomic_load(fetching->ending); /* not 0: give up */
}

static void set_options(const struct libcurl *curl, CURL *easy, const char *url,
	const struct fetch_options *options, struct fetching *fetching) {
	curl->easy_setopt(easy, CURLOPT_URL, url);
	curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
	curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl->easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl->easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
	curl->easy_setopt(easy, CURLOPT_TIMEOUT, (long)FETCH_TIMEOUT_S);
	curl->easy_setopt(easy, CURLOPT_MAXFILESIZE, (long)fetching->most);
	curl->easy_setopt(easy, CURLOPT_USERAGENT, "hookline-relay/" HOOKLINE_VERSION);
	curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_data);
	curl->easy_setopt(easy, CURLOPT_WRITEDATA, fetching);
	curl->easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl->easy_setopt(easy, CURLOPT_XFERINFODATA, fetching);
	curl->easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	if (options->authorities) {
		curl->easy_setopt(easy, CURLOPT_CAINFO, options->authorities);
	}
}

static struct curl_slist *connect_elsewhere(
	const struct libcurl *curl, CURL *easy, const struct fetch_options *options) {
	struct curl_slist *elsewhere = NULL;
	if (options->at) {
		struct buffer to = {0};
		buffer_printf(&to, "::%s", options->at);
		elsewhere = curl->slist_append(NULL, buffer_text(&to));
		curl->easy_setopt(easy, CURLOPT_CONNECT_TO, elsewhere);
		curl->easy_setopt(easy, CURLOPT_PROXY, "");
		buffer_clear(&to);
	}
	return elsewhere;
}

static bool load(struct fetcher *fetcher, struct error *err) {
	uv_mutex_lock(&fetcher->mutex);
	fetcher->loaded = fetcher->loaded || libcurl_load(&fetcher->curl, err);
	bool loaded = fetcher->loaded;
	uv_mutex_unlock(&fetcher->mutex);
	return loaded;
}

static bool is_answered(const struct libcurl *curl, CURL *easy, CURLcode code, struct error *err) {
	long status = 0;
	curl->easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	if (code != CURLE_OK) {
		return error_set(err, ERROR_IO, "%s", curl->easy_strerror(code));
	}
	return (status >= 200 && status < 300) || error_set(err, ERROR_IO, "it answered %ld", status);
}

bool fetch_https(const char *url, const struct fetch_options *options, size_t most,
	atomic_bool *ending, struct buffer *body, struct error *err) {
	struct fetching fetching = {most, ending, body};
	const struct libcurl *curl = &options->fetcher->curl;
	if (!load(options->fetcher, err)) {
		return false;
	}
	CURL *easy = curl->easy_init();
	if (!easy) {
		return error_set(err, ERROR_IO, "libcurl has no memory");
	}
	set_options(curl, easy, url, options, &fetching);
	struct curl_slist *elsewhere = connect_elsewhere(curl, easy, options);
	bool ok = is_answered(curl, easy, curl->easy_perform(easy), err);
	curl->slist_free_all(elsewhere);
	curl->easy_cleanup(easy);
	return ok;
}

struct fetcher *fetcher_new(void) {
	struct fetcher *fetcher = alloc_zero(1, sizeof *fetcher);
	uv_mutex_init(&fetcher->mutex);
	return fetcher;
}

void fetcher_free(struct fetcher *fetcher) {
	if (fetcher) {
		libcurl_unload(&fetcher->curl);
		uv_mutex_destroy(&fetcher->mutex);
		free(fetcher);
	}
}
