/* SPDX-License-Identifier: Apache-2.0 */

/*
 * raw_deposit LIST FOLDER BOX MANIFEST: what deposits cost at the least.  Each
 * file that LIST names, one a line, is read, hashed with SHA-256, encrypted
 * with AES-256-GCM, agreed upon with two P-256 keys (a fresh key each), signed
 * for with P-256, and written: into five folders of its own below FOLDER/1 to
 * FOLDER/5 a file of BOX bytes, and later one of MANIFEST bytes.  A hundred
 * share the syncs that deed makes: each of the five places before the
 * manifests and after them, and 28 small files and folders.  Nothing can be
 * read back of it; it prints nothing: whoever calls it measures it.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>
#include <nettle/ecdsa.h>

#define DOCUMENT_MAX (1 << 20)
#define GROUP 100
#define PLACES 5
#define PARTIES 2
#define SMALL 28 /* files and folders of log, drop box, catalogue */

static uint8_t document[DOCUMENT_MAX], sealed[DOCUMENT_MAX + 16];
static char folder[GROUP][64]; /* within a place */

static void must(int good, const char *what)
{
	if (!good) {
		fprintf(stderr, "raw_deposit: %s\n", what);
		exit(1);
	}
}

static void draw(void *ctx, size_t length, uint8_t *out)
{
	(void)ctx;
	must(gnutls_rnd(GNUTLS_RND_KEY, out, length) == 0, "random");
}

static void encrypt(size_t len)
{
	uint8_t key[32], nonce[12];
	gnutls_datum_t k = { key, sizeof(key) };
	gnutls_aead_cipher_hd_t h;
	size_t out = sizeof(sealed);

	draw(NULL, sizeof(key), key);
	draw(NULL, sizeof(nonce), nonce);
	must(gnutls_aead_cipher_init(&h, GNUTLS_CIPHER_AES_256_GCM, &k) == 0 &&
		     gnutls_aead_cipher_encrypt(h, nonce, sizeof(nonce), NULL,
						0, 16, document, len, sealed,
						&out) == 0,
	     "AES-256-GCM");
	gnutls_aead_cipher_deinit(h);
}

/* A fresh key, and what it has in common with the party's. */
static void agree(const struct ecc_point *party)
{
	const struct ecc_curve *curve = nettle_get_secp_256r1();
	struct ecc_point own, common;
	struct ecc_scalar secret;

	ecc_point_init(&own, curve);
	ecc_point_init(&common, curve);
	ecc_scalar_init(&secret, curve);
	ecdsa_generate_keypair(&own, &secret, NULL, draw);
	ecc_point_mul(&common, &secret, party);
	ecc_scalar_clear(&secret);
	ecc_point_clear(&own);
	ecc_point_clear(&common);
}

static void sign(gnutls_privkey_t key, const uint8_t digest[32])
{
	gnutls_datum_t hash = { (void *)(uintptr_t)digest, 32 };
	gnutls_datum_t signature = { NULL, 0 };

	must(gnutls_privkey_sign_hash2(key, GNUTLS_SIGN_ECDSA_SHA256, 0, &hash,
				       &signature) == 0,
	     "signing");
	gnutls_free(signature.data);
}

static void write_file(const char *path, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	must(fd >= 0 && write(fd, sealed, len) == (ssize_t)len &&
		     close(fd) == 0,
	     path);
}

static void make_dir(const char *path)
{
	(void)mkdir(path, 0700);
}

/* In each place, FOLDER/P/AB/ABCD.../NAME. */
static void write_all(const char *base, const char *own, const char *name,
		      size_t len, int fresh)
{
	char path[4096];
	int i;

	for (i = 1; i <= PLACES; i++) {
		if (fresh) {
			snprintf(path, sizeof(path), "%s/%d/%.2s", base, i,
				 own);
			make_dir(path);
			snprintf(path, sizeof(path), "%s/%d/%.2s/%s", base, i,
				 own, own);
			make_dir(path);
		}
		snprintf(path, sizeof(path), "%s/%d/%.2s/%s/%s-%s%s", base, i,
			 own, own, name, own, own);
		write_file(path, len);
	}
}

static void sync_places(const char *base)
{
	char path[4096];
	int i, fd;

	for (i = 1; i <= PLACES; i++) {
		snprintf(path, sizeof(path), "%s/%d", base, i);
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		must(fd >= 0 && syncfs(fd) == 0, path);
		close(fd);
	}
}

static void sync_small(const char *base)
{
	char path[4096];
	int i, fd;

	for (i = 0; i < SMALL; i++) {
		snprintf(path, sizeof(path), "%s/small%d", base, i);
		fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		must(fd >= 0 && pwrite(fd, sealed, 1024, 0) == 1024 &&
			     fsync(fd) == 0,
		     path);
		close(fd);
	}
}

static void read_document(const char *path, uint8_t digest[32], size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, document, sizeof(document));

	must(got >= 0, path);
	close(fd);
	*len = (size_t)got;
	must(gnutls_hash_fast(GNUTLS_DIG_SHA256, document, *len, digest) == 0,
	     "SHA-256");
}

static void finish_group(const char *base, size_t count, size_t manifest,
			 gnutls_privkey_t key)
{
	uint8_t digest[32] = { 0 };
	size_t i;

	sync_places(base);
	for (i = 0; i < count; i++) {
		sign(key, digest);
		write_all(base, folder[i], "manifest-1", manifest, 0);
	}
	sync_places(base);
	sync_small(base);
}

static void name_folder(char out[64])
{
	uint8_t name[16];
	size_t i;

	draw(NULL, sizeof(name), name);
	for (i = 0; i < sizeof(name); i++)
		snprintf(out + 2 * i, 3, "%02x", name[i]);
}

int main(int argc, char **argv)
{
	struct ecc_point party;
	struct ecc_scalar secret;
	gnutls_privkey_t key;
	char line[4096], path[4096];
	uint8_t digest[32];
	size_t len, count = 0, box, manifest;
	FILE *list;
	int i;

	must(argc == 5, "LIST FOLDER BOX MANIFEST");
	box = (size_t)atol(argv[3]);
	manifest = (size_t)atol(argv[4]);
	must(box < sizeof(sealed) && manifest < sizeof(sealed), "sizes");
	list = fopen(argv[1], "re");
	must(list != NULL, argv[1]);
	ecc_point_init(&party, nettle_get_secp_256r1());
	ecc_scalar_init(&secret, nettle_get_secp_256r1());
	ecdsa_generate_keypair(&party, &secret, NULL, draw);
	must(gnutls_privkey_init(&key) == 0 &&
		     gnutls_privkey_generate(key, GNUTLS_PK_ECDSA, 256, 0) == 0,
	     "a key");
	make_dir(argv[2]);
	for (i = 1; i <= PLACES; i++) {
		snprintf(path, sizeof(path), "%s/%d", argv[2], i);
		make_dir(path);
	}
	while (fgets(line, sizeof(line), list) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		read_document(line, digest, &len);
		encrypt(len);
		for (i = 0; i < PARTIES; i++)
			agree(&party);
		name_folder(folder[count]);
		write_all(argv[2], folder[count], "box", box, 1);
		if (++count == GROUP) {
			finish_group(argv[2], count, manifest, key);
			count = 0;
		}
	}
	if (count > 0)
		finish_group(argv[2], count, manifest, key);
	gnutls_privkey_deinit(key);
	ecc_scalar_clear(&secret);
	ecc_point_clear(&party);
	fclose(list);
	return 0;
}
