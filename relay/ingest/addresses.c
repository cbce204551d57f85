#include "relay/ingest/addresses.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/alloc.h"

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static struct address of_v4(const struct sockaddr_in *peer, char text[PEER_TEXT_LEN]) {
	struct address address = {{0}};
	char host[INET_ADDRSTRLEN];
	inet_ntop(AF_INET, &peer->sin_addr, host, sizeof host);
	snprintf(text, PEER_TEXT_LEN, "%s:%u", host, ntohs(peer->sin_port));
	memcpy(address.bytes, mapped, sizeof mapped);
	memcpy(address.bytes + sizeof mapped, &peer->sin_addr, 4);
	return address;
}

static struct address of_v6(const struct sockaddr_in6 *peer, char text[PEER_TEXT_LEN]) {
	if (memcmp(&peer->sin6_addr, mapped, sizeof mapped) == 0) {
		struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = peer->sin6_port};
		memcpy(&v4.sin_addr, (const uint8_t *)&peer->sin6_addr + sizeof mapped, 4);
		return of_v4(&v4, text);
	}
	struct address address = {{0}};
	char host[INET6_ADDRSTRLEN];
	inet_ntop(AF_INET6, &peer->sin6_addr, host, sizeof host);
	snprintf(text, PEER_TEXT_LEN, "[%s]:%u", host, ntohs(peer->sin6_port));
	bool loopback = IN6_IS_ADDR_LOOPBACK(&peer->sin6_addr);
	memcpy(address.bytes, &peer->sin6_addr, loopback ? 16 : 8);
	return address;
}

struct address address_of(const struct sockaddr *peer, char text[PEER_TEXT_LEN]) {
	if (peer->sa_family == AF_INET) {
		return of_v4((const struct sockaddr_in *)(const void *)peer, text);
	}
	if (peer->sa_family == AF_INET6) {
		return of_v6((const struct sockaddr_in6 *)(const void *)peer, text);
	}
	snprintf(text, PEER_TEXT_LEN, "unknown");
	return (struct address){{0}};
}

bool address_is_loopback(const struct address *address) {
	static const uint8_t v6[16] = {[15] = 1};
	return (memcmp(address->bytes, mapped, sizeof mapped) == 0 && address->bytes[12] == 127) ||
	       memcmp(address->bytes, v6, sizeof v6) == 0;
}

struct place {
	struct address address;
	size_t count; /* 0: free */
};

/* Open addressing, at most half full, with a power of two of places. */
struct addresses {
	struct place *places;
	size_t mask;
	size_t used, most;
	uint64_t seed;
};

struct addresses *addresses_new(size_t most, uint64_t seed) {
	struct addresses *addresses = alloc_zero(1, sizeof *addresses);
	size_t places = 16;
	while (places < most * 2) {
		places *= 2;
	}
	addresses->places = alloc_zero(places, sizeof *addresses->places);
	addresses->mask = places - 1;
	addresses->most = most;
	addresses->seed = seed;
	return addresses;
}

void addresses_free(struct addresses *addresses) {
	if (addresses) {
		free(addresses->places);
		free(addresses);
	}
}

static uint64_t mix(uint64_t value) {
	value ^= value >> 32;
	value *= UINT64_C(0xd6e8feb86659fd93);
	value ^= value >> 32;
	value *= UINT64_C(0xd6e8feb86659fd93);
	return value ^ (value >> 32);
}

static size_t home_of(const struct addresses *addresses, const struct address *address) {
	uint64_t words[2];
	memcpy(words, address->bytes, sizeof words);
	return (size_t)mix(mix(words[0] ^ addresses->seed) ^ words[1]) & addresses->mask;
}

/* The place of an address, or the free one where it belongs. */
static size_t find(const struct addresses *addresses, const struct address *address) {
	size_t at = home_of(addresses, address);
	while (addresses->places[at].count > 0 &&
		   memcmp(&addresses->places[at].address, address, sizeof *address) != 0) {
		at = (at + 1) & addresses->mask;
	}
	return at;
}

size_t addresses_enter(struct addresses *addresses, const struct address *address) {
	struct place *place = &addresses->places[find(addresses, address)];
	if (place->count == 0) {
		if (addresses->used == addresses->most) {
			return 0;
		}
		place->address = *address;
		addresses->used++;
	}
	return ++place->count;
}

/* Moves the places behind a freed one up, so that no search stops too early. */
static void close_gap(struct addresses *addresses, size_t gap) {
	size_t at = gap;
	for (;;) {
		at = (at + 1) & addresses->mask;
		if (addresses->places[at].count == 0) {
			return;
		}
		size_t home = home_of(addresses, &addresses->places[at].address);
		if (((at - home) & addresses->mask) >= ((at - gap) & addresses->mask)) {
			addresses->places[gap] = addresses->places[at];
			addresses->places[at].count = 0;
			gap = at;
		}
	}
}

void addresses_leave(struct addresses *addresses, const struct address *address) {
	size_t at = find(addresses, address);
	if (addresses->places[at].count > 0 && --addresses->places[at].count == 0) {
		addresses->used--;
		close_gap(addresses, at);
	}
}
