/*
 * libcurl, loaded when something is fetched for the first time: with the thirty libraries it brings along, loading it takes
 * a third of the start, and most relays never fetch anything.
 */
#pragma once

#include <curl/curl.h>
#include <stdbool.h>

#include "common/error.h"

/* Its calls by the names libcurl(3) describes them under. */
struct libcurl {
	__typeof__(curl_easy_init) *easy_init;
	__typeof__(curl_easy_setopt) *easy_setopt;
	__typeof__(curl_easy_perform) *easy_perform;
	__typeof__(curl_easy_getinfo) *easy_getinfo;
	__typeof__(curl_easy_strerror) *easy_strerror;
	__typeof__(curl_easy_cleanup) *easy_cleanup;
	__typeof__(curl_slist_append) *slist_append;
	__typeof__(curl_slist_free_all) *slist_free_all;
	__typeof__(curl_global_init) *global_init;
	__typeof__(curl_global_cleanup) *global_cleanup;
	void *library;
};

/* Loads and starts it. False: it is not there, or does not start; `err` says what to do. */
bool libcurl_load(struct libcurl *curl, struct error *err);
/* Allowed on one that was not loaded. */
void libcurl_unload(struct libcurl *curl);
