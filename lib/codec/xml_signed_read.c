/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/xml_signed.h"

#include "codec/unpack_job.h"
#include "codec/xml.h"

/* In a file of its own: a fuzz target puts the helper's work in its place. */
enum deed_status xml_signed_read(struct slice document, const char *name,
				 struct xml_signed *out, struct deed_error *err)
{
	struct process *p = NULL;
	enum deed_status status;

	*out = (struct xml_signed){ 0 };
	if (document.len > XML_MAX_SIZE)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s' is larger than %u bytes", name,
				      XML_MAX_SIZE);
	status = unpack_job_start(UNPACK_XML_SIGNED, document, &p, err);
	if (status == DEED_OK)
		status = xml_signed_take(process_output(p), out, err);
	if (status == DEED_MALFORMED || status == DEED_UNSUPPORTED ||
	    status == DEED_LIMIT)
		deed_error_prefix(err, "cannot read '%s'", name);
	else if (status != DEED_OK)
		deed_error_prefix(err, "'%s'", name);
	process_free(p);
	return status;
}
