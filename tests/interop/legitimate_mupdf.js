// SPDX-License-Identifier: Apache-2.0
// For mutool run: IN OUT: fills the form of the first page, saves an update.
var doc = new PDFDocument(scriptArgs[0]);
var widgets = doc.loadPage(0).getWidgets();
var READ_ONLY = 1, seen = 0;

for (var i = 0; i < widgets.length; i++) {
	var widget = widgets[i], type = widget.getFieldType();
	if (widget.getFieldFlags() & READ_ONLY)
		continue;
	if (type === 'text')
		widget.setTextValue(String(i + 2));
	if (type === 'combobox')
		widget.setChoiceValue('large');
	if (type === 'checkbox' || (type === 'radiobutton' && seen++ === 1))
		widget.toggle();
	widget.update();
}
doc.save(scriptArgs[1], 'incremental');
