/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_field.h"

#include "sign/pades_client.h"
#include "sign/pades_priv.h"

enum deed_status pades_field_add(struct parser *p, const struct pdf_input *in,
				 const struct pades_field_spec *spec,
				 pades_write_fn *write, void *arg,
				 struct deed_error *err)
{
	struct buf order = BUF_INIT;
	enum deed_status status;

	pades_field_spec_write(spec, &order);
	status = buf_status(&order, err);
	if (status == DEED_OK)
		status = pades_client_update(p, PADES_CLIENT_FIELD_ADD, in,
					     buf_get(&order), write, arg, err);
	buf_clear(&order);
	if (status == DEED_NOT_FOUND)
		deed_error_prefix(err, "'%s'", pdf_input_name(in));
	return pades_name_input(in, status, err);
}

enum deed_status pades_field_list(struct parser *p, const struct pdf_input *in,
				  struct pades_fields *out,
				  struct deed_error *err)
{
	struct buf answer = BUF_INIT;
	enum deed_status status;

	memset(out, 0, sizeof(*out));
	status = pades_client_ask(p, PADES_CLIENT_FIELD_LIST, in, SLICE_NONE,
				  &answer, err);
	if (status == DEED_OK)
		status = parser_nonsense(
			pades_fields_read(buf_get(&answer), out, err),
			pdf_input_name(in), err);
	buf_clear(&answer);
	return pades_name_input(in, status, err);
}
