/* Requests of providers and the answers they want; part of test_handshake_answers.c. */
#pragma once

static const struct story stories[] = {
	{"slack", NULL, NULL, NULL, "POST /e/slack/",
		"{\"token\":\"T\",\"challenge\":\"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P\","
		"\"type\":\"url_verification\"}",
		VERDICT_UNVERIFIED, 200, "application/json", NULL,
		"{\"challenge\":\"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P\"}",
		"slack url_verification answered"},
};
