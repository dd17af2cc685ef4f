# SPDX-License-Identifier: Apache-2.0
"""Which places of a file a verdict names as changed."""
from pdf_file import Ref

LARGE = 0.25  # of a page, beyond which a new box is a doubt by itself


def geometry(doc):
    found = []
    for _, page in doc.pages():
        media = [float(doc.get(x)) for x in doc.get(page['MediaBox'])]
        crop = [float(doc.get(x)) for x in
                doc.get(page.get('CropBox', media))]
        found.append({'crop': [min(crop[0], crop[2]), min(crop[1], crop[3]),
                               max(crop[0], crop[2]), max(crop[1], crop[3])],
                      'rotate': int(doc.get(page.get('Rotate', 0)) or 0)})
    return found


def widgets(doc):
    """Widgets on pages: reference to (page from 1, box, dictionary)."""
    found = {}
    for i, (_, page) in enumerate(doc.pages()):
        for ref in doc.get(page.get('Annots')) or []:
            node = doc.get(ref)
            if isinstance(node, dict) and node.get('Subtype') == 'Widget' and \
                    isinstance(ref, Ref):
                try:
                    r = [float(doc.get(x)) for x in doc.get(node['Rect'])]
                    found[ref] = (i + 1, [min(r[0], r[2]), min(r[1], r[3]),
                                          max(r[0], r[2]), max(r[1], r[3])],
                                  node)
                except (KeyError, TypeError, ValueError, IndexError):
                    pass
    return found


def by_the_file(before, after):
    """What a report without "boxes" would have to name at least: the widgets
    of fields that were filled or signed since.  Goes when every report names
    its boxes."""
    old, new = widgets(before), widgets(after)
    form = before.get(before.root.get('AcroForm')) or {}
    computed = before.get(form.get('CO')) or []
    values = {ref: field.get('V') for _, ref, field in before.fields()}
    for _, ref, field in after.fields():
        if ref not in new:
            continue
        page, box, node = new[ref]
        signed = field.get('FT') == 'Sig' and isinstance(
            after.get(field.get('V')), dict) and not isinstance(
                before.get(values.get(ref)), dict)
        filled = ref in old and field.get('FT') != 'Sig' and (
            field.get('V') != values.get(ref)) and (
                not int(field.get('Ff') or 0) & 1 or ref in computed)
        if signed or filled:
            yield page, box


def places(signature, before, after, shape):
    """(page, box, kind) for a signature of the report: kind is "stood" for a
    field that was there when it was signed, "new" for what must hide nothing,
    "large" for what is new and larger than goes without a doubt."""
    named = signature.get('boxes')
    if named is None:
        named = [{'page': p, 'box': b} for p, b in by_the_file(before, after)]
    stood = [(p, b) for p, b, _ in widgets(before).values()]
    found = []
    for one in named:
        page, box = one.get('page'), one.get('box')
        if not page or not box or page > len(shape):
            continue
        kind = 'large' if too_large(box, shape[page - 1]['crop']) else 'new'
        if any(p == page and all(abs(m - n) < 1.5 for m, n in zip(b, box))
               for p, b in stood):
            kind = 'stood'
        found.append((page, box, kind))
    return found


def too_large(box, page):
    area = max(0, box[2] - box[0]) * max(0, box[3] - box[1])
    return area > LARGE * (page[2] - page[0]) * (page[3] - page[1]) + 1

