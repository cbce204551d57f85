#include "relay/fetch.h"

#include <curl/curl.h>

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

static void set_options(
	CURL *curl, const char *url, const struct fetch_options *options, struct fetching *fetching) {
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)FETCH_TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, (long)fetching->most);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "hookline-relay/" HOOKLINE_VERSION);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, fetching);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, fetching);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	if (options->authorities) {
		curl_easy_setopt(curl, CURLOPT_CAINFO, options->authorities);
	}
}

static struct curl_slist *connect_elsewhere(CURL *curl, const struct fetch_options *options) {
	struct curl_slist *elsewhere = NULL;
	if (options->at) {
		struct buffer to = {0};
		buffer_printf(&to, "::%s", options->at);
		elsewhere = curl_slist_append(NULL, buffer_text(&to));
		curl_easy_setopt(curl, CURLOPT_CONNECT_TO, elsewhere);
		curl_easy_setopt(curl, CURLOPT_PROXY, "");
		buffer_clear(&to);
	}
	return elsewhere;
}

bool fetch_https(const char *url, const struct fetch_options *options, size_t most,
	atomic_bool *ending, struct buffer *body, struct error *err) {
	struct fetching fetching = {most, ending, body};
	CURL *curl = curl_easy_init();
	if (!curl) {
		return error_set(err, ERROR_IO, "libcurl does not start");
	}
	set_options(curl, url, options, &fetching);
	struct curl_slist *elsewhere = connect_elsewhere(curl, options);
	CURLcode code = curl_easy_perform(curl);
	long status = 0;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	bool ok = code == CURLE_OK && status >= 200 && status < 300;
	if (code != CURLE_OK) {
		error_set(err, ERROR_IO, "%s", curl_easy_strerror(code));
	} else if (!ok) {
		error_set(err, ERROR_IO, "it answered %ld", status);
	}
	curl_slist_free_all(elsewhere);
	curl_easy_cleanup(curl);
	return ok;
}
