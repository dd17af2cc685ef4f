/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_ENROLL_ENROLL_H
#define DEED_CMD_ENROLL_ENROLL_H

#include "base/file.h"
#include "base/secret.h"
#include "cmd/frame/command.h"
#include "codec/yaml.h"
#include "office/party/enroll.h"
#include "office/party/outside.h"
#include "office/party/party.h"

/* What "enroll person" and "enroll org" share: all but the kind. */
struct enroll_args {
	const char *from;
	const char *name, *phone, *email, *id;
	int kind; /* of an organisation; an index into enroll_kinds */
	int key, deposit_key;
	const char *csr, *csr_out, *certificate;
	const char *passphrase;
	const char *token, *token_module, *pin;
	const char *pkcs12, *anchors, *import_passphrase;
	const char *name_in_certificate;
};

/* "enterprise", "institution" */
extern const char *const enroll_kinds[];
extern const char *const enroll_keys[];
extern const char *const enroll_deposit_keys[];

/* The rows of both tables. */
#define ENROLL_OPTIONS                                                         \
	{ OPTION_TEXT(struct enroll_args, from), .name = "from",               \
	  .argument = "FILE", .complete = COMPLETE_FILE,                       \
	  .help = "read name, phone, email, id and kind from a YAML file, "    \
		  "or - for standard input" },                                 \
		{ OPTION_TEXT(struct enroll_args, name), .name = "name",       \
		  .argument = "NAME", .help = "the real name" },               \
		{ OPTION_TEXT(struct enroll_args, phone), .name = "phone",     \
		  .argument = "NUMBER",                                        \
		  .help = "phone number, with + and country code" },           \
		{ OPTION_TEXT(struct enroll_args, email), .name = "email",     \
		  .argument = "ADDRESS", .help = "e-mail address" },           \
		{ OPTION_TEXT(struct enroll_args, id), .name = "id",           \
		  .argument = "KIND:NUMBER",                                   \
		  .help = "identity number, such as cn-ric:..." },             \
		{ OPTION_CHOICE(struct enroll_args, key),                      \
		  .name = "key",                                               \
		  .words = enroll_keys,                                        \
		  .initial = "p256",                                           \
		  .config = true,                                              \
		  .help = "kind of signature key to make" },                   \
		{ OPTION_CHOICE(struct enroll_args, deposit_key),              \
		  .name = "deposit-key",                                       \
		  .words = enroll_deposit_keys,                                \
		  .initial = "p256",                                           \
		  .config = true,                                              \
		  .help = "kind of deposit key to make" },                     \
		{ OPTION_TEXT(struct enroll_args, csr), .name = "csr",         \
		  .argument = "FILE", .complete = COMPLETE_FILE,               \
		  .help = "the signature key is elsewhere; this is its "       \
			  "certification request (PKCS#10)" },                 \
		{ OPTION_TEXT(struct enroll_args, csr_out),                    \
		  .name = "csr-out",                                           \
		  .excludes = "csr",                                           \
		  .argument = "FILE",                                          \
		  .complete = COMPLETE_FILE,                                   \
		  .help = "write a certification request for another CA" },    \
		{ OPTION_TEXT(struct enroll_args, certificate),                \
		  .name = "certificate", .argument = "FILE",                   \
		  .complete = COMPLETE_FILE,                                   \
		  .help = "the certificate that the other CA gave" },          \
		{ OPTION_TEXT(struct enroll_args, pkcs12), .name = "pkcs12",   \
		  .argument = "FILE", .complete = COMPLETE_FILE,               \
		  .help = "the signature key and its certificate are in this " \
			  "file (PKCS#12)" },                                  \
		{ OPTION_TEXT(struct enroll_args, anchors),                    \
		  .name = "anchors",                                           \
		  .needs = "certificate pkcs12",                               \
		  .argument = "FILE",                                          \
		  .complete = COMPLETE_FILE,                                   \
		  .help = "the certificates of CAs that the certificate must " \
			  "lead to, and their CRLs" },                         \
		{ OPTION_TEXT(struct enroll_args, name_in_certificate),        \
		  .name = "name-in-certificate", .argument = "TEXT",           \
		  .needs = "certificate pkcs12",                               \
		  .help = "what the certificate calls the party, where that "  \
			  "is not the real name" },                            \
		{ OPTION_PASSPHRASE(struct enroll_args, import_passphrase),    \
		  .name = "import-passphrase",                                 \
		  .help = "opens the file of --pkcs12" },                      \
		{ OPTION_PASSPHRASE(struct enroll_args, passphrase),           \
		  .name = "passphrase", .config = true,                        \
		  .help = "protects the party's keys" },                       \
		{ OPTION_TEXT(struct enroll_args, token), .name = "token",     \
		  .excludes = "csr", .argument = "KEY",                        \
		  .help = "the signature key is on a token: its pkcs11: URI "  \
			  "or its label" },                                    \
		{ OPTION_TEXT(struct enroll_args, token_module),               \
		  .name = "token-module",                                      \
		  .argument = "FILE",                                          \
		  .config = true,                                              \
		  .complete = COMPLETE_FILE,                                   \
		  .help = "the PKCS#11 module that speaks to the token" },     \
	{                                                                      \
		OPTION_PASSPHRASE(struct enroll_args, pin),                    \
			.name = "pin",                                         \
			.help = "where the token's PIN comes from"             \
	}

/* The form of a YAML file, for what is NULL; *yaml holds its strings. */
enum deed_status enroll_read_form(const char *from, struct yaml_node **yaml,
				  struct enroll_form *form,
				  struct deed_error *err) DEED_MUST_USE;

/* A file, or standard input for "-". */
enum deed_status enroll_read_operand(const char *path, size_t max,
				     struct buf *out,
				     struct deed_error *err) DEED_MUST_USE;

/* What opens the signature key of the party that is the first operand: its
 * passphrase, and with pin_source the PIN of its token. */
enum deed_status enroll_ask(struct session *s, const char *passphrase_source,
			    const char *pin_source, struct secret **passphrase,
			    struct secret **pin,
			    struct deed_error *err) DEED_MUST_USE;

/* A certification request as a PEM file; fine if that has it already. */
enum deed_status enroll_write_request(const char *path, const struct buf *der,
				      enum outfile_mode mode,
				      struct deed_error *err) DEED_MUST_USE;

/* What is good of another CA's certificate, and still to be known. */
void enroll_tell(struct session *s, const struct outside_verdict *v);

enum deed_status enroll_run(struct session *s, const struct enroll_args *a,
			    bool organisation,
			    struct deed_error *err) DEED_MUST_USE;

#endif
