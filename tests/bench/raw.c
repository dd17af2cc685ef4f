/* SPDX-License-Identifier: Apache-2.0 */

/*
 * raw FILE: the machine's raw limits, in one line a name and a number:
 *
 *	sha256_us	reading FILE and hashing it, microseconds of CPU
 *	copy_us		reading FILE and writing it beside itself
 *	gcm_us		encrypting as many bytes with AES-256-GCM
 *	sign_us		one signature with P-256, by the library alone
 *	verify_us	one verification
 *	rsa_sign_us	one signature with RSA-2048
 *	rsa_verify_us	one verification
 *	file_us		reading a file of 20 KiB, writing one of 24 KiB beside
 *			its place and renaming it; one sync for many
 *
 * raw --batch LIST FOLDER TAIL: the files that LIST names, one a line, each
 * read, hashed with SHA-256, signed with P-256 by GnuTLS, written with TAIL
 * bytes behind into FOLDER and renamed there; as durable as deed's, by one
 * sync of the file system and one of the folder for 500 files.  It prints
 * nothing: whoever calls it measures it.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

#define WINDOW (1 << 20)
#define ROUNDS 2000
#define FILES 1000

static uint8_t window[WINDOW];

static void must(int good, const char *what)
{
	if (!good) {
		fprintf(stderr, "raw: %s\n", what);
		exit(1);
	}
}

static double cpu_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static void hash_file(const char *path)
{
	double start = cpu_us();
	gnutls_hash_hd_t h;
	uint8_t digest[32];
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	must(fd >= 0 && gnutls_hash_init(&h, GNUTLS_DIG_SHA256) == 0, path);
	while ((got = read(fd, window, sizeof(window))) > 0)
		gnutls_hash(h, window, (size_t)got);
	gnutls_hash_deinit(h, digest);
	close(fd);
	printf("sha256_us %.0f\n", cpu_us() - start);
}

static void copy_file(const char *path)
{
	double start = cpu_us();
	char name[4096];
	ssize_t got;
	int in = open(path, O_RDONLY | O_CLOEXEC), out;

	snprintf(name, sizeof(name), "%s.copy", path);
	out = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	must(in >= 0 && out >= 0, name);
	while ((got = read(in, window, sizeof(window))) > 0)
		must(write(out, window, (size_t)got) == got, name);
	close(in);
	close(out);
	unlink(name);
	printf("copy_us %.0f\n", cpu_us() - start);
}

static void encrypt(uint64_t size)
{
	static uint8_t key[32], nonce[12], out[WINDOW + 16];
	gnutls_datum_t k = { key, sizeof(key) };
	gnutls_aead_cipher_hd_t h;
	double start = cpu_us();
	uint64_t done;
	size_t len;

	must(gnutls_aead_cipher_init(&h, GNUTLS_CIPHER_AES_256_GCM, &k) == 0,
	     "AES-256-GCM");
	for (done = 0; done < size; done += WINDOW) {
		len = sizeof(out);
		must(gnutls_aead_cipher_encrypt(h, nonce, sizeof(nonce), NULL,
						0, 16, window, sizeof(window),
						out, &len) == 0,
		     "AES-256-GCM");
	}
	gnutls_aead_cipher_deinit(h);
	printf("gcm_us %.0f\n", cpu_us() - start);
}

static void sign(const char *prefix, gnutls_pk_algorithm_t kind, unsigned bits,
		 gnutls_sign_algorithm_t algorithm, int rounds)
{
	const gnutls_datum_t hash = { window, 32 };
	gnutls_datum_t signature = { NULL, 0 };
	gnutls_privkey_t key;
	gnutls_pubkey_t pub;
	double start;
	int i;

	must(gnutls_privkey_init(&key) == 0 && gnutls_pubkey_init(&pub) == 0 &&
		     gnutls_privkey_generate(key, kind, bits, 0) == 0 &&
		     gnutls_pubkey_import_privkey(pub, key, 0, 0) == 0,
	     "a key");
	start = cpu_us();
	for (i = 0; i < rounds; i++) {
		gnutls_free(signature.data);
		must(gnutls_privkey_sign_hash2(key, algorithm, 0, &hash,
					       &signature) == 0,
		     "signing");
	}
	printf("%ssign_us %.1f\n", prefix, (cpu_us() - start) / rounds);
	start = cpu_us();
	for (i = 0; i < ROUNDS; i++)
		must(gnutls_pubkey_verify_hash2(pub, algorithm, 0, &hash,
						&signature) >= 0,
		     "verifying");
	printf("%sverify_us %.1f\n", prefix, (cpu_us() - start) / ROUNDS);
	gnutls_free(signature.data);
	gnutls_privkey_deinit(key);
	gnutls_pubkey_deinit(pub);
}

/* What a document costs that is neither read nor signed. */
static void files(void)
{
	char name[64], target[64];
	double start;
	int dir, fd, i;

	must(mkdir("raw.files", 0700) == 0, "raw.files");
	dir = open("raw.files", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "%d.pdf", i);
		fd = openat(dir, name, O_WRONLY | O_CREAT, 0600);
		must(fd >= 0 && write(fd, window, 20480) == 20480, name);
		close(fd);
	}
	start = cpu_us();
	for (i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "%d.pdf", i);
		fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
		must(fd >= 0 && read(fd, window, 20480) == 20480, name);
		close(fd);
		snprintf(name, sizeof(name), ".%d.signed.pdf.deed-01234567", i);
		fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL, 0600);
		must(fd >= 0 && write(fd, window, 24576) == 24576, name);
		close(fd);
	}
	must(syncfs(dir) == 0, "syncfs");
	for (i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), ".%d.signed.pdf.deed-01234567", i);
		snprintf(target, sizeof(target), "%d.signed.pdf", i);
		must(renameat(dir, name, dir, target) == 0, target);
	}
	must(fsync(dir) == 0, "fsync");
	printf("file_us %.1f\n", (cpu_us() - start) / FILES);
	close(dir);
}

