/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/xml.h"

#include "codec/unpack_job.h"

/* In a file of its own: a fuzz target puts the helper's work in its place. */
enum deed_status xml_read(struct slice document, const char *name,
			  const struct xml_handler *handler, void *arg,
			  struct deed_error *err)
{
	struct process *p = NULL;
	enum deed_status status;

	if (document.len > XML_MAX_SIZE)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s' is larger than %u bytes", name,
				      XML_MAX_SIZE);
	status = unpack_job_start(UNPACK_XML, document, &p, err);
	if (status == DEED_OK)
		status = xml_take(process_output(p), handler, arg, err);
	if (status == DEED_MALFORMED || status == DEED_UNSUPPORTED ||
	    status == DEED_LIMIT)
		deed_error_prefix(err, "cannot read '%s'", name);
	process_free(p);
	return status;
}
