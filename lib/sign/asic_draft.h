/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_ASIC_DRAFT_H
#define DEED_SIGN_ASIC_DRAFT_H

#include "asic/manifest.h"
#include "asic/names.h"
#include "asic/zip_write.h"
#include "sign/asic.h"

/*
 * A container that becomes another one: entries that are kept, replaced or
 * renamed, and new ones behind them.  Nothing is written before
 * asic_draft_write.  Of no use to anyone but asic_extend.c, asic_archive.c and
 * asic_cosign.c.
 */
#define ASIC_DRAFT_ADDED 4
#define ASIC_DRAFT_FILE (32u << 20) /* octets of a file that is changed */

struct asic_draft_entry {
	const struct zip_entry *entry; /* NULL: new */
	char *name;
	bool replaced; /* by bytes; always for a new one */
	struct buf bytes;
};

struct asic_draft {
	struct zip *zip;
	struct asic_draft_entry *entries;
	size_t count;
};

/* source->fd stays open until asic_draft_close, which is called always.  A
 * container that two readers could read differently is DEED_MALFORMED. */
enum deed_status asic_draft_open(const struct asic_source *source,
				 struct asic_draft *out,
				 struct deed_error *err) DEED_MUST_USE;
void asic_draft_close(struct asic_draft *d);

/* How many entries have this role. */
size_t asic_draft_count(const struct asic_draft *d, enum asic_role role);

/* The entry of that name, or NULL. */
struct asic_draft_entry *asic_draft_find(struct asic_draft *d,
					 const char *name);

/* The content as it is now, appended; at most ASIC_DRAFT_FILE octets. */
enum deed_status asic_draft_read(const struct asic_draft *d,
				 const struct asic_draft_entry *e,
				 struct buf *out,
				 struct deed_error *err) DEED_MUST_USE;

/* Its SHA-256, whatever its size. */
enum deed_status asic_draft_digest(const struct asic_draft *d,
				   const struct asic_draft_entry *e,
				   uint8_t out[SHA256_SIZE],
				   struct deed_error *err) DEED_MUST_USE;

/* Take bytes over as the content; bytes is empty afterwards. */
void asic_draft_replace(struct asic_draft_entry *e, struct buf *bytes);
enum deed_status asic_draft_rename(struct asic_draft_entry *e, const char *name,
				   struct deed_error *err) DEED_MUST_USE;
enum deed_status asic_draft_add(struct asic_draft *d, const char *name,
				struct buf *bytes,
				struct deed_error *err) DEED_MUST_USE;

/* The first of "before001after", "before002after", … that is free. */
enum deed_status asic_draft_name(struct asic_draft *d, const char *before,
				 const char *after, char **out,
				 struct deed_error *err) DEED_MUST_USE;

/* A manifest for a signature of that name, without references; freed by
 * asic_manifest_free.  room is how many it may get. */
enum deed_status asic_draft_manifest(const char *signature, size_t room,
				     struct asic_manifest **out,
				     struct deed_error *err) DEED_MUST_USE;

/* Add a reference to an entry. */
enum deed_status asic_draft_refer(const struct asic_draft *d,
				  const struct asic_draft_entry *e,
				  bool rootfile, struct asic_manifest *m,
				  struct deed_error *err) DEED_MUST_USE;

enum deed_status asic_draft_write(struct asic_draft *d, int64_t time,
				  const struct zip_sink *sink,
				  struct deed_error *err) DEED_MUST_USE;

/* In asic.c: the signature over a manifest's octets, raised to B-LT at most
 * where augment is not NULL.  cms is empty before. */
enum deed_status asic_sign_manifest(const struct cades_params *signer,
				    const struct augment_params *augment,
				    struct slice xml, struct buf *cms,
				    struct deed_error *err) DEED_MUST_USE;

#endif
