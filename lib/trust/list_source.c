/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/list_source.h"

#include "base/file.h"
#include "trust/held_list.h"
#include "trust/yaml_list.h"

static enum deed_status read_yaml(const struct list_source *src,
				  struct trust_list **out,
				  struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status s;

	if (src->file_count != 1 || src->pivot_count > 0 ||
	    src->signers->count > 0)
		return deed_error_set(err, DEED_USAGE,
				      "a list in YAML is one file, without "
				      "signers and pivots: who signs it is the "
				      "office");
	s = file_read(src->files[0], YAML_LIST_MAX, &text, err);
	if (s == DEED_OK)
		s = yaml_list_read(buf_get(&text), src->files[0], out, err);
	buf_clear(&text);
	if (s == DEED_OK && src->at != TRUST_NO_TIME)
		s = held_list_current(*out, src->at, err);
	if (s != DEED_OK) {
		trust_list_free(*out);
		*out = NULL;
	}
	return s;
}

static enum deed_status read_ts119612(const struct list_source *src,
				      struct deed_error *err)
{
	if (src->signers->count == 0)
		return deed_error_set(err, DEED_USAGE,
				      "a European list is signed: whose "
				      "signature counts is to be named");
	return deed_error_set(err, DEED_UNSUPPORTED,
			      "lists of ETSI TS 119 612 are not read yet");
}

enum deed_status list_source_read(const struct list_source *src,
				  struct trust_list **out,
				  struct deed_error *err)
{
	*out = NULL;
	switch (src->kind) {
	case TRUST_LIST_TS119612:
		return read_ts119612(src, err);
	default:
		return read_yaml(src, out, err);
	}
}