/* ---- the bare program ---- */

#define GROUP 500
#define NAME 4096

static char names[GROUP][NAME];

struct bare {
	gnutls_privkey_t key;
	int folder;
	size_t tail, waiting;
};

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static void finish_group(struct bare *b)
{
	char temporary[NAME + 8];
	size_t i;

	if (b->waiting == 0)
		return;
	must(syncfs(b->folder) == 0, "syncfs");
	for (i = 0; i < b->waiting; i++) {
		snprintf(temporary, sizeof(temporary), ".%s.new", names[i]);
		must(renameat(b->folder, temporary, b->folder, names[i]) == 0,
		     names[i]);
	}
	must(fsync(b->folder) == 0, "fsync");
	b->waiting = 0;
}

static void sign_file(struct bare *b, const char *path)
{
	gnutls_datum_t signature = { NULL, 0 }, digest;
	char temporary[NAME + 8];
	uint8_t hash[32];
	struct stat st;
	size_t size;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	must(fd >= 0 && fstat(fd, &st) == 0 &&
		     (size_t)st.st_size + b->tail <= sizeof(window),
	     path);
	size = (size_t)st.st_size;
	must(read(fd, window, size) == (ssize_t)size, path);
	close(fd);
	memset(window + size, '0', b->tail);
	must(gnutls_hash_fast(GNUTLS_DIG_SHA256, window, size + b->tail,
			      hash) == 0,
	     "SHA-256");
	digest.data = hash;
	digest.size = sizeof(hash);
	must(gnutls_privkey_sign_hash2(b->key,
				       GNUTLS_SIGN_ECDSA_SECP256R1_SHA256, 0,
				       &digest, &signature) == 0 &&
		     signature.size <= b->tail,
	     "signing");
	memcpy(window + size, signature.data, signature.size);
	gnutls_free(signature.data);
	snprintf(names[b->waiting], NAME, "%s", base_of(path));
	snprintf(temporary, sizeof(temporary), ".%s.new", names[b->waiting]);
	fd = openat(b->folder, temporary,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	size += b->tail;
	must(fd >= 0 && write(fd, window, size) == (ssize_t)size, temporary);
	close(fd);
	if (++b->waiting == GROUP)
		finish_group(b);
}

static void batch(const char *list, const char *folder, const char *tail)
{
	struct bare b = { .tail = strtoul(tail, NULL, 10) };
	FILE *in = fopen(list, "r");
	char line[NAME];

	b.folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	must(in != NULL && b.folder >= 0, folder);
	must(gnutls_privkey_init(&b.key) == 0 &&
		     gnutls_privkey_generate(
			     b.key, GNUTLS_PK_EC,
			     GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
			     0) == 0,
	     "a key");
	while (fgets(line, sizeof(line), in) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		sign_file(&b, line);
	}
	finish_group(&b);
	fclose(in);
	close(b.folder);
	gnutls_privkey_deinit(b.key);
}

int main(int argc, char *argv[])
{
	struct stat st;

	if (argc == 5 && strcmp(argv[1], "--batch") == 0) {
		batch(argv[2], argv[3], argv[4]);
		return 0;
	}

	must(argc == 2 && stat(argv[1], &st) == 0, "usage: raw FILE");
	hash_file(argv[1]);
	copy_file(argv[1]);
	encrypt((uint64_t)st.st_size);
	sign("", GNUTLS_PK_EC, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
	     GNUTLS_SIGN_ECDSA_SECP256R1_SHA256, ROUNDS);
	sign("rsa_", GNUTLS_PK_RSA, 2048, GNUTLS_SIGN_RSA_SHA256, 200);
	files();
	return 0;
}
