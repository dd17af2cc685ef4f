/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_JUDGE_JUDGE_ASIC_PRIVATE_H
#define DEED_JUDGE_JUDGE_ASIC_PRIVATE_H

#include "asic/manifest.h"
#include "asic/names.h"
#include "asic/zip_read.h"
#include "judge/judge.h"

/* What the files judge_asic*.c share. */

/* An ASiCArchiveManifest (EN 319 162-1 A.7) and its time-stamp. */
struct asic_archive {
	const struct zip_entry *entry;
	struct buf xml;
	struct asic_manifest *manifest;
	int64_t time; /* of its time-stamp; 0 where there is none */
};

/* What archive time-stamps are found to say of an entry. */
struct asic_proof {
	bool covered; /* by one that holds, whether or not it is believed */
	bool proven;  /* it existed at this time */
	int64_t time;
};

/* A signature or time-stamp file is read whole. */
#define ASIC_SIGNATURE_MAX (32u << 20)

/* More in one container is a fault. */
#define ASIC_ARCHIVES 64

/* One container while it is judged. */
struct asic_judge {
	const struct zip *zip;
	const char *name;
	const struct judge_params *params; /* with this evidence */
	struct judge_evidence *evidence;
	struct verdict_document *doc;
	bool *covered;			  /* by any manifest, one an entry */
	struct asic_manifest **manifests; /* those that were followed */
	size_t *manifest_first;		  /* the first verdict under each */
	size_t *manifest_end;
	size_t manifest_count;
	struct asic_proof *proofs;     /* one an entry */
	struct asic_digests **digests; /* the same; NULL: not asked for */
	struct asic_archive *archives;
	size_t archive_count;
	unsigned roles[ASIC_ROLE_OTHER + 1];
};

/* Digests of an entry, each taken once: a small container can have many
 * signatures over much content. */
struct asic_digests;

/* Content of an entry as judge_cms and judge_tst ask for it. */
struct asic_entry {
	struct asic_judge *judge;
	const struct zip_entry *entry;
	struct zip_fault fault;
};

enum deed_status asic_entry_digest(void *arg, enum digest_alg alg,
				   uint8_t out[DIGEST_MAX],
				   struct deed_error *err) DEED_MUST_USE;

void asic_digests_clear(struct asic_judge *j);

/* A verdict for a container whose structure is at fault. */
enum deed_status asic_judge_fault(struct asic_judge *j, const char *field,
				  const char *id, const char *message,
				  struct deed_error *err) DEED_MUST_USE;

/* The same and parsed; *m is NULL where it is none, and the verdict added. */
enum deed_status asic_judge_manifest(struct asic_judge *j,
				     const struct zip_entry *entry,
				     struct buf *xml, struct asic_manifest **m,
				     struct deed_error *err) DEED_MUST_USE;

/* Judge the signature or time-stamp file over content. */
enum deed_status asic_judge_over(struct asic_judge *j,
				 const struct zip_entry *entry,
				 const struct cms_content *content,
				 struct deed_error *err) DEED_MUST_USE;

/* Hold the files of a manifest against it; the verdicts from first on hear. */
enum deed_status asic_judge_references(struct asic_judge *j,
				       const struct asic_manifest *m,
				       size_t first,
				       struct deed_error *err) DEED_MUST_USE;

/* Judge what the manifests name, but archive manifests: of a simple container
 * time-stamps alone. */
enum deed_status asic_judge_manifests(struct asic_judge *j,
				      struct deed_error *err) DEED_MUST_USE;

/* How many of the manifests that were followed name a signature file? */
size_t asic_judge_named(const struct asic_judge *j, const char *name);

/* Tell the verdicts under manifests which files they leave out. */
void asic_judge_coverage(struct asic_judge *j);

/*
 * A container that cannot be read as one thing.  Where it shows a signature
 * that is a verdict on it; XAdES is DEED_UNSUPPORTED, and all else no format
 * of deed's.
 */
enum deed_status asic_judge_broken(struct asic_judge *j, int fd,
				   const struct zip_fault *fault,
				   struct deed_error *err) DEED_MUST_USE;

/* DEED_UNSUPPORTED, and why. */
enum deed_status asic_refuse_xades(const char *name,
				   struct deed_error *err) DEED_MUST_USE;

/* ASiC-S: judge all but the archive manifests. */
enum deed_status asic_judge_simple(struct asic_judge *j,
				   struct deed_error *err) DEED_MUST_USE;

/* Does an archive manifest name this time-stamp? */
bool asic_judge_archived(const struct asic_judge *j, const char *name);

/* Judge all archive manifests, the newest first, and add what they prove.
 * Their verdicts come first; the caller moves them. */
enum deed_status asic_judge_archives(struct asic_judge *j,
				     struct deed_error *err) DEED_MUST_USE;
void asic_judge_archives_clear(struct asic_judge *j);

#endif
